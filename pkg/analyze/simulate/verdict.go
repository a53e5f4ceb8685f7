package simulate

import (
	"math"
	"slices"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// verdict is the answer in numbers.
func (p *termination) verdict(t trafficView) analyze.Verdict {
	v := analyze.Verdict{Killed: []string{}, Advice: []analyze.Advice{}, Extra: map[string]any{}}
	slack, kill := math.Inf(1), math.Inf(-1)
	gone := exactly(0)
	for _, m := range p.members {
		unlikely, _ := p.doubt(m)
		switch {
		case unlikely:
			if m.killed || m.mayBe {
				v.MayBeKilled = append(v.MayBeKilled, m.Name)
			}
			continue
		case m.killed:
			v.Killed = append(v.Killed, m.Name)
		case m.mayBe:
			v.MayBeKilled = append(v.MayBeKilled, m.Name)
		}
		if !m.unsignalled {
			slack = math.Min(slack, m.slack())
		}
		gone = later(gone, m.exit)
		kill = math.Max(kill, p.at(m.kill).Likely)
	}
	p.earlyVerdict(&v)
	if len(p.members) > 0 {
		v.ProcessesGone = possible(p.at(gone))
		v.SlackSeconds, v.KillAtSeconds = finitePtr(slack), finitePtr(kill)
		v.MinimumGraceSeconds = p.minimumGrace()
	}
	if len(p.members) > 0 || p.young != nil {
		v.Phase = p.finalPhase()
	}
	if p.removed != nil {
		v.ObjectGone = possible(p.removed.bounds())
	}
	if t.known {
		v.Extra["outOfRotation"] = t.out
		v.Extra["lostRequestsWindowSeconds"] = t.lost
	}
	p.liveVerdict(&v)
	p.replacement(&v)
	v.Headline = p.headline(v)
	v.Advice = append(v.Advice, p.advice(v, t)...)
	if len(v.Extra) == 0 {
		v.Extra = nil
	}
	return v
}

// possible is a moment that may come; nil for one that never does.
func possible(b analyze.Bounds) *analyze.Bounds {
	if math.IsInf(b.Earliest, 1) {
		return nil
	}
	return &b
}

// slack is how long before SIGKILL the process ends by itself; negative when
// it is killed, −∞ when it never ends.
func (m *member) slack() float64 {
	if m.byItself {
		return m.kill.b.Likely - m.exit.b.Likely
	}
	own := latSignal.likely + m.react.takes.Likely + latExit.likely
	return m.remaining.Likely + latKill.likely - own
}

// graceLimit is the longest grace period that is tried: a day.
const graceLimit = 86400

// minimumGrace finds the smallest grace period with which nobody is killed and
// no hook is given up in the likely run, by running it; nil where none would
// do or where the grace is not the pod's to choose.
func (p *termination) minimumGrace() *int64 {
	if p.trigger == OnHardEviction || p.grace.forced {
		return nil
	}
	for _, m := range p.members {
		if unlikely, _ := p.doubt(m); unlikely {
			continue
		}
		endless := m.hook != nil && math.IsInf(m.hook.takes.Likely, 1)
		if !m.unsignalled && (m.endless() || endless) {
			return nil
		}
	}
	low, high := int64(0), int64(1) // low kills, high is tried
	for !p.sparesAll(high) {
		if low = high; high > graceLimit {
			return nil
		}
		high *= 2
	}
	for low+1 < high {
		if mid := (low + high) / 2; p.sparesAll(mid) {
			high = mid
		} else {
			low = mid
		}
	}
	return &high
}

// sparesAll says whether nobody is killed, and no hook given up, with the grace period.
func (p *termination) sparesAll(seconds int64) bool {
	try := *p
	try.members = make([]*member, len(p.members))
	copies := make([]member, len(p.members))
	for i, m := range p.members {
		copies[i] = *m
		copies[i].grace.kubelet = seconds
		try.members[i] = &copies[i]
	}
	try.simulate()
	return !slices.ContainsFunc(try.members, func(m *member) bool {
		unlikely, _ := p.doubt(m)
		return !unlikely && (m.killed || (m.hooked && m.hookLate && !m.byItself))
	})
}

// finalPhase is the phase the pod ends in (K79, K81): Succeeded iff every app
// container ended with 0.
func (p *termination) finalPhase() []string {
	if !p.wholePod || p.grace.forced || p.live.immediate {
		return nil
	}
	good, bad, sure := 0, 0, 0
	for _, c := range p.lanes() {
		if c.Type != analyze.AppContainer {
			continue
		}
		codes := p.exitCodesOf(c.Name)
		zero, other := slices.Contains(codes, 0), slices.ContainsFunc(codes, func(n int32) bool { return n != 0 })
		switch {
		case zero && !other:
			good++
		case other && !zero:
			bad, sure = bad+1, sure+1
		default:
			good, bad = good+1, bad+1
		}
	}
	switch {
	case sure > 0:
		return []string{"Failed"}
	case bad == 0 && good > 0:
		return []string{"Succeeded"}
	}
	return []string{"Succeeded", "Failed"}
}

// exitCodesOf are the codes an app container ends, or has ended, with.
func (p *termination) exitCodesOf(name string) []int32 {
	for _, m := range p.members {
		if m.Name == name {
			codes := m.codes()
			if _, maybe := p.doubt(m); maybe { // if it never ran: 137 (K83)
				codes = union(codes, p.young.codes[name], []int32{exitKilled})
			}
			return codes
		}
	}
	if p.young != nil {
		return p.young.codes[name]
	}
	for _, c := range p.lanes() {
		if code, ended := p.endedBefore(c, true); ended && c.Name == name {
			return []int32{code}
		}
	}
	st := p.live.status[name]
	switch {
	case st.State.Terminated != nil:
		return []int32{st.State.Terminated.ExitCode}
	case p.live.recorded:
		return []int32{exitKilled} // never ran, or vanished: reported as 137 (K83)
	}
	return nil
}
