package simulate

import (
	"fmt"
	"math"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// headline is the answer in one sentence.
func (p *termination) headline(v analyze.Verdict) string {
	if text := p.liveHeadline(v); text != "" {
		return text
	}
	switch {
	case p.live.immediate:
		if p.live.held() {
			return fmt.Sprintf("stays until its finalizers are removed (%s); %s, so nothing has to be stopped", strings.Join(p.live.finalizers, ", "), p.live.why)
		}
		return fmt.Sprintf("gone at once: %s, so nothing has to be stopped", p.live.why)
	case len(p.members) == 0:
		return "no container is running, so nothing has to be stopped; " + p.goneText(v)
	case len(v.Killed) > 0:
		return p.killedText(v) + "; " + p.goneText(v)
	}
	text := p.goneText(v)
	if v.KillAtSeconds != nil {
		text += fmt.Sprintf("; SIGKILL would come at %s", roundText(*v.KillAtSeconds))
	}
	if v.SlackSeconds != nil {
		text += fmt.Sprintf("; %s to spare", roundText(*v.SlackSeconds))
	}
	if len(v.MayBeKilled) > 0 {
		text += fmt.Sprintf(", if %s %s as assumed", listText(v.MayBeKilled), verb(v.MayBeKilled, "stops", "stop"))
	}
	return text
}

func (p *termination) killedText(v analyze.Verdict) string {
	var why string
	first, last := math.Inf(1), 0.0
	for _, e := range p.earlyExits() {
		if e.killed {
			first, last = math.Min(first, e.exit.Likely), math.Max(last, e.exit.Likely)
			why = fmt.Sprintf("%s is stopped because its postStart hook has failed, and does not end in time", e.Name)
		}
	}
	for _, m := range p.members {
		if unlikely, _ := p.doubt(m); !m.killed || unlikely {
			continue
		}
		if why == "" {
			why = m.killReason()
		}
		at := p.at(m.exit).Likely
		first, last = math.Min(first, at), math.Max(last, at)
	}
	when := "at " + roundText(last)
	if last-first > 0.5 {
		when = fmt.Sprintf("from %s to %s", roundText(first), roundText(last))
	}
	return fmt.Sprintf("%s %s killed with SIGKILL %s: %s", listText(v.Killed), verb(v.Killed, "is", "are"), when, why)
}

// killReason says in a few words why the container does not end in time.
func (m *member) killReason() string {
	left := fmt.Sprintf("%s after SIG%s", secondsText(m.remaining.Likely), m.react.signal)
	switch {
	case m.endless():
		return fmt.Sprintf("%s does not end on SIG%s", m.Name, m.react.signal)
	case m.hooked && m.hookLate:
		return fmt.Sprintf("its preStop hook uses up the grace period of %ds, which leaves %s, and it takes %s", m.grace.kubelet, left, secondsText(m.react.takes.Likely))
	case m.waited:
		return fmt.Sprintf("waiting for its turn leaves %s %s, and it takes %s", m.Name, left, secondsText(m.react.takes.Likely))
	}
	return fmt.Sprintf("it has %s and takes %s", left, secondsText(m.react.takes.Likely))
}

func verb(subjects []string, one, many string) string {
	if len(subjects) == 1 {
		return one
	}
	return many
}

// roundText is a moment in a sentence: to the second, below 10 s to the tenth.
func roundText(s float64) string {
	if math.Abs(s) >= 10 {
		s = math.Round(s)
	}
	if s < 0 {
		return "-" + secondsText(-s)
	}
	return secondsText(s)
}

// goneText says when it is over.
func (p *termination) goneText(v analyze.Verdict) string {
	gone := func(b *analyze.Bounds) string {
		if b == nil || math.IsInf(b.Likely, 1) {
			return "never"
		}
		if b.Likely < 0.5 {
			return "at once"
		}
		return "after " + roundText(b.Likely)
	}
	switch {
	case !p.wholePod:
		m := p.members[0]
		return fmt.Sprintf("%s is gone %s%s; the pod lives on", m.Name, gone(v.ProcessesGone), p.restartText(m))
	case p.sc.byKubelet():
		return fmt.Sprintf("all processes are gone %s; the object stays", gone(v.ProcessesGone))
	case p.live.held():
		return fmt.Sprintf("all processes are gone %s; the object stays until its finalizers are removed (%s)", gone(v.ProcessesGone), strings.Join(p.live.finalizers, ", "))
	case p.grace.forced || p.forcedLater():
		return fmt.Sprintf("the object is gone %s, but the processes run on the node until %s", gone(v.ObjectGone), strings.TrimPrefix(gone(v.ProcessesGone), "after "))
	case v.ObjectGone == nil:
		return "it is not known when the object is gone"
	}
	return "gone " + gone(v.ObjectGone)
}

func (p *termination) restartText(m *member) string {
	if restartsAfterKill(p.v, p.t.Spec, m.Container.Container) {
		return " and started again"
	}
	return " and not started again"
}

// forcedLater says that a second delete removes the object while processes run (K23).
func (p *termination) forcedLater() bool {
	return p.removed != nil && p.removed.b.Likely < p.done.from(p.begin).b.Likely
}

// advice is what to change, with the arithmetic.
func (p *termination) advice(v analyze.Verdict, t trafficView) []analyze.Advice {
	var out []analyze.Advice
	for _, m := range p.members {
		out = append(out, p.memberAdvice(m)...)
	}
	if a, ok := p.graceAdvice(v); ok {
		out = append(out, a)
	}
	if p.grace.forced && !p.sc.Force && p.grace.path != nil {
		out = append(out, analyze.Advice{
			Summary: "a grace period of 0 makes every delete a forced one: the object is gone before its processes are",
			Field:   p.grace.path.String(), Rule: "K404",
		})
	}
	out = append(out, p.thenAdvice()...)
	return append(out, t.advice(p)...)
}

func (p *termination) memberAdvice(m *member) []analyze.Advice {
	var out []analyze.Advice
	if m.hook != nil && m.hook.kind == "tcpSocket" {
		out = append(out, analyze.Advice{
			Summary: fmt.Sprintf("%s's preStop hook never runs: the kubelet has no tcpSocket hooks; use exec, httpGet or sleep", m.Name),
			Field:   m.hook.path.String(), Rule: "K38",
		})
	}
	if m.hooked && m.hookLate && m.hook.takes.Likely < analyze.Never {
		out = append(out, p.lateHookAdvice(m))
	}
	switch {
	case m.killed && m.endless():
		out = append(out, p.deafAdvice(m))
	case m.mayBe && !m.killed && m.react.basis == analyze.Assumed && m.react.why != saidByUser:
		out = append(out, analyze.Advice{
			Summary:    fmt.Sprintf("measure how long %s takes to stop, and say so with --assume %s.stop=…", m.Name, m.Name),
			Arithmetic: fmt.Sprintf("it has %s from SIG%s to SIGKILL; %s is assumed", secondsText(m.remaining.Likely), m.react.signal, secondsText(m.react.takes.Likely)),
			Rule:       "K33",
		})
	}
	return out
}
