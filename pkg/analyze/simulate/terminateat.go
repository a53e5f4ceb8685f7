package simulate

import (
	"fmt"
	"math"
	"slices"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// latHeard: what a replay leaves out between the API's delete and the kubelet's
// kill, and how much longer a busy node takes over a start-up.
var latHeard = latency{0.02, 0.05, 0.35}

// longHold is from when on a start-up that holds a delete up is worth a word. Seconds.
const longHold = 0.3

// Shares of the replays: from certain on nothing else is expected, below
// seldom a container is left out.
const (
	certain = 0.97
	seldom  = 0.03
)

// setUp is how long a process may need before it listens to its signal. Programs
// with a runtime of their own need longer; recorded: a shell that had not set its
// trap 0.12 s after its start. Seconds.
const setUp = 0.3

// young is the state of a pod that is stopped while it may still be starting.
type young struct {
	// running has the containers that may have a process when the kubelet begins
	// to kill, with when that would end by itself, from the trigger.
	running map[string]analyze.Bounds
	// share of the replays in which it runs then.
	share map[string]float64
	// unlikely are those that do not run then in most replays.
	unlikely map[string]bool
	// begins is when the kubelet begins, from the trigger.
	begins moment
	// fresh are those that have hardly begun when the kubelet begins to kill.
	fresh map[string]bool
	early []earlyExit
	// codes are the exit codes of those that do not run then; a container that
	// never did ends with 137 (K83).
	codes map[string][]int32
	// finished: the pod had ended before.
	finished bool
	gaps     []analyze.Gap
}

// An earlyExit is the end of a container between the trigger and the kubelet's
// begin, while a sync of the start-up is carried through. Moments count from
// the trigger.
type earlyExit struct {
	analyze.Container
	exit   analyze.Bounds
	codes  []int32
	killed bool
	rule   string
	// signal and hook are set where the kubelet stopped it: its postStart hook
	// had failed (K124).
	signal, hook, hookEnd *analyze.Bounds
	share                 float64
}

// youngState finds out what is going on at the age of Scenario.At: a sync that
// runs is carried through, with all pulls, starts and postStart hooks in it,
// before the kubelet begins to kill (K24).
func (p *termination) youngState() (*young, error) {
	plan, err := planStart(p.s, p.o, Scenario{Assumptions: p.sc.Assumptions, AnyContainer: true})
	if err != nil {
		return nil, fmt.Errorf("cannot tell how far the pod has started: %w", err)
	}
	age := p.sc.At.Seconds()
	plan.deleteAt, plan.horizon = &age, age+plan.longestSync()
	f := plan.replayAll(replays)
	if seen, now, _ := plan.observedStarts(p.s); len(seen) > 0 {
		f.agreeing(seen, now)
	}
	y := &young{
		running: map[string]analyze.Bounds{}, share: map[string]float64{}, codes: map[string][]int32{},
		unlikely: map[string]bool{}, fresh: map[string]bool{},
	}
	usual := f.usual()
	y.finished = usual[0].deletion.finished
	var begins []float64
	for _, r := range usual {
		begins = append(begins, r.deletion.begin-age)
	}
	y.begins = moment{b: spreadOf(begins)}.after(latHeard)
	for i := range plan.containers {
		y.look(f.runs, usual, i)
	}
	y.explain(usual[0])
	return y, nil
}

// usual are the replays of the state that most of them are in at the delete:
// which containers run, and which have just ended.
func (f *forecast) usual() []*replay {
	groups, most := map[string][]*replay{}, ""
	for _, r := range f.runs {
		key := fmt.Sprint(r.deletion.finished, math.IsInf(r.deletion.begin, 1))
		for _, c := range r.containers {
			running, early := r.deletion.instanceAt(c)
			key += fmt.Sprint(running != nil, early != nil)
		}
		groups[key] = append(groups[key], r)
		if len(groups[key]) > len(groups[most]) {
			most = key
		}
	}
	return groups[most]
}

// look finds what becomes of one container.
func (y *young) look(all, usual []*replay, i int) {
	runs, ends := 0, [2][]float64{}
	name := all[0].containers[i].Name
	var early []*instance
	var lives []float64
	for _, r := range all {
		running, _ := r.deletion.instanceAt(r.containers[i])
		if running != nil {
			runs++
			ends[0] = append(ends[0], running.exitAt-r.deletion.age)
		}
	}
	for _, r := range usual {
		running, ended := r.deletion.instanceAt(r.containers[i])
		if running == nil {
			code := r.deletion.codeOf(r.containers[i])
			y.codes[name] = union(y.codes[name], []int32{code})
		} else {
			ends[1] = append(ends[1], running.exitAt-r.deletion.age)
			lives = append(lives, r.deletion.begin-running.startAt)
		}
		if ended != nil {
			early = append(early, ended)
		}
	}
	c, age := all[0].containers[i].Container, all[0].deletion.age
	share := float64(runs) / float64(len(all))
	switch {
	case len(early) > 0:
		y.early = append(y.early, earlyExitOf(c, early, age, float64(len(usual))/float64(len(all))))
	case len(ends[1]) > 0:
		y.running[c.Name], y.share[c.Name] = spreadOf(ends[1]), share
		y.fresh[c.Name] = spreadOf(lives).Likely < setUp
	case share >= seldom:
		y.running[c.Name], y.share[c.Name], y.unlikely[c.Name] = spreadOf(ends[0]), share, true
	}
}

func earlyExitOf(c analyze.Container, list []*instance, age, share float64) earlyExit {
	e := earlyExit{Container: c, share: share, killed: list[0].killed, rule: list[0].exitRule}
	collect := func(of func(*instance) float64) *analyze.Bounds {
		var at []float64
		for _, inst := range list {
			if of(inst) > 0 {
				at = append(at, of(inst)-age)
			}
		}
		if len(at) == 0 {
			return nil
		}
		when := spreadOf(at)
		if when.Latest < 0 {
			return nil // before the trigger
		}
		b := moment{b: when}.after(latHeard).bounds()
		if when.Likely < 0 {
			b.Likely = analyze.Never
		}
		return &b
	}
	for _, inst := range list {
		e.codes = union(e.codes, []int32{inst.code})
	}
	e.exit = *collect(func(i *instance) float64 { return i.exitAt })
	e.signal = collect(func(i *instance) float64 { return i.stops.signal })
	e.hook = collect(func(i *instance) float64 { return i.stops.hook })
	e.hookEnd = collect(func(i *instance) float64 { return math.Min(i.stops.hookEnd, i.exitAt) })
	return e
}

// spreadOf is the range of several moments, with the middle one as the likely.
func spreadOf(at []float64) analyze.Bounds {
	slices.Sort(at)
	return analyze.Bounds{Earliest: at[0], Likely: at[len(at)/2], Latest: at[len(at)-1]}
}

// explain says what is open about the moment.
func (y *young) explain(r *replay) {
	if d := r.deletion; d.busy && y.begins.b.Likely > longHold {
		held := d.held
		if math.IsInf(d.begin, 1) {
			held = r.worker.starting
		}
		names := make([]string, 0, len(held))
		for _, c := range held {
			names = append(names, c.Name)
		}
		what := "in the middle of the start-up"
		if len(names) > 0 {
			what = "starting " + listText(names)
		}
		y.gaps = append(y.gaps, analyze.Gap{
			What: "how long the start-up in progress holds the deletion up",
			Why:  fmt.Sprintf("the kubelet is %s and carries that through first (K24)", what),
		})
	}
	for _, c := range r.containers {
		if share, known := y.share[c.Name]; known && share < certain {
			y.gaps = append(y.gaps, analyze.Gap{
				What: "whether " + c.Name + " runs by then",
				Why:  fmt.Sprintf("its start or end falls into the same moment as the trigger (it runs in %.0f%% of the replayed start-ups)", 100*share),
			})
		}
	}
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
	if p.trigger == OnLiveness || p.trigger == OnStartup || p.trigger == OnDeadline {
		y.early, y.finished = nil, false // such a kill is what a sync decides: it waits for none
		return nil
	}
	p.gaps = append(p.gaps, y.gaps...)
	if y.finished {
		p.live.immediate, p.live.why = true, "it has already finished"
		return nil
	}
	p.begin = later(y.begins, p.begin)
	for _, then := range p.sc.Then {
		if then.Offset.Seconds() < p.begin.b.Likely && then.Grace < p.grace.kubelet {
			p.grace.kubelet = max(1, then.Grace)
			p.grace.basis, p.grace.path, p.grace.rule, p.grace.why = analyze.Written, nil, "K15", "the later delete comes before the kubelet begins"
		}
	}
	return nil
}

// mayMissSignal is for a container that the sync under way has only just
// started: as process 1 that does not listen yet, it never gets its signal (K47).
// The bounds leave that out where a script sets its trap before anything else:
// of 200 shells on busy nodes, stopped from 10 ms after their start on, two were
// too late.
func (p *termination) mayMissSignal(m *member) {
	if p.young == nil || !p.young.fresh[m.Name] || m.endless() || m.react.signal == sigKill || !isProcess1(p.t, m.Container) {
		return
	}
	if m.hook != nil && m.hook.takes.Earliest >= setUp {
		return
	}
	if at := m.react.armed; at == nil || at.Latest > 0 {
		m.react.takes.Latest = analyze.Never
	}
	p.gaps = append(p.gaps, analyze.Gap{
		What: fmt.Sprintf("whether %s already listens to SIG%s", m.Name, m.react.signal),
		Why:  "it is stopped moments after its start; a signal that comes before its handler is set is lost, and it then runs until SIGKILL",
	})
}

// doubt says how sure it is that the member runs when the kubelet begins:
// unlikely = in most replays it does not, maybe = in some it does not.
func (p *termination) doubt(m *member) (unlikely, maybe bool) {
	if p.young == nil {
		return false, false
	}
	return p.young.unlikely[m.Name], p.young.share[m.Name] < certain
}

// prolong is the moment until which one has to wait, with one more member to
// wait for.
func (p *termination) prolong(until moment, m *member) moment {
	unlikely, maybe := p.doubt(m)
	out := later(until, m.done)
	if maybe {
		out.b.Earliest, out.less = until.b.Earliest, until.less
	}
	if unlikely {
		out.b.Likely = until.b.Likely
	}
	return out
}

// doubted marks the events of a member that may not run.
func (p *termination) doubted(m *member, events []analyze.Event) []analyze.Event {
	unlikely, maybe := p.doubt(m)
	for i := range events {
		if unlikely {
			events[i].At.Likely = analyze.Never
		}
		if maybe {
			events[i].Note = "only if it runs by then"
		}
	}
	return events
}

// addEarly adds what containers do that end before the kubelet begins.
func (p *termination) addEarly(tl *analyze.Timeline) {
	events := p.earlyEvents()
	tl.Events = append(tl.Events, events...)
	for _, e := range events {
		if e.Type != analyze.ContainerExited {
			continue
		}
		tl.Containers = append(tl.Containers, analyze.LaneInfo{Name: e.Container, Type: string(p.typeOf(e.Container))})
		start, what := analyze.At(0), "running to its own end"
		if e.Rule == "K124" {
			what = "shutting down, as its postStart hook has failed"
		}
		i := slices.IndexFunc(events, func(s analyze.Event) bool { return slices.Contains(e.Because, s.ID) })
		if i >= 0 && !math.IsInf(events[i].At.Likely, 1) {
			start = events[i].At
		}
		tl.Spans = append(tl.Spans, analyze.Span{
			ID: spanID(e.Container, "stopping"), Lane: e.Container, What: what, Kind: analyze.SpanStopping,
			Start: start, End: e.At.Max(start), Basis: e.Basis,
		})
	}
}

func (p *termination) typeOf(name string) analyze.ContainerType {
	for _, c := range p.t.Containers() {
		if c.Name == name {
			return c.Type
		}
	}
	return analyze.AppContainer
}

func (p *termination) earlyExits() []earlyExit {
	if p.young == nil {
		return nil
	}
	return p.young.early
}

// earlyVerdict adds those to the verdict that end before the kubelet begins.
func (p *termination) earlyVerdict(v *analyze.Verdict) {
	gone := analyze.At(0)
	for _, e := range p.earlyExits() {
		if e.killed {
			v.Killed = append(v.Killed, e.Name)
		}
		gone = gone.Max(e.exit)
	}
	if len(p.earlyExits()) > 0 {
		v.ProcessesGone = possible(gone) // of members: later
	}
}

// earlyEvents are those of containers that end before the kubelet begins.
func (p *termination) earlyEvents() []analyze.Event {
	var out []analyze.Event
	for _, e := range p.earlyExits() {
		add := func(kind analyze.EventType, at *analyze.Bounds, rule string, because ...string) *analyze.Event {
			if at == nil {
				return &analyze.Event{}
			}
			out = append(out, analyze.Event{
				ID: eventID(e.Name, kind), Type: kind, Container: e.Name, At: *at, Rule: rule, Basis: analyze.Assumed, Because: because,
			})
			return &out[len(out)-1]
		}
		add(analyze.PreStopStarted, e.hook, "K124")
		add(analyze.PreStopFinished, e.hookEnd, "K36", eventID(e.Name, analyze.PreStopStarted))
		add(analyze.SignalSent, e.signal, "K124").Signal = stopSignalOf(e.Container, p.v)
		exit := add(analyze.ContainerExited, &e.exit, "K48")
		exit.ExitCodes, exit.Killed, exit.Note = e.codes, e.killed, "before the kubelet turns to the deletion"
		if e.rule == "K124" {
			exit.Rule, exit.Note = e.rule, "its postStart hook has failed"
		}
		if e.signal != nil {
			exit.Because = []string{eventID(e.Name, analyze.SignalSent)}
		}
	}
	return out
}
