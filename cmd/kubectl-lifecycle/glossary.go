package main

import (
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/explain"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/render"
)

func newGlossary(g *globals) *cobra.Command {
	f := &formats{}
	cmd := &cobra.Command{
		Use:   "glossary [TERM]",
		Short: "What a phase, condition, container state, reason, exit code, signal or field means",
		Example: `  kubectl lifecycle glossary CrashLoopBackOff
  kubectl lifecycle glossary 137
  kubectl lifecycle glossary grace period`,
		RunE: func(_ *cobra.Command, args []string) error {
			if err := f.check(); err != nil {
				return err
			}
			st, err := g.style(f.value)
			if err != nil {
				return err
			}
			term := strings.Join(args, " ") // "grace period"
			page := explain.Glossary(term)
			if len(page.Items) == 0 {
				near := explain.GlossaryNear(term)
				if len(near) == 0 {
					near = glossaryTerms(term[:min(5, len(term))])
				}
				return usagef("nothing is known about %q%s", term, didYouMean(near))
			}
			return g.print(func(w io.Writer) error { return render.Glossary(w, page, st) })
		},
		ValidArgsFunction: func(_ *cobra.Command, _ []string, word string) ([]string, cobra.ShellCompDirective) {
			return glossaryTerms(word), cobra.ShellCompDirectiveNoFileComp
		},
	}
	f.bind(cmd, "Glossary")
	return cmd
}

// glossaryTerms are the terms that begin with the prefix, whatever its case.
func glossaryTerms(prefix string) []string {
	var terms []string
	for _, entry := range explain.Glossary("").Items {
		if strings.HasPrefix(strings.ToLower(entry.Term), strings.ToLower(prefix)) {
			terms = append(terms, entry.Term)
		}
	}
	return terms
}
