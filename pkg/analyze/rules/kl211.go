package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func slowRestart() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL211", Name: "hung-container-restarts-late",
		Title:    "a hung container is restarted only after the whole grace period",
		Severity: analyze.Warning,
		Kinds:    podHolders(),
		Sources:  []analyze.Citation{behaviour("K31"), behaviour("K32"), page("tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#probe-level-terminationgraceperiodseconds")},
		Params:   []analyze.Param{{Name: "seconds", Default: 300, Help: "how long a hung container may stay"}},
		Check: func(p *analyze.Pass) {
			grace := p.Pod.GracePeriod()
			if grace.V < int64(p.Param("seconds")) {
				return
			}
			for _, c := range running(p) {
				if c.LivenessProbe != nil && c.LivenessProbe.TerminationGracePeriodSeconds == nil {
					p.ReportIn(c, c.Path.Child("livenessProbe"), "finds a hung container, which then has %s to stop", span(float64(grace.V))).
						Because(grace.At, "the grace period counts here too").
						Fix("set livenessProbe.terminationGracePeriodSeconds to some seconds")
				}
			}
		},
	}
}
