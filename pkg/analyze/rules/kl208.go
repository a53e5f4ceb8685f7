package rules

import (
	"reflect"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/simulate"
)

func sameProbe() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL208", Name: "liveness-like-readiness",
		Title:    "liveness asks the same as readiness and is as impatient",
		Severity: analyze.Info,
		Kinds:    podHolders(),
		Sources:  []analyze.Citation{behaviour("K139"), page("concepts/configuration/liveness-readiness-startup-probes/")},
		Check: func(p *analyze.Pass) {
			for _, c := range running(p) {
				l, r := c.LivenessProbe, c.ReadinessProbe
				if l == nil || r == nil || !reflect.DeepEqual(l.ProbeHandler, r.ProbeHandler) || l.TCPSocket != nil || asksForReadiness(l) {
					continue
				}
				if simulate.ProbeDetection(simulate.TimingOf(l)).Latest > simulate.ProbeDetection(simulate.TimingOf(r)).Latest {
					continue
				}
				p.ReportIn(c, c.Path.Child("livenessProbe"), "restarts the container no later than traffic is taken away").
					Because(c.Path.Child("readinessProbe"), "the same question").
					Fix("let liveness fail later, or ask for less: only whether the process still works at all")
			}
		},
	}
}
