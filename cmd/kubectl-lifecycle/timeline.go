package main

import (
	"context"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/load"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/simulate"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/render"
)

// An engine answers one question about one subject.
type engine func(*analyze.Snapshot, *analyze.Object, simulate.Scenario) (*analyze.Timeline, error)

// timelineFlags are those of all timeline commands; each command binds the ones
// that mean something for its question.
type timelineFlags struct {
	input
	formats
	assume      []string
	assumptions string
	compare     []string

	grace         int64
	now, force    bool
	on            string
	then          []string
	at            string
	shutdownGrace int64
	evictionGrace int64
	container     string
	horizon       time.Duration
	looksAhead    bool // it has --horizon
}

func newTermination(g *globals) *cobra.Command {
	cmd, f := newTimeline(g, simulate.Terminate)
	cmd.Use = "termination-timeline (TYPE/NAME | -f FILE [TYPE/NAME])"
	cmd.Short = "Draw what happens, second by second, when a pod is deleted"
	cmd.Long = `Draw what happens, second by second, when a pod is deleted: which hook runs how
long, who gets which signal when, who is killed, when traffic stops and when
the pod is gone. The manifest is enough; nothing is deleted.

What the manifest cannot say is assumed, shown as a range and named with the
flag that narrows it (--assume app.stop=5s).` + assumeHelp()
	cmd.Example = `  # A running pod, or the template of a Deployment
  kubectl lifecycle termination-timeline pod/web
  kubectl lifecycle termination-timeline deploy/web --grace-period 10

  # From a manifest, with what you know about the application
  kubectl lifecycle termination-timeline -f web.yaml --assume app.stop=8s

  # What would a longer grace period change?
  kubectl lifecycle termination-timeline -f web.yaml --compare grace=60

  # On a node that runs out of memory
  kubectl lifecycle termination-timeline pod/web --on hard-eviction`
	fs := cmd.Flags()
	fs.Int64Var(&f.grace, "grace-period", -1, "seconds that the delete asks for, as in kubectl delete; negative = the pod's own")
	fs.BoolVar(&f.now, "now", false, "as kubectl delete --now: a grace period of 1 second")
	fs.BoolVar(&f.force, "force", false, "as kubectl delete --force: remove the object at once")
	fs.StringVar(&f.on, "on", simulate.OnDelete, "what ends the pod: "+strings.Join(simulate.Triggers(), ", "))
	fs.StringArrayVar(&f.then, "then", nil, "a further delete with another grace period, GRACE@OFFSET such as 5@2s (repeatable)")
	fs.StringVar(&f.at, "at", "", "it happens this long after the pod was bound to its node, such as 3s; default: long after everything is up")
	fs.Int64Var(&f.shutdownGrace, "shutdown-grace-period", -1, "with --on node-shutdown: seconds that the node's configuration gives the pod's priority group")
	fs.Int64Var(&f.evictionGrace, "eviction-max-grace-period", -1, "with --on soft-eviction: the kubelet's evictionMaxPodGracePeriod in seconds")
	fs.StringVar(&f.container, "container", "", "with --on liveness or startup: the container whose probe fails")
	_ = cmd.RegisterFlagCompletionFunc("on", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return simulate.Triggers(), cobra.ShellCompDirectiveNoFileComp
	})
	return cmd
}

func newStartup(g *globals) *cobra.Command {
	cmd, _ := newTimeline(g, simulate.Start)
	cmd.Use = "startup-timeline (TYPE/NAME | -f FILE [TYPE/NAME])"
	cmd.Short = "Draw what happens until a pod is ready"
	cmd.Long = `Draw what happens from the moment a pod is bound to its node until it is ready:
image pulls, init containers, sidecars, hooks and probes, what made it so long,
and how slow a container may be before a probe kills it.` + assumeHelp()
	cmd.Example = `  kubectl lifecycle startup-timeline deploy/web
  kubectl lifecycle startup-timeline -f web.yaml --assume app.startupAfter=20s..40s --assume app.pull=15s`
	return cmd
}

func newRestart(g *globals) *cobra.Command {
	cmd, f := newTimeline(g, simulate.Restarts)
	cmd.Use = "restart-timeline (TYPE/NAME | -f FILE [TYPE/NAME])"
	cmd.Short = "Draw when a container that ends is started again"
	cmd.Long = `Draw when a container that ends is started again: the back-off between the
attempts, when it reaches its cap, and how much of the time the container is down.` + assumeHelp()
	cmd.Example = `  kubectl lifecycle restart-timeline pod/web
  kubectl lifecycle restart-timeline -f web.yaml --assume app.runs=4s --assume app.exitCode=1`
	bindHorizon(cmd.Flags(), f)
	return cmd
}

func newLife(g *globals) *cobra.Command {
	cmd, f := newTimeline(g, simulate.Life)
	cmd.Use = "timeline (TYPE/NAME | -f FILE [TYPE/NAME])"
	cmd.Short = "Draw a pod's whole life: start, probes and restarts, termination"
	cmd.Example = `  kubectl lifecycle timeline -f web.yaml`
	bindHorizon(cmd.Flags(), f)
	return cmd
}

func bindHorizon(fs *pflag.FlagSet, f *timelineFlags) {
	f.looksAhead = true
	fs.DurationVar(&f.horizon, "horizon", 15*time.Minute, "how far to look ahead")
}

func newTimeline(g *globals, answer engine) (*cobra.Command, *timelineFlags) {
	f := &timelineFlags{grace: -1, shutdownGrace: -1, evictionGrace: -1}
	cmd := &cobra.Command{
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := f.plan(g, answer)
			if err != nil {
				return err
			}
			return p.run(cmd.Context(), g, args)
		},
		ValidArgsFunction: completeSubjects(g),
	}
	f.input.bind(cmd.Flags())
	f.formats.bind(cmd, "Timeline")
	cmd.Flags().StringArrayVar(&f.assume, "assume", nil, "what the manifest cannot say, CONTAINER.KEY=VALUE such as app.stop=5s or app.stop=2s..8s (repeatable)")
	cmd.Flags().StringVar(&f.assumptions, "assumptions", "", "YAML file with assumptions")
	cmd.Flags().StringArrayVar(&f.compare, "compare", nil, "show a second timeline with this change beside the first: grace=60, or any assumption (repeatable)")
	_ = cmd.RegisterFlagCompletionFunc("assume", f.completeAssumptions(g))
	_ = cmd.RegisterFlagCompletionFunc("compare", f.completeAssumptions(g, "grace="))
	return cmd, f
}

type timelinePlan struct {
	in       *input
	style    render.Style
	answer   engine
	scenario simulate.Scenario
	// other is the second scenario of --compare; nil = no comparison.
	other *simulate.Scenario
	label string
}

func (f *timelineFlags) plan(g *globals, answer engine) (timelinePlan, error) {
	p := timelinePlan{in: &f.input, answer: answer}
	if err := f.check(); err != nil {
		return p, err
	}
	var err error
	if p.style, err = g.style(f.value); err != nil {
		return p, err
	}
	if f.looksAhead && f.horizon <= 0 {
		return p, usagef("--horizon %s is not more than 0", f.horizon)
	}
	if p.scenario, err = f.scenario(nil); err != nil {
		return p, err
	}
	if len(f.compare) > 0 {
		other, err := f.scenario(f.compare)
		if err != nil {
			return p, err
		}
		p.other, p.label = &other, strings.Join(f.compare, ", ")
	}
	return p, nil
}

// scenario builds the scenario of the flags, changed by the words of --compare.
func (f *timelineFlags) scenario(changes []string) (simulate.Scenario, error) {
	sc := simulate.Scenario{
		Trigger: f.on, Now: f.now, Force: f.force, Horizon: f.horizon, Container: f.container,
		GracePeriod: orNil(f.grace), ShutdownGrace: orNil(f.shutdownGrace), EvictionMaxGrace: orNil(f.evictionGrace),
	}
	for _, text := range f.then {
		then, err := simulate.ParseThen(text)
		if err != nil {
			return sc, usagef("--then %v", err)
		}
		sc.Then = append(sc.Then, then)
	}
	if f.at != "" {
		at, err := time.ParseDuration(f.at)
		if err != nil || at < 0 {
			return sc, usagef("--at %q is not a duration such as 3s", f.at)
		}
		sc.At = &at
	}
	assume, err := f.change(&sc, changes)
	if err != nil {
		return sc, err
	}
	file, err := readFile(f.assumptions)
	if err != nil {
		return sc, err
	}
	if sc.Assumptions, err = simulate.ParseAssumptions(assume, file, f.assumptions); err != nil {
		return sc, usagef("%v", err)
	}
	if err := sc.Check(); err != nil {
		return sc, usagef("%v", err)
	}
	return sc, nil
}

// change applies "grace=60" to the scenario and returns all assumptions, those
// of --compare last so that they win.
func (f *timelineFlags) change(sc *simulate.Scenario, changes []string) ([]string, error) {
	assume := append([]string(nil), f.assume...)
	for _, c := range changes {
		seconds, isGrace := strings.CutPrefix(c, "grace=")
		if !isGrace {
			assume = append(assume, c)
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSuffix(seconds, "s"), 10, 64)
		if err != nil || n < 0 {
			return nil, usagef("--compare %s: the grace period is a number of seconds", c)
		}
		sc.GracePeriod, sc.Now, sc.Force = &n, false, false
	}
	return assume, nil
}

func orNil(n int64) *int64 {
	if n < 0 {
		return nil
	}
	return &n
}

func (p timelinePlan) run(ctx context.Context, g *globals, args []string) error {
	res, err := g.read(ctx, p.in, load.Timeline, args)
	if err != nil {
		return err
	}
	if err := g.noSubject(p.in, res, "pod or pod template"); err != nil {
		return err
	}
	if err := p.scenario.Assumptions.Check(res.Subjects...); err != nil {
		return usagef("%v", err)
	}
	p.scenario.AnyContainer = len(res.Subjects) > 1
	items, err := p.timelines(res, p.scenario)
	if err != nil {
		return err
	}
	if p.other != nil {
		return p.comparison(g, res, items)
	}
	return g.answer(res.Errors, func(w io.Writer) error { return render.Timelines(w, items, !res.Named, p.style) })
}

func (p timelinePlan) timelines(res *load.Result, sc simulate.Scenario) ([]*analyze.Timeline, error) {
	var items []*analyze.Timeline
	for _, o := range res.Subjects {
		t, err := p.answer(res.Snapshot, o, sc)
		if err != nil {
			return nil, &load.UserError{Message: about(o, err), Cause: err}
		}
		addGaps(t, res.Snapshot, o)
		items = append(items, t)
	}
	addFindings(res, items)
	return items, nil
}

// about names the subject of an error that does not name it yet.
func about(o *analyze.Object, err error) string {
	if text := err.Error(); strings.HasPrefix(text, o.String()) {
		return text
	}
	return o.String() + ": " + err.Error()
}

func (p timelinePlan) comparison(g *globals, res *load.Result, items []*analyze.Timeline) error {
	others, err := p.timelines(res, *p.other)
	if err != nil {
		return err
	}
	var pairs []*analyze.Comparison
	for i, t := range items {
		pairs = append(pairs, analyze.Compare("as it is", t, p.label, others[i]))
	}
	return g.answer(res.Errors, func(w io.Writer) error { return render.Comparisons(w, pairs, !res.Named, p.style) })
}
