package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/simulate"
)

func killedBeforeReady() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL201", Name: "killed-before-ready",
		Title:    "the container is killed before it is expected to be ready",
		Severity: analyze.Warning,
		Kinds:    podHolders(),
		Sources:  []analyze.Citation{behaviour("K132"), behaviour("K135"), page("tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#define-startup-probes")},
		Check: func(p *analyze.Pass) {
			for _, c := range running(p) {
				killer, name := c.StartupProbe, "startupProbe"
				if killer == nil {
					killer, name = c.LivenessProbe, "livenessProbe"
				}
				if killer == nil || c.ReadinessProbe == nil {
					continue
				}
				budget := simulate.ProbeKillBudget(simulate.TimingOf(killer))
				expected := simulate.TimingOf(c.ReadinessProbe).Delay
				if expected <= budget.Latest {
					continue
				}
				p.ReportIn(c, c.Path.Child(name), "kills what does not answer within %s", span(budget.Latest)).
					Because(c.Path.Child("readinessProbe", "initialDelaySeconds"), "nobody asks before %s", span(expected)).
					Fix("add a startupProbe whose failureThreshold × periodSeconds covers the slowest start")
			}
		},
	}
}
