package simulate

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// Restarts forecasts when the containers of the pod that the object is or makes
// end and are started again, up to the horizon (rules K200–K242): starts, exits
// and the back-offs between them. Time 0 is the binding to a node, as in Start.
// Each restart has the delay since the exit before it, which is the window of
// K215 where there is a back-off.
func Restarts(s *analyze.Snapshot, o *analyze.Object, sc Scenario) (*analyze.Timeline, error) {
	p, err := planStart(s, o, sc)
	if err != nil {
		return nil, err
	}
	f := p.forecast(replays)
	return f.timeline(analyze.Restart, func(m *merged) bool {
		switch m.key.typ {
		case analyze.PodScheduled, analyze.ContainerStarted, analyze.ContainerExited, analyze.BackoffStarted:
			return true
		}
		return false
	}), nil
}
