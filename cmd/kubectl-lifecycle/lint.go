package main

import (
	"cmp"
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/lint"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/load"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/rules"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/render"
)

type lintFlags struct {
	input
	formats
	failOn        string
	config        string
	baseline      string
	writeBaseline bool
	fix           string
	info          bool
}

func newLint(g *globals) *cobra.Command {
	f := &lintFlags{}
	cmd := &cobra.Command{
		Use:   "lint (-f FILE | FILE... | DIR/ | TYPE/NAME | TYPE [NAME...])",
		Short: "Find lifecycle mistakes in manifests, at exact lines",
		Long: `Find lifecycle mistakes in manifests: hooks that outlive the grace period,
probes that kill slow starters, rollouts that lose requests, budgets that block
drains. Each finding stands at its line, shows its arithmetic and says what to do.

Exit code 0: nothing at or above --fail-on. 1: findings. 2: input that cannot be read.`,
		Example: `  # In CI: every manifest below deploy/
  kubectl lifecycle lint -R -f deploy/

  # What Helm renders
  helm template chart | kubectl lifecycle lint -f -

  # What runs in the cluster
  kubectl lifecycle lint deploy -n shop`,
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
	f.formats.bind(cmd, "Report")
	fs := cmd.Flags()
	fs.StringVar(&f.failOn, "fail-on", "", "exit with 1 if there are findings at least this bad: info, warning, error or never (default error)")
	fs.BoolVar(&f.info, "info", false, "show findings that are mere advice too")
	fs.StringVar(&f.config, "config", "", "configuration file; default: "+defaultConfig+" if it exists")
	fs.StringVar(&f.baseline, "baseline", "", "file with known findings to be silent about")
	fs.BoolVar(&f.writeBaseline, "write-baseline", false, "write the findings there are to the file of --baseline")
	fs.StringVar(&f.fix, "fix", "", "mend what can be mended safely: diff shows the changes, write makes them")
	fs.Lookup("fix").NoOptDefVal = fixShow
	return cmd
}

type lintPlan struct {
	in     *input
	style  render.Style
	config lint.Config
	failOn analyze.Severity
	fixes  string // "", fixShow or fixWrite
	// baseline is the file to write; "" = none.
	baseline string
}

func (f *lintFlags) plan(g *globals) (lintPlan, error) {
	p := lintPlan{in: &f.input}
	if err := f.check(); err != nil {
		return p, err
	}
	var err error
	if p.style, err = g.style(f.value); err != nil {
		return p, err
	}
	p.style.ShowInfo = p.style.ShowInfo || f.info
	if p.fixes = f.fix; f.fix != "" && f.fix != fixShow && f.fix != fixWrite {
		return p, usagef("--fix=%s: use --fix=diff or --fix=write", f.fix)
	}
	if f.writeBaseline {
		if p.baseline = f.baseline; f.baseline == "" {
			return p, usagef("--write-baseline needs --baseline FILE")
		}
	}
	if p.config, err = f.configuration(rules.All()); err != nil {
		return p, err
	}
	p.in.complete = p.in.complete || p.config.Complete
	if p.failOn, err = parseFailOn(cmp.Or(f.failOn, p.config.FailOn, "error")); err != nil {
		return p, err
	}
	p.style.FailOn = p.failOn.String()
	if p.failOn == analyze.Info { // what decides the exit code is shown
		p.style.ShowInfo = true
	}
	return p, nil
}

func (p lintPlan) run(ctx context.Context, g *globals, args []string) error {
	res, err := g.read(ctx, p.in, load.Lint, args)
	if err != nil {
		return err
	}
	if err := g.noSubject(p.in, res, "Kubernetes object"); err != nil {
		return err
	}
	p.config.Subjects = res.Subjects
	report := lint.Run(res.Snapshot, rules.All(), p.config)
	report.Counts.Files, report.Counts.Documents = res.Files, res.Documents
	report.Errors = append(report.Errors, res.Errors...)
	switch {
	case p.baseline != "":
		err = p.saveBaseline(g, report)
	case p.fixes != "":
		err = p.fix(g, report)
	default:
		err = g.print(func(w io.Writer) error { return render.Report(w, report, p.style) })
	}
	unread := g.unreadable(res.Errors)
	if err != nil {
		return err
	}
	return both(unread, p.verdict(report))
}

func (p lintPlan) verdict(r *analyze.Report) error {
	if p.failOn == analyze.OK {
		return nil
	}
	for _, f := range r.Findings {
		if f.Suppressed == nil && f.Severity >= p.failOn {
			return errFindings
		}
	}
	return nil
}
