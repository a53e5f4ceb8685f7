package rules

import (
	"math"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/simulate"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// long-running containers of a pod: those that get a stop signal of their own.
func running(p *analyze.Pass) []analyze.Container {
	var out []analyze.Container
	for _, c := range p.Containers {
		if c.Type == analyze.AppContainer || c.Type == analyze.SidecarContainer {
			out = append(out, c)
		}
	}
	return out
}

// hookNeeds is how long the container's preStop hook takes at least, in seconds,
// if the manifest tells; what the API refuses anyway is left to KL914.
func hookNeeds(p *analyze.Pass, c analyze.Container) (seconds float64, at *field.Path, ok bool) {
	d, ok := simulate.HookDuration(c)
	if !ok || d.V.Earliest <= 0 {
		return 0, nil, false
	}
	if s := c.Lifecycle.PreStop.Sleep; s != nil && s.Seconds > p.Pod.GracePeriod().V {
		return 0, nil, false
	}
	at = d.At
	if at == nil {
		at = c.Path.Child("lifecycle", "preStop")
	}
	return d.V.Earliest, at, true
}

// endsItself says whether the container is gone before its hook could run into
// the end of the grace period: its hook may stop the process itself.
func endsItself(p *analyze.Pass, c analyze.Container) bool {
	// When processes end does not depend on who sends requests to them.
	alone := analyze.NewSnapshot(analyze.SnapshotInput{
		Taken: p.Snapshot.Taken, TakenFrom: p.Snapshot.TakenFrom, Version: p.Snapshot.Version, Objects: []*analyze.Object{p.Object},
	})
	timeline, err := simulate.Terminate(alone, p.Object, simulate.Scenario{})
	if err != nil {
		return true
	}
	for _, e := range timeline.Events {
		if e.Type == analyze.ContainerExited && e.Container == c.Name {
			return e.At.Latest < float64(p.Pod.GracePeriod().V)
		}
	}
	return false
}

// span is a number of seconds in words; "for ever" has no end.
func span(s float64) string {
	if math.IsInf(s, 1) {
		return "for ever"
	}
	return seconds(whole(s))
}

// whole is the number of seconds as an integer, the largest one if it does not fit.
func whole(s float64) int64 {
	if s >= math.MaxInt64 {
		return math.MaxInt64
	}
	return int64(s)
}
