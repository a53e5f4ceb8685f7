package simulate

import (
	"fmt"
	"math"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// startVerdict answers the questions people have about a start-up.
func (f *forecast) startVerdict(s *analyze.Snapshot) analyze.Verdict {
	v := analyze.Verdict{Killed: f.killed(), Advice: []analyze.Advice{}, Budgets: f.budgets(), Phase: f.phases}
	if ready := f.byKey[eventKey{analyze.PodReady, noContainer, 1}]; ready != nil {
		at := ready.at
		v.ReadyAt = &at
	}
	v.Headline = f.startHeadline(v.ReadyAt)
	v.Advice = append(v.Advice, f.probeAdvice()...)
	if a := f.ownerAdvice(s, &v); a != nil {
		v.Advice = append(v.Advice, *a)
	}
	return v
}

// killed lists the containers that a probe or a failed hook has killed with SIGKILL.
func (f *forecast) killed() []string {
	names := []string{}
	for i := range f.plan.containers {
		for n := 1; ; n++ {
			m := f.byKey[eventKey{analyze.ContainerExited, i, n}]
			if m == nil {
				break
			}
			if m.killed && m.likely != nil {
				names = append(names, f.plan.containers[i].Name)
				break
			}
		}
	}
	return names
}

func (f *forecast) startHeadline(ready *analyze.Bounds) string {
	switch {
	case ready == nil && len(f.phases) == 1:
		return "never ready: the pod ends as " + f.phases[0] + f.whyNot()
	case ready == nil:
		return "not ready within " + secondsText(f.plan.horizon) + f.whyNot()
	case f.plan.gated():
		return fmt.Sprintf("ready no earlier than %s, when its readiness gates are passed", secondsText(ready.Earliest))
	case math.IsInf(ready.Likely, 1):
		return fmt.Sprintf("may be ready after %s, but is not within %s if every assumption holds%s", secondsText(ready.Earliest), secondsText(f.plan.horizon), f.whyNot())
	case math.IsInf(ready.Latest, 1):
		return fmt.Sprintf("ready after %s, at %s the earliest; no latest moment is known%s", secondsText(ready.Likely), secondsText(ready.Earliest), f.longest()+f.mayKill())
	}
	return fmt.Sprintf("ready after %s (%s to %s)%s", secondsText(ready.Likely), secondsText(ready.Earliest), secondsText(ready.Latest), f.longest()+f.mayKill())
}

// longest names the step of the critical chain that takes longest.
func (f *forecast) longest() string {
	chain := f.chain()
	step, longest := "", 0.0
	for i := 1; i < len(chain); i++ {
		a, b := f.byKey[chain[i-1]], f.byKey[chain[i]]
		if d := b.at.Likely - a.at.Likely; d > longest {
			longest, step = d, f.stepName(a.key, b.key)
		}
	}
	if step == "" || longest < 1 {
		return ""
	}
	return fmt.Sprintf("; the longest step, %s, is %s", secondsText(longest), step)
}

// stepName says in words what lies between two events.
func (f *forecast) stepName(from, to eventKey) string {
	if to.container == noContainer {
		if to.typ == analyze.SandboxReady {
			return "the sandbox"
		}
		return "the pod becoming ready"
	}
	c := &f.plan.containers[to.container]
	switch {
	case to.typ == analyze.ContainerStarted && to.n > 1:
		return "the wait before " + c.Name + " is started again"
	case to.typ == analyze.ContainerStartedStatus && from.typ == analyze.ContainerStarted && c.StartupProbe != nil:
		return "the startup probe of " + c.Name
	}
	words := map[analyze.EventType]string{
		analyze.ContainerExited: "%s running to its end", analyze.PostStartFinished: "the postStart hook of %s",
		analyze.ContainerStartedStatus: "%s becoming visible", analyze.ContainerReady: "the readiness probe of %s",
		analyze.ContainerStarted: "starting %s",
	}[to.typ]
	if words == "" {
		words = "%s becoming ready"
	}
	return fmt.Sprintf(words, c.Name)
}

// chainEnd is the pod's readiness, or else the first end of the container that
// holds it up, or the last event.
func (f *forecast) chainEnd() eventKey {
	end := eventKey{analyze.PodReady, noContainer, 1}
	if m := f.byKey[end]; m != nil && m.likely != nil {
		return end
	}
	if i, ok := f.blocker(); ok {
		exit := eventKey{analyze.ContainerExited, i, 1}
		if m := f.byKey[exit]; m != nil && m.likely != nil {
			return exit
		}
	}
	last := -1.0
	for _, m := range f.events {
		if m.likely != nil && m.at.Likely > last && m.key.n <= drawnAttempts {
			end, last = m.key, m.at.Likely
		}
	}
	return end
}

// chain follows the latest cause back from the end.
func (f *forecast) chain() []eventKey {
	end := f.chainEnd()
	var chain []eventKey
	for m := f.byKey[end]; m != nil; {
		chain = append([]eventKey{m.key}, chain...)
		because := m.because
		if len(because) == 0 && m.likely != nil {
			because = m.likely.because // others in other replays
		}
		if len(because) == 0 {
			break
		}
		latest := because[0]
		for _, k := range because {
			if f.byKey[k].at.Likely > f.byKey[latest].at.Likely && f.byKey[k].likely != nil {
				latest = k
			}
		}
		m = f.byKey[latest]
	}
	return chain
}

func (f *forecast) chainIDs() []string {
	ids := []string{}
	for _, key := range f.chain() {
		ids = append(ids, f.id(key))
	}
	return ids
}
