package simulate

import (
	"fmt"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// A knob is what sets the grace period of this very termination.
type knob struct {
	// raise says how to get a longer one, for "…, or %s"; "" = nobody can.
	raise string
	// name is for "%s: 43 is the smallest"; field is where it stands in the manifest.
	name, field string
}

// graceKnob finds what would have to change for a longer grace period: the
// pod's own number only where that is the one that counts (K32).
func (p *termination) graceKnob() knob {
	const own = "terminationGracePeriodSeconds"
	spec := knob{"raise " + own, own, p.t.SpecPath().Child(own).String()}
	_, asked := p.sc.askedGrace()
	byNode := p.grace.shown < p.t.GracePeriod().V
	switch {
	case p.sc.Force:
		return knob{raise: "do not force the delete"}
	case asked && !p.sc.byKubelet() && p.trigger != OnPreempt && !p.live.terminating:
		return knob{raise: "ask for a longer grace period", name: "--grace-period"}
	case p.trigger == OnHardEviction:
		return knob{}
	case p.trigger == OnSoftEviction && byNode:
		return knob{raise: "raise the kubelet's evictionMaxPodGracePeriod", name: "evictionMaxPodGracePeriod"}
	case p.trigger == OnNodeShutdown && byNode:
		return knob{raise: "raise the kubelet's shutdown grace period", name: "the node's shutdown grace period"}
	case p.grace.rule == "K31" && p.grace.path != nil && p.grace.path.String() != spec.field:
		return knob{"raise the probe's " + own, p.trigger + "Probe." + own, p.grace.path.String()}
	}
	return spec
}

// lateHookAdvice is about a hook that the kubelet gives up (K400).
func (p *termination) lateHookAdvice(m *member) analyze.Advice {
	knob := p.graceKnob()
	a := analyze.Advice{
		Summary: fmt.Sprintf("%s's preStop hook needs longer than the grace period: shorten it, or %s", m.Name, knob.raise),
		Arithmetic: fmt.Sprintf("hook %s > grace %s: SIG%s comes at %s and SIGKILL 2s later",
			secondsText(m.hook.takes.Likely), secondsText(float64(m.grace.kubelet)), m.react.signal, roundText(p.at(m.signal).Likely)),
		Field: m.hook.path.String(), Rule: "K400",
	}
	if knob.raise == "" {
		a.Summary = fmt.Sprintf("%s's preStop hook needs longer than a hard eviction leaves it, whatever the pod asks for: do not rely on it there", m.Name)
	}
	return a
}

// graceAdvice is the smallest grace period that kills nobody.
func (p *termination) graceAdvice(v analyze.Verdict) (analyze.Advice, bool) {
	knob := p.graceKnob()
	if len(v.Killed) == 0 || v.MinimumGraceSeconds == nil || *v.MinimumGraceSeconds <= p.grace.kubelet || knob.name == "" {
		return analyze.Advice{}, false
	}
	var parts []string
	sum := 0.0
	for _, m := range p.members {
		if !m.killed {
			continue
		}
		if m.hooked {
			parts, sum = append(parts, fmt.Sprintf("%s's hook %s", m.Name, secondsText(m.hook.takes.Likely))), sum+m.hook.takes.Likely
		}
		parts, sum = append(parts, fmt.Sprintf("%s's stop %s", m.Name, secondsText(m.react.takes.Likely))), sum+m.react.takes.Likely
		break
	}
	arithmetic := strings.Join(parts, " + ")
	if len(parts) > 1 {
		arithmetic += " = " + secondsText(sum)
	}
	return analyze.Advice{
		Summary:    fmt.Sprintf("%s: %d is the smallest that kills nobody and lets every hook finish", knob.name, *v.MinimumGraceSeconds),
		Arithmetic: fmt.Sprintf("%s; the grace period is %s, and SIGKILL must not come first", arithmetic, secondsText(float64(p.grace.kubelet))),
		Field:      knob.field, Rule: "K33",
	}, true
}

// thenAdvice says what the further deletes bring (K6, K23).
func (p *termination) thenAdvice() []analyze.Advice {
	var out []analyze.Advice
	shortest := p.grace.shown
	for _, then := range p.sc.Then {
		at := secondsText(then.Offset.Seconds())
		a := analyze.Advice{
			Summary: fmt.Sprintf("the delete with %s of grace after %s does not speed anything up: the node keeps to the first grace period",
				secondsText(float64(then.Grace)), at),
			Rule: "K23",
		}
		switch {
		case p.removed != nil && then.Grace > 0 && then.Offset.Seconds() > p.removed.b.Likely:
			a = analyze.Advice{Summary: fmt.Sprintf("the delete after %s comes too late: the object is gone by then", at), Rule: "K6"}
		case then.Grace < 0 || then.Grace >= shortest:
			a = analyze.Advice{Summary: fmt.Sprintf("the delete after %s changes nothing: only a shorter grace period than the %s before it counts", at, secondsText(float64(shortest))), Rule: "K6"}
		case then.Grace == 0, p.begin.b.Likely > then.Offset.Seconds():
			continue
		default:
			shortest = then.Grace
		}
		out = append(out, a)
	}
	return out
}

// deafAdvice is about a process that does not heed its stop signal: no grace
// period is long enough (K47).
func (p *termination) deafAdvice(m *member) analyze.Advice {
	summary := fmt.Sprintf("no grace period helps %s: %s; start the program with exec, handle SIG%s, or put a small init such as tini in front", m.Name, m.react.why, m.react.signal)
	if m.react.why == saidByUser {
		summary = fmt.Sprintf("no grace period helps %s as long as it does not end on SIG%s", m.Name, m.react.signal)
	}
	return analyze.Advice{
		Summary:    summary,
		Arithmetic: fmt.Sprintf("every stop of the pod waits until SIGKILL at %s", roundText(p.at(m.kill).Likely)),
		Field:      m.Path.Child("command").String(), Rule: "K47",
	}
}
