package simulate

import (
	"fmt"
	"math"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// blocker is the first container that holds the pod up in the likely run.
func (f *forecast) blocker() (index int, ok bool) {
	for i := range f.plan.containers {
		ready := false
		for n := 1; n <= f.likely.containers[i].starts && !ready; n++ {
			ready = f.likely.record[eventKey{analyze.ContainerReady, i, n}] != nil
		}
		if !ready {
			return i, true
		}
	}
	return 0, false
}

// whyNot says what holds the pod up: which container, and what ends it.
func (f *forecast) whyNot() string {
	i, ok := f.blocker()
	if !ok {
		return ""
	}
	c := &f.plan.containers[i]
	exit := f.likely.record[eventKey{analyze.ContainerExited, i, 1}]
	starts := f.likely.containers[i].starts
	switch {
	case starts == 0 && math.IsInf(c.pull.Likely, 1):
		return fmt.Sprintf(": the image of %s is never pulled", c.Name)
	case starts == 0:
		return fmt.Sprintf(": %s is not even started", c.Name)
	case exit == nil:
		return fmt.Sprintf(": %s %s", c.Name, f.stillNot(i))
	}
	text := ": " + c.Name + " " + f.endText(i, exit)
	if starts > 1 {
		text += fmt.Sprintf("; %d starts", starts)
	}
	return text
}

// stillNot is what a container that runs has not done.
func (f *forecast) stillNot(i int) string {
	c := &f.plan.containers[i]
	switch {
	case c.Type == analyze.InitContainer:
		return "does not end"
	case c.StartupProbe != nil && f.likely.record[eventKey{analyze.ContainerStartedStatus, i, 1}] == nil:
		return "does not pass its startup probe"
	case c.ReadinessProbe != nil:
		return "does not pass its readiness probe"
	}
	return "does not get ready"
}

// endText says what ends a container's first instance, with its numbers.
func (f *forecast) endText(i int, exit *occurrence) string {
	c := &f.plan.containers[i]
	ran := 0.0
	if start := f.likely.record[eventKey{analyze.ContainerStarted, i, 1}]; start != nil {
		ran = exit.at - start.at
	}
	switch probe := killerOf(exit.rule); {
	case exit.rule == "K124":
		return "is killed because its postStart hook fails"
	case probe == "":
		return fmt.Sprintf("ends by itself after %s with exit code %d", secondsText(ran), exit.code)
	case c.startupAfter.Likely < ran || c.StartupProbe != nil && exit.rule == "K139":
		return fmt.Sprintf("is killed by its %s probe %s after its start", probe, secondsText(ran))
	default:
		kind := map[string]probeKind{"startup": probeStartup, "liveness": probeLiveness}[probe]
		budget := ProbeKillBudget(TimingOf(kind.of(c.Container.Container)))
		after := fmt.Sprintf("%s to %s", secondsText(budget.Earliest), secondsText(budget.Latest))
		if math.IsInf(c.startupAfter.Earliest, 1) {
			return fmt.Sprintf("never comes up, and its %s probe kills it after %s", probe, after)
		}
		return fmt.Sprintf("needs %s to come up, but its %s probe kills it after %s", needText(c.startupAfter), probe, after)
	}
}

// needText is a range in words.
func needText(b analyze.Bounds) string {
	from, to := secondsText(b.Earliest), secondsText(b.Latest)
	switch {
	case math.IsInf(b.Latest, 1):
		return "at least " + from
	case from == to:
		return from
	}
	return from + " to " + to
}

// killerOf is the probe that an exit's rule names; "" = none.
func killerOf(rule string) string {
	return map[string]string{"K135": "startup", "K139": "liveness"}[rule]
}

// mayKill names the first container that may be killed before it is up, though
// it likely is not. Where nothing tells how long it takes, that goes without
// saying.
func (f *forecast) mayKill() string {
	for i := range f.plan.containers {
		c := &f.plan.containers[i]
		m := f.byKey[eventKey{analyze.ContainerExited, i, 1}]
		if m == nil || m.likely != nil || math.IsInf(c.startupAfter.Latest, 1) || c.startupAfter.Latest <= 0 {
			continue
		}
		if probe := killerOf(m.rule); probe != "" {
			return fmt.Sprintf("; its %s probe may kill %s before it is up", probe, c.Name)
		}
	}
	return ""
}

// exitNote says why a container was stopped.
func exitNote(rule string) string {
	if probe := killerOf(rule); probe != "" {
		return "stopped because its " + probe + " probe failed"
	}
	if rule == "K124" {
		return "stopped because its postStart hook failed"
	}
	return ""
}
