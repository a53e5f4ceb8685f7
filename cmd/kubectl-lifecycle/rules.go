package main

import (
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/rules"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/render"
)

func newRules(g *globals) *cobra.Command {
	f := &formats{}
	cmd := &cobra.Command{
		Use:     "rules [ID]",
		Aliases: []string{"rule"},
		Short:   "List the lint rules, or tell the story behind one",
		Example: `  kubectl lifecycle rules
  kubectl lifecycle rules KL101`,
		RunE: func(_ *cobra.Command, args []string) error {
			if err := f.check(); err != nil {
				return err
			}
			st, err := g.style(f.value)
			if err != nil {
				return err
			}
			switch len(args) {
			case 0:
				return g.print(func(w io.Writer) error { return render.RuleList(w, rules.All(), st) })
			case 1:
				return g.oneRule(args[0], st)
			}
			return usagef("name one rule, or none")
		},
		ValidArgsFunction: func(_ *cobra.Command, _ []string, word string) ([]string, cobra.ShellCompDirective) {
			return ruleIDs(word), cobra.ShellCompDirectiveNoFileComp
		},
	}
	f.bind(cmd, "RuleList")
	return cmd
}

func (g *globals) oneRule(id string, st render.Style) error {
	for _, r := range rules.All() {
		if strings.EqualFold(r.ID, id) || r.Name == id {
			return g.print(func(w io.Writer) error { return render.Rule(w, r, st) })
		}
	}
	return usagef("there is no rule %q; \"kubectl lifecycle rules\" lists them", id)
}

func ruleIDs(prefix string) []string {
	var ids []string
	for _, r := range rules.All() {
		if strings.HasPrefix(r.ID, strings.ToUpper(prefix)) {
			ids = append(ids, r.ID+"\t"+r.Title)
		}
	}
	return ids
}
