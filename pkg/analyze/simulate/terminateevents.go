package simulate

import (
	"cmp"
	"math"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// eventID names an event: "app/SignalSent", "pod/PodRemoved".
func eventID(container string, kind analyze.EventType) string {
	if container == "" {
		container = "pod"
	}
	return container + "/" + string(kind)
}

// timeline writes the simulated termination down.
func (p *termination) timeline() *analyze.Timeline {
	tl := &analyze.Timeline{
		APIVersion: analyze.APIVersion, Kind: "Timeline", Question: analyze.Termination,
		Subject: p.o.Ref, KubernetesVersion: p.v.String(),
		Events: []analyze.Event{}, Spans: []analyze.Span{}, CriticalChain: []string{},
		Assumptions: []analyze.Assumption{}, Gaps: []analyze.Gap{},
	}
	tl.Trigger = p.triggerOf()
	traffic := p.traffic()
	if traffic.lane {
		tl.Containers = append(tl.Containers, analyze.LaneInfo{Name: "traffic", Type: "traffic"})
	}
	order := map[string]int{}
	for i, m := range p.members {
		tl.Containers = append(tl.Containers, analyze.LaneInfo{Name: m.Name, Type: string(m.Type)})
		order[m.Name] = i
		tl.Events = append(tl.Events, p.doubted(m, p.memberEvents(m))...)
		if unlikely, _ := p.doubt(m); !unlikely {
			tl.Spans = append(tl.Spans, p.memberSpans(m)...)
		}
	}
	p.addEarly(tl)
	order[""] = len(p.members)
	tl.Containers = append(tl.Containers, analyze.LaneInfo{Name: "pod", Type: "pod"})
	tl.Events = append(tl.Events, traffic.events...)
	tl.Events = append(tl.Events, p.podEvents()...)
	tl.Spans = append(traffic.spans, append(tl.Spans, p.podSpans()...)...)
	slices.SortStableFunc(tl.Events, func(a, b analyze.Event) int {
		return cmp.Or(cmp.Compare(a.At.Likely, b.At.Likely), cmp.Compare(a.At.Earliest, b.At.Earliest), cmp.Compare(order[a.Container], order[b.Container]))
	})
	dropImpossible(tl)
	setDelays(tl.Events)
	p.liveView(tl)
	tl.Verdict = p.verdict(traffic)
	tl.CriticalChain = criticalChain(tl.Events)
	tl.Assumptions = append(tl.Assumptions, p.assumed...)
	tl.Gaps = append(append(tl.Gaps, p.allGaps()...), traffic.gaps...)
	return tl
}

// dropImpossible removes what never comes: events behind an endless hook. A
// span without an end may end at any time, or never.
func dropImpossible(tl *analyze.Timeline) {
	tl.Events = slices.DeleteFunc(tl.Events, func(e analyze.Event) bool { return math.IsInf(e.At.Earliest, 1) })
	tl.Spans = slices.DeleteFunc(tl.Spans, func(s analyze.Span) bool { return math.IsInf(s.Start.Earliest, 1) })
	for i, s := range tl.Spans {
		if math.IsInf(s.End.Earliest, 1) {
			tl.Spans[i].End.Earliest = s.Start.Earliest
		}
	}
	known := map[string]bool{}
	for _, e := range tl.Events {
		known[e.ID] = true
	}
	for i, e := range tl.Events {
		tl.Events[i].Because = slices.DeleteFunc(e.Because, func(id string) bool { return !known[id] })
	}
}

func (p *termination) triggerOf() analyze.Trigger {
	g := p.grace
	if !p.wholePod && len(p.members) > 0 {
		g = p.members[0].grace
	}
	tr := analyze.Trigger{Type: p.trigger, GracePeriodSeconds: &g.shown, GraceBasis: g.basis, Forced: g.forced}
	if g.path != nil {
		tr.GracePosition = p.position(g.path)
	}
	return tr
}

// position is where the field is written; nil when it is not.
func (p *termination) position(path *field.Path) *analyze.Position {
	if path == nil {
		return nil
	}
	pos, exact := p.o.At(path)
	if !exact || pos.IsZero() {
		return nil
	}
	return &pos
}

// at is an event's moment from time 0.
func (p *termination) at(m moment) analyze.Bounds { return m.from(p.begin).bounds() }

// located sets where an event's field is written.
func (p *termination) located(e analyze.Event, path *field.Path) analyze.Event {
	if path != nil {
		e.Field = path.String()
		e.Position = p.position(path)
	}
	return e
}

// memberEvents lists what happens to one container.
func (p *termination) memberEvents(m *member) []analyze.Event {
	var out []analyze.Event
	if m.hooked {
		out = append(out, p.hookEvents(m)...)
	}
	if !m.unsignalled {
		out = append(out, p.signalEvent(m))
	}
	return append(out, p.exitEvent(m))
}

func (p *termination) hookEvents(m *member) []analyze.Event {
	started := p.located(analyze.Event{
		ID: eventID(m.Name, analyze.PreStopStarted), Type: analyze.PreStopStarted, Container: m.Name,
		At: p.at(m.starts), Rule: "K30", Basis: analyze.Written,
	}, m.hook.path)
	finished := p.located(analyze.Event{
		ID: eventID(m.Name, analyze.PreStopFinished), Type: analyze.PreStopFinished, Container: m.Name,
		Because: []string{started.ID}, Rule: "K36", Basis: m.hook.basis,
	}, m.hook.path)
	ends := m.hookEnds
	switch {
	case m.hook.diesWithMain && m.exit.b.Likely < ends.b.Likely:
		finished.Because = []string{eventID(m.Name, analyze.ContainerExited), started.ID}
		finished.Rule, finished.Note = "K36", "cut short by the container's end"
	case m.hook.fails:
		finished.Rule, finished.Note = "K37", "the hook fails"
	case m.hookLate:
		finished.Note = "no longer waited for"
	}
	if m.hook.diesWithMain {
		finished.ExitCodes = hookCodes(m)
		ends = sooner(ends, m.exit)
	}
	finished.At = p.at(ends)
	if math.IsInf(finished.At.Earliest, 1) {
		return []analyze.Event{started}
	}
	return []analyze.Event{started, finished}
}

// hookCodes are an exec hook's exit codes: its own, or 137 when the end of the
// container may cut it short; the likely one first.
func hookCodes(m *member) []int32 {
	// The signal waits for the hook, so only what comes without it can cut the hook short.
	alone := m.hook.stopsMain != nil || m.endsItself || m.hookEnds.latest() >= float64(m.grace.kubelet)
	cutMaybe := alone && m.exit.earliest() < m.hookEnds.latest()
	cutSurely := m.exit.latest() < m.hookEnds.earliest()
	own := m.hook.codes
	if len(own) == 0 && m.hook.fails {
		own = []int32{1}
	} else if len(own) == 0 {
		own = []int32{0}
	}
	switch {
	case cutSurely:
		return []int32{exitKilled}
	case !cutMaybe:
		return own
	case m.exit.b.Likely < m.hookEnds.b.Likely:
		return union([]int32{exitKilled}, own)
	}
	return union(own, []int32{exitKilled})
}

func union(lists ...[]int32) []int32 {
	var out []int32
	for _, list := range lists {
		for _, n := range list {
			if !slices.Contains(out, n) {
				out = append(out, n)
			}
		}
	}
	return out
}

func (p *termination) signalEvent(m *member) analyze.Event {
	e := analyze.Event{
		ID: eventID(m.Name, analyze.SignalSent), Type: analyze.SignalSent, Container: m.Name,
		At: p.at(m.signal), Signal: m.react.signal, Rule: "K45", Basis: analyze.Default,
	}
	if m.maybeUnsignalled {
		e.Note = "only if it still runs then"
		if m.byItself {
			e.At.Likely = analyze.Never
		}
	}
	switch {
	case m.waited && m.lastOf != nil && m.turnFirst():
		e.Because, e.Rule = []string{eventID(m.lastOf.Name, analyze.ContainerExited)}, "K52"
		e.Basis = p.exitBasis(m.lastOf)
	case m.waited:
		e.Rule, e.Note, e.Basis = "K52", "the grace period is used up while it waits for its turn", m.grace.basis
		if m.lastOf != nil && m.lastOf.signal.b.Likely <= m.signal.b.Likely && !m.lastOf.unsignalled && !m.lastOf.byItself {
			e.Because = []string{eventID(m.lastOf.Name, analyze.SignalSent)}
		}
	case m.hooked && m.hookLate:
		e.Because, e.Rule, e.Basis = []string{eventID(m.Name, analyze.PreStopStarted)}, "K36", m.grace.basis
		e.Note = "the hook has used up the grace period"
	case m.hooked:
		e.Because, e.Rule = []string{eventID(m.Name, analyze.PreStopFinished)}, "K33"
		e.Basis = m.hook.basis
	}
	return e
}

// turnFirst says that its turn came, rather than the end of the grace period.
func (m *member) turnFirst() bool { return m.lastOf.done.b.Likely <= m.call.b.Likely }

func (p *termination) exitEvent(m *member) analyze.Event {
	e := analyze.Event{
		ID: eventID(m.Name, analyze.ContainerExited), Type: analyze.ContainerExited, Container: m.Name,
		At: p.at(m.exit), Killed: m.killed, ExitCodes: m.codes(), Basis: p.exitBasis(m), Rule: "K48",
		Because: []string{eventID(m.Name, analyze.SignalSent)},
	}
	switch {
	case m.endsItself && (m.unsignalled || m.maybeUnsignalled):
		e.Because, e.Note = nil, "it may end by itself before"
	case m.unsignalled || m.maybeUnsignalled:
		e.Because, e.Rule = []string{eventID(m.Name, analyze.PreStopStarted)}, "K474"
	}
	if m.killed {
		e.Rule = "K33"
		if m.waitsFor != nil {
			e.Rule = "K52"
		}
		e.Note = "SIGKILL at the end of the grace period"
		return p.located(e, m.grace.path)
	}
	return p.located(e, m.react.path)
}

// exitBasis is how well the moment of an exit is known.
func (p *termination) exitBasis(m *member) analyze.Basis {
	if m.hooked && m.hookEnds.b.Likely < float64(m.grace.kubelet) {
		return weakest(m.grace.basis, m.react.basis, m.hook.basis)
	}
	return weakest(m.grace.basis, m.react.basis)
}

// codes are the exit codes that the exit may have, the likely one first.
func (m *member) codes() []int32 {
	own := m.react.codes
	if math.IsInf(m.react.takes.Earliest, 1) && m.endsItself {
		own = nil
	}
	if m.endsItself {
		own = union(own, m.ownCodes)
	}
	if m.react.signal == sigKill {
		own = []int32{exitKilled}
	}
	switch {
	case !m.mayNot:
		return []int32{exitKilled}
	case !m.mayBe:
		return own
	case m.killed:
		return union([]int32{exitKilled}, own)
	}
	return union(own, []int32{exitKilled})
}

func (p *termination) podEvents() []analyze.Event {
	if p.removed == nil {
		return nil
	}
	e := analyze.Event{
		ID: eventID("", analyze.PodRemoved), Type: analyze.PodRemoved, At: p.removed.bounds(),
		Rule: "K84", Basis: analyze.Default,
	}
	switch {
	case p.grace.forced || p.live.immediate:
		e.Rule = "K5"
	case p.forcedLater():
		e.Rule, e.Note = "K5", "the later delete without grace removes it"
	default:
		if m := p.last(); m != nil {
			e.Because, e.Basis = []string{eventID(m.Name, analyze.ContainerExited)}, p.exitBasis(m)
			if m.hooked && !m.hook.diesWithMain && m.call.b.Likely > m.exit.b.Likely {
				e.Because = []string{eventID(m.Name, analyze.PreStopFinished)}
			}
		}
	}
	return []analyze.Event{e}
}

// last is the container that the kubelet waits for longest; nil without any.
func (p *termination) last() *member {
	var out *member
	for _, m := range p.members {
		if unlikely, _ := p.doubt(m); unlikely {
			continue
		}
		if out == nil || m.done.b.Likely > out.done.b.Likely {
			out = m
		}
	}
	return out
}

// setDelays fills in how long after its first cause each event comes.
func setDelays(events []analyze.Event) {
	at := map[string]analyze.Bounds{}
	for _, e := range events {
		at[e.ID] = e.At
	}
	for i, e := range events {
		if len(e.Because) == 0 {
			continue
		}
		cause, ok := at[e.Because[0]]
		if !ok || math.IsInf(cause.Likely, 1) || math.IsInf(e.At.Likely, 1) {
			continue
		}
		d := analyze.Bounds{
			Earliest: positive(e.At.Earliest - cause.Latest), Likely: positive(e.At.Likely - cause.Likely),
			Latest: positive(e.At.Latest - cause.Earliest),
		}
		events[i].Delay = &d
	}
}

// criticalChain follows the first causes back from the last event that
// matters: the removal of the object, else the last exit.
func criticalChain(events []analyze.Event) []string {
	byID := map[string]analyze.Event{}
	var end string
	for _, e := range events {
		byID[e.ID] = e
		if e.Type == analyze.ContainerExited || e.Type == analyze.PodRemoved {
			end = e.ID
		}
	}
	if removed := eventID("", analyze.PodRemoved); byID[removed].ID != "" && len(byID[removed].Because) > 0 {
		end = removed
	}
	chain := []string{}
	for end != "" && !slices.Contains(chain, end) {
		chain = append(chain, end)
		if len(byID[end].Because) == 0 {
			break
		}
		end = byID[end].Because[0]
	}
	slices.Reverse(chain)
	return chain
}
