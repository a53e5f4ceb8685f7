package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func hairTrigger() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL202", Name: "hair-trigger-liveness",
		Title:    "a single slow answer restarts the container",
		Severity: analyze.Warning,
		Kinds:    podHolders(),
		Sources:  []analyze.Citation{behaviour("K134"), behaviour("K139")},
		Check: func(p *analyze.Pass) {
			for _, c := range p.Containers {
				probe := c.LivenessProbe
				if probe == nil || probe.FailureThreshold != 1 {
					continue
				}
				timeout := max(probe.TimeoutSeconds, 1)
				p.ReportIn(c, c.Path.Child("livenessProbe", "failureThreshold"), "one answer later than %s restarts the container", seconds(int64(timeout))).
					Fix("allow at least 3 failures, and let readinessProbe react quickly instead")
			}
		},
	}
}
