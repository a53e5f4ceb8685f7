package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/load"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/simulate"
)

// assumeHelp lists what --assume can say.
func assumeHelp() string {
	var b strings.Builder
	b.WriteString("\n\nWhat --assume can say of a container (CONTAINER.KEY=VALUE; durations may be ranges A..B):\n\n")
	container, defaults := simulate.AssumptionKeys()
	for _, k := range container {
		fmt.Fprintf(&b, "  %-18s  %s\n", k.Name, k.Help)
	}
	b.WriteString("\nand of all (defaults.KEY=VALUE):\n\n")
	for _, k := range defaults {
		fmt.Fprintf(&b, "  %-18s  %s\n", k.Name, k.Help)
	}
	return strings.TrimRight(b.String(), "\n")
}

// completeAssumptions completes CONTAINER.KEY= from the containers that the
// command line is about.
func (f *timelineFlags) completeAssumptions(g *globals, more ...string) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
		words := slices.Clone(more)
		container, defaults := simulate.AssumptionKeys()
		for _, name := range f.containers(cmd, g, args) {
			for _, k := range container {
				words = append(words, name+"."+k.Name+"=\t"+k.Help)
			}
		}
		for _, k := range defaults {
			words = append(words, "defaults."+k.Name+"=\t"+k.Help)
		}
		words = slices.DeleteFunc(words, func(w string) bool { return !strings.HasPrefix(w, word) })
		return words, cobra.ShellCompDirectiveNoSpace | cobra.ShellCompDirectiveNoFileComp
	}
}

// containers are the names that the subjects of a half-written command line
// have; none if they cannot be read, and no noise.
func (f *timelineFlags) containers(cmd *cobra.Command, g *globals, args []string) []string {
	req, err := f.request(g, load.Timeline, args)
	if err != nil {
		return nil
	}
	ctx, stop := context.WithTimeout(cmd.Context(), completionTime)
	defer stop()
	res, err := load.Load(ctx, req)
	if err != nil {
		return nil
	}
	var names []string
	for _, o := range res.Subjects {
		t, ok := analyze.PodTemplateOf(o.API)
		if !ok {
			continue
		}
		for _, c := range t.Containers() {
			if !slices.Contains(names, c.Name) {
				names = append(names, c.Name)
			}
		}
	}
	return names
}
