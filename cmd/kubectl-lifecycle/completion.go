package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/load"
)

// completionTime bounds what a key press may cost.
const completionTime = 3 * time.Second

// kubectlHelper is what kubectl runs to complete the words of a plugin
// (kubectl/pkg/cmd/plugin_completion.go@v0.37.2). It must stand in PATH under
// the name kubectl_complete-lifecycle.
const kubectlHelper = `#!/bin/sh
# kubectl runs this to complete the words after "kubectl lifecycle".
exec kubectl lifecycle __complete "$@"
`

func setUpCompletion(root *cobra.Command, g *globals) {
	root.InitDefaultCompletionCmd()
	for _, cmd := range root.Commands() {
		if cmd.Name() == "completion" {
			cmd.AddCommand(newKubectlCompletion(g))
			cmd.Args, cmd.RunE = noArgs, func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
		}
	}
	_ = root.RegisterFlagCompletionFunc("namespace", func(cmd *cobra.Command, _ []string, word string) ([]string, cobra.ShellCompDirective) {
		return g.names(cmd.Context(), "namespaces", word), cobra.ShellCompDirectiveNoFileComp
	})
	_ = root.RegisterFlagCompletionFunc("color", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return []string{"auto", "always", "never"}, cobra.ShellCompDirectiveNoFileComp
	})
}

func newKubectlCompletion(g *globals) *cobra.Command {
	return &cobra.Command{
		Use:   "kubectl",
		Short: "Print the helper that lets kubectl complete \"kubectl lifecycle\"",
		Long: `Print the helper that lets kubectl itself complete the words after
"kubectl lifecycle". Write it into a directory of PATH under this very name:`,
		Example: `  kubectl lifecycle completion kubectl > ~/.local/bin/kubectl_complete-lifecycle
  chmod +x ~/.local/bin/kubectl_complete-lifecycle`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			return g.print(func(w io.Writer) error { _, err := io.WriteString(w, kubectlHelper); return err })
		},
	}
}

// completeSubjects completes TYPE, TYPE/NAME and TYPE NAME, as kubectl get does.
func completeSubjects(g *globals) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
		const quiet = cobra.ShellCompDirectiveNoFileComp
		if kind, name, ok := strings.Cut(word, "/"); ok {
			names := g.names(cmd.Context(), kind, name)
			for i, n := range names {
				names[i] = kind + "/" + n
			}
			return names, quiet
		}
		if len(args) > 0 && !strings.Contains(args[0], "/") {
			return g.names(cmd.Context(), args[0], word), quiet
		}
		var types []string
		for _, t := range load.Types() {
			if strings.HasPrefix(t, word) {
				types = append(types, t, t+"/")
			}
		}
		if len(types) == 0 {
			return nil, cobra.ShellCompDirectiveDefault // perhaps a file
		}
		return types, quiet | cobra.ShellCompDirectiveNoSpace
	}
}

// names asks the cluster for the names of one type; whoever cannot reach it
// gets no suggestions and no noise.
func (g *globals) names(ctx context.Context, kind, prefix string) []string {
	ctx, stop := context.WithTimeout(ctx, completionTime)
	defer stop()
	names, err := load.Names(ctx, g.kube, kind, prefix)
	if err != nil {
		cobra.CompDebugln(fmt.Sprintf("names of %s: %v", kind, err), false)
	}
	return names
}
