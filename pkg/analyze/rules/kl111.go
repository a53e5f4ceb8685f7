package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/simulate"
)

func stopSignalDropped() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL111", Name: "stop-signal-dropped",
		Title:    "the stop signal that is written is not used",
		Severity: analyze.Warning,
		Kinds:    podHolders(),
		Sources:  []analyze.Citation{behaviour("K45"), behaviour("C465"), behaviour("C552")},
		Check: func(p *analyze.Pass) {
			if simulate.GateOn(p.Snapshot.Version, simulate.GateStopSignals) || p.Object.Recorded() {
				return
			}
			for _, c := range p.Containers {
				if c.Lifecycle != nil && c.Lifecycle.StopSignal != nil {
					p.ReportIn(c, c.Path.Child("lifecycle", "stopSignal"), "dropped by Kubernetes %s: the image's own signal is sent, usually SIGTERM", p.Snapshot.Version).
						Fix("set STOPSIGNAL in the image, or enable the feature gate ContainerStopSignals on the whole cluster")
				}
			}
		},
	}
}
