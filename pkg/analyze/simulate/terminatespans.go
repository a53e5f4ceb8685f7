package simulate

import (
	"math"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// spanID names a span: "app/hook", "app/stopping".
func spanID(lane, what string) string { return lane + "/" + what }

// memberSpans are the bars and marks in a container's lane.
func (p *termination) memberSpans(m *member) []analyze.Span {
	var out []analyze.Span
	if m.hooked {
		out = append(out, p.hookSpan(m))
	}
	if m.waited {
		note := "until " + listText(m.waitsFor) + " stopped"
		if m.lastOf == nil || !m.turnFirst() {
			note = "until the grace period was used up"
		}
		out = append(out, analyze.Span{
			ID: spanID(m.Name, "waiting"), Lane: m.Name, What: "waiting for its turn", Kind: analyze.SpanWaiting,
			Start: p.at(m.hookOver), End: p.at(m.call), Basis: analyze.Default,
			Because: namedSpans(m.waitsFor), Note: note,
		})
	}
	if m.byItself || m.unsignalled {
		return append(out, p.endingSpan(m)...)
	}
	signal := analyze.Span{
		ID: spanID(m.Name, "signal"), Lane: m.Name, What: "SIG" + m.react.signal, Kind: analyze.SpanSignal,
		Start: p.at(m.signal), End: p.at(m.signal), Basis: analyze.Default,
	}
	stopping := analyze.Span{
		ID: spanID(m.Name, "stopping"), Lane: m.Name, What: "shutting down", Kind: analyze.SpanStopping,
		Start: p.at(m.signal), End: p.at(later(m.exit, m.signal)), Basis: m.react.basis, Because: []string{signal.ID},
	}
	if m.killed {
		stopping.Note = "until SIGKILL"
	}
	if m.react.basis == analyze.Assumed || m.react.basis == analyze.Inferred {
		stopping.Flag = flagHint(m.Name, "stop", m.react.takes, m.react.why)
	}
	if m.react.path != nil {
		stopping.Field, stopping.Position = m.react.path.String(), p.position(m.react.path)
	}
	return append(out, signal, stopping, p.limitSpan(m))
}

// endingSpan is a process that its own hook, or itself, ends before the signal.
func (p *termination) endingSpan(m *member) []analyze.Span {
	start := exactly(0)
	what := "running to its own end"
	if m.hook != nil && m.hook.stopsMain != nil {
		start, what = m.starts.plus(*m.hook.stopsMain), "shutting down, told by its hook"
	}
	return []analyze.Span{{
		ID: spanID(m.Name, "stopping"), Lane: m.Name, What: what, Kind: analyze.SpanStopping,
		Start: p.at(start), End: p.at(later(m.exit, start)), Basis: m.react.basis,
	}, p.limitSpan(m)}
}

func (p *termination) hookSpan(m *member) analyze.Span {
	end := m.hookEnds
	if m.hook.diesWithMain {
		end = sooner(end, m.exit)
	}
	sp := analyze.Span{
		ID: spanID(m.Name, "hook"), Lane: m.Name, What: "preStop " + m.hook.kind, Kind: analyze.SpanHook,
		Start: p.at(m.starts), End: p.at(end), Basis: m.hook.basis, Field: m.hook.path.String(),
		Position: p.position(m.hook.path), Note: secondsText(m.hook.takes.Likely),
	}
	if m.hook.basis == analyze.Assumed || m.hook.basis == analyze.Inferred {
		sp.Flag = flagHint(m.Name, "preStop", m.hook.takes, m.hook.why)
	}
	switch {
	case m.hook.fails:
		sp.Note = "fails"
	case m.hook.diesWithMain && m.exit.b.Likely < m.hookEnds.b.Likely:
		sp.Note = "cut short by the container's end"
	case m.hookLate:
		sp.Note = "outlives the grace period"
	}
	return sp
}

// limitSpan is the moment of SIGKILL, reached or not.
func (p *termination) limitSpan(m *member) analyze.Span {
	sp := analyze.Span{
		ID: spanID(m.Name, "kill"), Lane: m.Name, What: "SIGKILL", Kind: analyze.SpanKill,
		Start: p.at(m.kill), End: p.at(m.kill), NotReached: !m.killed, Basis: m.grace.basis,
	}
	if m.grace.path != nil {
		sp.Field, sp.Position = m.grace.path.String(), p.position(m.grace.path)
	}
	if sp.NotReached {
		sp.Note = "not reached"
		if m.mayBe {
			sp.Note = "possible"
		}
	}
	return sp
}

func namedSpans(containers []string) []string {
	out := make([]string, 0, len(containers))
	for _, c := range containers {
		out = append(out, spanID(c, "stopping"))
	}
	return out
}

// podSpans are those of the pod's own lane.
func (p *termination) podSpans() []analyze.Span {
	if p.removed == nil || p.grace.forced || p.live.immediate || p.forcedLater() {
		return nil
	}
	return []analyze.Span{{
		ID: spanID("pod", "removal"), Lane: "pod", What: "clean-up and removal", Kind: analyze.SpanRunning,
		Start: p.at(p.done), End: p.removed.bounds(), Basis: analyze.Default,
	}}
}

// finitePtr is the number for a document, or nil when it is no number.
func finitePtr(s float64) *float64 {
	if math.IsInf(s, 0) || math.IsNaN(s) {
		return nil
	}
	s = math.Round(s*1000) / 1000
	return &s
}
