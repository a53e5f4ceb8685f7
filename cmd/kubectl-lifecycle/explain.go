package main

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/load"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/explain"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/render"
)

type explainFlags struct {
	input
	formats
	failOn string
	logs   int
}

func newExplain(g *globals) *cobra.Command {
	f := &explainFlags{}
	cmd := &cobra.Command{
		Use:   "explain (TYPE/NAME | TYPE [NAME...] | -f FILE [TYPE/NAME])",
		Short: "Explain why a pod or workload is as it is, and what happens next",
		Long: `Explain why a pod or the workload above it is in its phase, condition or
container state: the cause first, with its evidence, whose it is, what happens
next and when, and what can be done.

With -A, or for a namespace without a subject, everything that is not well is
summed up, grouped by cause.`,
		Example: `  # Why is this pod not ready?
  kubectl lifecycle explain pod/web-7d4b9c-k8x2p -n shop

  # A Deployment, through its worst pods
  kubectl lifecycle explain deploy/web

  # A recorded cluster, no server needed
  kubectl get deploy,rs,pods,events,nodes -o yaml > shop.yaml
  kubectl lifecycle explain -f shop.yaml deploy/web

  # All that is not well, for a script
  kubectl lifecycle explain -A --fail-on error -o json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := f.plan(g)
			if err != nil {
				return err
			}
			return p.run(cmd.Context(), g, args)
		},
		ValidArgsFunction: completeSubjects(g),
	}
	f.input.bind(cmd.Flags())
	f.formats.bind(cmd, "Explanation")
	cmd.Flags().StringVar(&f.failOn, "fail-on", "", "exit with 1 if anything explained is at least this bad: info, warning or error")
	cmd.Flags().IntVar(&f.logs, "logs", 0, "show so many last lines of the log of a failing container (needs the right to get pods/log)")
	return cmd
}

type explainPlan struct {
	in     *input
	style  render.Style
	failOn analyze.Severity // 0 = never
	logs   int              // lines of log to show; 0 = none
}

func (f *explainFlags) plan(g *globals) (explainPlan, error) {
	p := explainPlan{in: &f.input, logs: f.logs}
	if f.logs < 0 {
		return p, usagef("--logs %d: use a number of lines", f.logs)
	}
	if err := f.check(); err != nil {
		return p, err
	}
	var err error
	if p.style, err = g.style(f.value); err != nil {
		return p, err
	}
	p.failOn, err = parseFailOn(f.failOn)
	return p, err
}

func parseFailOn(word string) (analyze.Severity, error) {
	if word == "" || word == "never" {
		return analyze.OK, nil
	}
	s, err := analyze.ParseSeverity(word)
	if err != nil || s == analyze.OK {
		return s, usagef("--fail-on %q: use info, warning, error or never", word)
	}
	return s, nil
}

func (p explainPlan) run(ctx context.Context, g *globals, args []string) error {
	res, err := g.read(ctx, p.in, load.Explain, args)
	if err != nil {
		return err
	}
	if p.in.allNamespaces && !res.Named || res.FromCluster && len(args) == 0 && p.in.selector == "" {
		return p.summarize(g, res)
	}
	if err := g.noSubject(p.in, res, "pod or workload to explain"); err != nil {
		return err
	}
	var items []*explain.Explanation
	worst := analyze.OK
	for _, o := range res.Subjects {
		x, err := p.explain(ctx, g, res, o)
		if err != nil {
			return err
		}
		items = append(items, x)
		worst = max(worst, x.Severity)
	}
	err = g.answer(res.Errors, func(w io.Writer) error { return render.Explanations(w, items, !res.Named, p.style) })
	return both(err, p.verdict(worst))
}

func (p explainPlan) verdict(worst analyze.Severity) error {
	if p.failOn != analyze.OK && worst >= p.failOn {
		return errFindings
	}
	return nil
}

func (p explainPlan) summarize(g *globals, res *load.Result) error {
	sum := explain.Summarize(res.Snapshot, res.Subjects, explain.Options{})
	if p.logs > 0 {
		sum.Gaps = append([]analyze.Gap{noLogs("a summary shows no logs; name a pod or a workload")}, sum.Gaps...)
	}
	err := g.answer(res.Errors, func(w io.Writer) error { return render.Summary(w, sum, p.style) })
	return both(err, p.verdict(sum.Severity))
}
