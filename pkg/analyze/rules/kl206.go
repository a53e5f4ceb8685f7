package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/simulate"
)

func startupShorterThanLiveness() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL206", Name: "startup-probe-shorter-than-liveness",
		Title:    "the startup probe gives less time than the liveness probe alone would",
		Severity: analyze.Warning,
		Kinds:    podHolders(),
		Sources:  []analyze.Citation{behaviour("K135"), page("tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#define-startup-probes")},
		Check: func(p *analyze.Pass) {
			for _, c := range running(p) {
				startup, liveness, ok := shorterStart(c)
				if !ok {
					continue
				}
				p.ReportIn(c, c.Path.Child("startupProbe"), "kills a start that takes longer than %s", span(startup.Latest)).
					Because(c.Path.Child("livenessProbe"), "without it this one would allow %s", span(liveness.Latest)).
					Fix("raise failureThreshold × periodSeconds of the startupProbe above the slowest start")
			}
		},
	}
}

// shorterStart compares the budgets of the startup and the liveness probe; ok is
// true if the first is the smaller one.
func shorterStart(c analyze.Container) (startup, liveness analyze.Bounds, ok bool) {
	if c.StartupProbe == nil || c.LivenessProbe == nil {
		return startup, liveness, false
	}
	startup = simulate.ProbeKillBudget(simulate.TimingOf(c.StartupProbe))
	liveness = simulate.ProbeKillBudget(simulate.TimingOf(c.LivenessProbe))
	return startup, liveness, startup.Latest < liveness.Earliest
}
