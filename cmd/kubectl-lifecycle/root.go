package main

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"k8s.io/cli-runtime/pkg/genericclioptions"
	_ "k8s.io/client-go/plugin/pkg/client/auth" // the credential plugins that kubectl has
)

const displayName = "kubectl lifecycle"

// run executes one command line and returns the exit code.
func run(ctx context.Context, e *env, args []string) int {
	root, g := newRoot(e)
	root.SetArgs(args)
	root.SetIn(e.In)
	root.SetOut(e.Out)
	root.SetErr(e.Err)
	cmd, err := root.ExecuteContextC(ctx)
	var usage *usageError
	if errors.As(err, &usage) {
		usage.command = cmd.CommandPath()
		usage.command = strings.Replace(usage.command, root.Name(), displayName, 1)
	}
	return exitCode(err, g.talk())
}

func newRoot(e *env) (*cobra.Command, *globals) {
	g := &globals{env: e, kube: genericclioptions.NewConfigFlags(true).WithWarningPrinter(genericclioptions.IOStreams{In: e.In, Out: e.Out, ErrOut: e.Err})}
	root := &cobra.Command{
		Use:   "kubectl-lifecycle",
		Short: "Explain, simulate and lint the lifecycle of pods",
		Long: `Explain, simulate and lint the lifecycle of pods.

  explain               why is this pod (or workload) as it is, and what happens next
  termination-timeline  what happens, second by second, when this pod is deleted
  startup-timeline      what happens until this pod is ready
  restart-timeline      when is a crashing container tried again
  lint                  which lifecycle mistakes are in these manifests

Every command reads a cluster (TYPE/NAME, with kubectl's own flags) or files
(-f FILE, a directory, or - for standard input). Nothing is ever changed.`,
		Example: `  kubectl lifecycle explain pod/web
  kubectl lifecycle termination-timeline deploy/web --grace-period 10
  kubectl lifecycle lint -f deploy/`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Annotations:   map[string]string{cobra.CommandDisplayNameAnnotation: displayName},
		Args:          cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usagef("unknown command %q%s", args[0], didYouMean(cmd.SuggestionsFor(args[0])))
			}
			return cmd.Help()
		},
		SuggestionsMinimumDistance: 3,
	}
	root.SetFlagErrorFunc(flagError)
	g.bind(root.PersistentFlags())
	root.AddCommand(
		newExplain(g), newTermination(g), newStartup(g), newRestart(g), newLife(g),
		newLint(g), newRules(g), newGlossary(g), newSnapshot(g), newSchema(g), newVersion(g), newOptions(g),
	)
	setUpHelp(root)
	setUpCompletion(root, g)
	return root, g
}

// flagError says what a flag takes, where the parser only says what it could not parse.
func flagError(_ *cobra.Command, err error) error {
	var bad *pflag.InvalidValueError
	if !errors.As(err, &bad) {
		return &usageError{message: err.Error()}
	}
	form := map[string]string{
		"int": "a whole number", "int64": "a whole number", "bool": "true or false", "duration": "a duration such as 15m",
	}[bad.GetFlag().Value.Type()]
	if form == "" {
		return &usageError{message: err.Error()}
	}
	return usagef("--%s %q is not %s", bad.GetFlag().Name, bad.GetValue(), form)
}

func didYouMean(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(names, " or ") + "?"
}
