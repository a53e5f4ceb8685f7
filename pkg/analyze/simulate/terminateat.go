package simulate

import (
	"fmt"
	"math"
	"slices"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// latNext: the sync in which a deletion came ends → the kubelet begins to
// kill. Before 1.36 it waits for the next PLEG relist (K22, K103).
var (
	latNext       = latency{0.05, 0.05, 0.4}
	latNextRelist = latency{0.5, 0.5, 0.6}
)

// createTime is how long before its process starts the kubelet is busy with a
// container: it creates it in the same sync (K110).
const createTime = 0.3

// young is the state of a pod that is stopped while it may still be starting.
type young struct {
	// running has the containers that have a process when the kubelet begins
	// to kill, with when that would end by itself, from the trigger.
	running map[string]analyze.Bounds
	// begins is when the kubelet begins, from the trigger, if a sync holds it up.
	begins *moment
	what   string // that sync, for people
	gaps   []analyze.Gap
}

// A startSync is one sync of the start-up: the containers that it starts, and
// when it is over (K24, K100, K114).
type startSync struct {
	names      []string
	begin, end analyze.Bounds
}

// youngState finds out what is going on at the age of Scenario.At: a sync that
// runs is carried through, with all pulls, starts and postStart hooks in it,
// before the kubelet begins to kill (K24).
func (p *termination) youngState() (*young, error) {
	sc := p.sc
	age := sc.At.Seconds()
	tl, err := Start(p.s, p.o, Scenario{Assumptions: sc.Assumptions, AnyContainer: true})
	if err != nil {
		return nil, fmt.Errorf("cannot tell how far the pod has started: %w", err)
	}
	y := &young{running: map[string]analyze.Bounds{}}
	started, ended, hooks := startMoments(tl)
	syncs := p.startSyncs(started, hooks)
	until := age
	if i := slices.IndexFunc(syncs, func(s startSync) bool { return s.begin.Likely <= age && age < s.end.Likely }); i >= 0 {
		b := moment{b: analyze.Bounds{
			Earliest: positive(syncs[i].end.Earliest - age), Likely: syncs[i].end.Likely - age, Latest: positive(syncs[i].end.Latest - age),
		}}.after(latNext)
		if !GateOn(p.v, GateOnDemandRelist) {
			b = b.after(latNextRelist)
		}
		y.begins, y.what = &b, "starting "+listText(syncs[i].names)
		until = syncs[i].end.Likely
	}
	if err := p.latestRuns(started, ended, until); err != nil {
		return nil, err
	}
	for name, at := range started {
		end, hasEnd := ended[name]
		if at.Likely > until || (hasEnd && end.Likely <= until) {
			continue
		}
		if at.Latest > until && at.Likely <= age {
			y.gaps = append(y.gaps, analyze.Gap{What: "whether " + name + " has started", Why: "its start falls into the same moment as the trigger"})
		}
		if !hasEnd {
			end = analyze.At(analyze.Never)
		}
		y.running[name] = analyze.Bounds{Earliest: end.Earliest - age, Likely: end.Likely - age, Latest: end.Latest - age}
	}
	return y, nil
}

// latestRuns replaces the first start and exit of containers that are started
// again by those of the run that the moment falls into.
func (p *termination) latestRuns(started, ended map[string]analyze.Bounds, until float64) error {
	again := false
	for _, end := range ended {
		again = again || end.Likely < until
	}
	if !again {
		return nil
	}
	tl, err := Restarts(p.s, p.o, Scenario{Assumptions: p.sc.Assumptions, AnyContainer: true, Horizon: seconds(until + 1)})
	if err != nil {
		return fmt.Errorf("cannot tell which containers run by then: %w", err)
	}
	for _, e := range tl.Events {
		switch {
		case e.Type == analyze.ContainerStarted && e.Attempt > 1 && e.At.Likely <= until:
			started[e.Container] = e.At
			delete(ended, e.Container)
		case e.Type == analyze.ContainerExited && e.Attempt > 1 && e.At.Likely >= started[e.Container].Likely && !math.IsInf(e.At.Likely, 1):
			if _, known := ended[e.Container]; !known {
				ended[e.Container] = e.At
			}
		}
	}
	return nil
}

// startMoments picks the first start, exit and postStart end of each container.
func startMoments(tl *analyze.Timeline) (started, ended, hooks map[string]analyze.Bounds) {
	started, ended, hooks = map[string]analyze.Bounds{}, map[string]analyze.Bounds{}, map[string]analyze.Bounds{}
	put := func(m map[string]analyze.Bounds, e analyze.Event) {
		if _, ok := m[e.Container]; !ok && !math.IsInf(e.At.Likely, 1) {
			m[e.Container] = e.At
		}
	}
	for _, e := range tl.Events {
		switch e.Type {
		case analyze.ContainerStarted:
			put(started, e)
		case analyze.ContainerExited:
			put(ended, e)
		case analyze.PostStartFinished:
			put(hooks, e)
		default: // no moment of a process or hook
		}
	}
	return started, ended, hooks
}

// startSyncs groups the starts: one sync for each init container and sidecar,
// one for all app containers; the first also makes the sandbox.
func (p *termination) startSyncs(started, hooks map[string]analyze.Bounds) []startSync {
	var out []startSync
	var apps startSync
	add := func(s *startSync, c analyze.Container) bool {
		at, ok := started[c.Name]
		if !ok {
			return false
		}
		if len(s.names) == 0 {
			s.begin = analyze.Bounds{Earliest: at.Earliest - createTime, Likely: at.Likely - createTime, Latest: at.Latest}
		}
		s.names = append(s.names, c.Name)
		s.end = s.end.Max(at)
		if c.Lifecycle != nil && c.Lifecycle.PostStart != nil {
			hook, ok := hooks[c.Name]
			if !ok {
				hook = analyze.At(analyze.Never) // a hook that never returns holds the sync for ever (K407)
			}
			s.end = s.end.Max(hook)
		}
		return true
	}
	for _, c := range p.t.Containers() {
		switch c.Type {
		case analyze.InitContainer, analyze.SidecarContainer:
			var s startSync
			if add(&s, c) {
				out = append(out, s)
			}
		case analyze.AppContainer:
			add(&apps, c)
		default: // ephemeral containers come later
		}
	}
	if len(apps.names) > 0 {
		out = append(out, apps)
	}
	if len(out) > 0 {
		out[0].begin = analyze.At(0)
	}
	return out
}

// applyAge takes the pod's age into account: which containers run, when the
// kubelet can begin, and which of several deletes it then sees (K15, K24).
func (p *termination) applyAge() error {
	if p.sc.At == nil {
		return nil
	}
	y, err := p.youngState()
	if err != nil {
		return err
	}
	p.young, p.live = y, liveState{finalizers: p.live.finalizers}
	p.gaps = append(p.gaps, y.gaps...)
	if y.begins == nil {
		return nil
	}
	p.begin = later(*y.begins, p.begin)
	for _, then := range p.sc.Then {
		if then.Offset.Seconds() < p.begin.b.Likely && then.Grace < p.grace.kubelet {
			p.grace.kubelet = max(1, then.Grace)
			p.grace.basis, p.grace.path, p.grace.rule, p.grace.why = analyze.Written, nil, "K15", "the later delete comes before the kubelet begins"
		}
	}
	p.gaps = append(p.gaps, analyze.Gap{
		What: "how long the start-up in progress holds the deletion up",
		Why:  fmt.Sprintf("the kubelet is %s and carries that through first (K24)", y.what),
	})
	return nil
}
