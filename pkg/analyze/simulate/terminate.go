package simulate

import (
	"fmt"
	"math"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// Terminate forecasts what happens when the pod (or a pod of the template) is
// told to go. Moments are seconds from the trigger. The Kubernetes version is
// the snapshot's. An error means that the question makes no sense for this
// object; its text is final.
func Terminate(s *analyze.Snapshot, o *analyze.Object, sc Scenario) (*analyze.Timeline, error) {
	if err := sc.Check(); err != nil {
		return nil, err
	}
	if tl, ok := notDecoded(s, o, analyze.Termination); ok {
		tl.Trigger = analyze.Trigger{Type: sc.trigger()}
		return tl, nil
	}
	p, err := newTermination(s, o, sc)
	if err != nil {
		return nil, err
	}
	for _, m := range p.members {
		m.react, m.hook = p.reactionOf(m), p.hookOf(m)
		p.mayMissSignal(m)
	}
	p.simulate()
	return p.timeline(), nil
}

// A termination is one forecast in the making.
type termination struct {
	s    *analyze.Snapshot
	o    *analyze.Object
	t    analyze.PodTemplate
	pod  *corev1.Pod // nil for a template
	sc   Scenario
	v    analyze.Version
	live liveState
	// young is set when the trigger comes at a given age.
	young *young

	grace   grace
	trigger string
	// allEnd: by their scripts all app containers end by themselves.
	allEnd bool
	// stuck is the init container at which the start-up hangs; nil = none.
	stuck         *analyze.Container
	stuckCrashing bool
	// wholePod is false when only one container is killed, by its probe.
	wholePod bool
	members  []*member
	// begin is when the kubelet begins to kill, from time 0.
	begin moment
	// done is when the last container has stopped, from begin; removed is when
	// the object is gone, from time 0, or nil when it stays.
	done    moment
	removed *moment

	reactions map[string]reaction
	gaps      []analyze.Gap
	assumed   []analyze.Assumption
}

// A member is a container that the kubelet stops.
type member struct {
	analyze.Container
	// lane is its place in the spec: apps first, then sidecars in the order of their start.
	lane  int
	grace grace
	hook  *hook
	react reaction
	// starts is when its hook starts, from begin; hookEnds when it would end by itself.
	starts, hookEnds moment
	stopOutput
	hooked bool // its hook runs
	// ownCodes are those of an end of its own, without any signal.
	ownCodes   []int32
	endsItself bool // in.itself may come first
	// waitsFor names the containers whose end its signal waits for (K50).
	waitsFor []string
	// lastOf is the one of waitsFor that ends last.
	lastOf *member
}

func newTermination(s *analyze.Snapshot, o *analyze.Object, sc Scenario) (*termination, error) {
	t, ok := analyze.PodTemplateOf(o.API)
	if !ok {
		return nil, fmt.Errorf("%s is no pod and makes none", o.Ref)
	}
	if !sc.AnyContainer {
		if err := sc.Assumptions.Check(o); err != nil {
			return nil, err
		}
	}
	p := &termination{s: s, o: o, t: t, sc: sc, v: s.Version, trigger: sc.trigger(), wholePod: true, reactions: map[string]reaction{}}
	p.pod, _ = o.API.(*corev1.Pod)
	p.live = liveStateOf(o, p.pod)
	p.grace = graceOf(t, sc, p.v)
	if p.live.terminating && !sc.byKubelet() {
		p.grace = p.live.grace(p.grace)
		p.askAgain()
	}
	p.begin = exactly(0).after(latAct)
	if sc.byKubelet() {
		p.begin = exactly(0).after(latActLocal)
	}
	if err := p.applyAge(); err != nil {
		return nil, err
	}
	return p, p.choose()
}

// choose picks the containers that are stopped, each with its grace period.
func (p *termination) choose() error {
	if p.trigger == OnLiveness || p.trigger == OnStartup {
		return p.chooseProbed()
	}
	if p.young == nil && !p.live.recorded {
		p.findStuck()
		p.allEnd = p.allEnded(true)
		if p.stuck == nil && p.allEnded(false) {
			p.live.immediate, p.live.why = true, "all its containers have ended"
		}
	}
	for _, c := range p.lanes() {
		if p.runs(c) {
			p.add(c, p.grace)
		}
	}
	return nil
}

// allEnded says that every app container has ended for good: the pod is
// finished. What only scripts tell does not count for a whole pod: the
// question is then about the time while it runs.
func (p *termination) allEnded(script bool) bool {
	apps := 0
	for _, c := range p.lanes() {
		if c.Type != analyze.AppContainer {
			continue
		}
		if _, ended := p.endedBefore(c, script); !ended {
			return false
		}
		apps++
	}
	return apps > 0
}

// endless says that the stop signal does not make it end.
func (m *member) endless() bool { return math.IsInf(m.react.takes.Likely, 1) || m.react.deaf }

func (p *termination) add(c analyze.Container, g grace) {
	p.members = append(p.members, &member{Container: c, lane: len(p.members), grace: g})
}

// lanes are the containers in the order of the picture: regular init
// containers, app containers, sidecars, ephemeral ones.
func (p *termination) lanes() []analyze.Container {
	var out []analyze.Container
	for _, kind := range []analyze.ContainerType{
		analyze.InitContainer, analyze.AppContainer, analyze.SidecarContainer, analyze.EphemeralContainer,
	} {
		for _, c := range p.t.Containers() {
			if c.Type == kind {
				out = append(out, c)
			}
		}
	}
	return out
}

// simulate stops the members: first all that wait for nobody, then the sidecars
// in reverse order (K29, K50).
func (p *termination) simulate() {
	p.done = exactly(0)
	var last []*member // those a sidecar waits for
	for _, m := range p.members {
		if m.Type != analyze.SidecarContainer || !p.wholePod {
			p.stop(m, nil)
			if m.Type == analyze.AppContainer {
				last = append(last, m)
			}
		}
	}
	if p.wholePod {
		for i := len(p.members) - 1; i >= 0; i-- {
			if m := p.members[i]; m.Type == analyze.SidecarContainer {
				p.stop(m, last)
				last = append(last, m)
			}
		}
	}
	for _, m := range p.members {
		p.done = p.prolong(p.done, m)
	}
	p.removal()
}

// stop runs one member's hook and stops it when its turn has come.
func (p *termination) stop(m *member, before []*member) {
	in := stopInput{grace: float64(m.grace.kubelet), takes: m.react.takes}
	m.hooked = m.hook != nil && m.grace.kubelet > 0
	if m.hooked {
		p.startHook(m, &in)
	}
	if p.young != nil {
		if ends := p.young.running[m.Name]; !math.IsInf(ends.Earliest, 1) {
			itself := moment{b: ends}.since(p.begin)
			in.itself = &itself
		}
	}
	m.waitsFor, m.lastOf = nil, nil
	if m.Type == analyze.SidecarContainer && p.wholePod && m.grace.kubelet > 0 {
		turn := p.waitFor(m, before)
		in.turn = &turn
	}
	m.stopOutput = stop(in)
	m.endsItself = p.young != nil && in.itself != nil && in.itself.earliest() <= m.exit.latest()
	if m.hooked && m.hook.diesWithMain && in.itself != nil {
		p.restopCutHook(m, in)
	}
}

// startHook runs the hook from the begin on (K36, K51).
func (p *termination) startHook(m *member, in *stopInput) {
	m.starts = exactly(0).after(m.hook.startsAfter)
	m.hookEnds = m.starts.plus(m.hook.takes)
	returns := m.hookEnds.after(m.hook.returnsAfter)
	in.hookEnds, in.hookTakes = &returns, m.hook.takes.Earliest
	if m.hook.stopsMain != nil {
		ends := m.starts.plus(*m.hook.stopsMain).plus(m.hook.mainTakes).after(latExit)
		in.itself = &ends
	}
}

// waitFor is when all those have stopped that the sidecar waits for (K50).
func (p *termination) waitFor(m *member, before []*member) moment {
	turn := exactly(0)
	for _, b := range before {
		if unlikely, _ := p.doubt(b); unlikely {
			turn = p.prolong(turn, b)
			continue
		}
		m.waitsFor = append(m.waitsFor, b.Name)
		if m.lastOf == nil || b.done.b.Likely > m.lastOf.done.b.Likely {
			m.lastOf = b
		}
		turn = p.prolong(turn, b)
	}
	return turn
}

// restopCutHook repeats the stop of a container whose own hook ends it: an
// exec hook ends with its container, so the kubelet goes on at once (K474).
func (p *termination) restopCutHook(m *member, in stopInput) {
	cut := sooner(*in.hookEnds, in.itself.after(latHookReturn))
	in.hookEnds, in.hookTakes = &cut, 0
	m.stopOutput = stop(in)
}

// removal finds when the object goes (K5, K82–K87).
func (p *termination) removal() {
	switch {
	case p.sc.byKubelet(), p.live.held(), p.lostNode() != "" && !p.grace.forced:
		return
	case p.grace.forced, p.live.immediate:
		gone := exactly(0).after(latForced)
		p.removed = &gone
	default:
		gone := p.done.after(latRemove).from(p.begin)
		for _, then := range p.sc.Then {
			if then.Grace == 0 {
				forced := exactly(then.Offset.Seconds()).after(latForced)
				gone = sooner(gone, forced)
			}
		}
		p.removed = &gone
	}
}
