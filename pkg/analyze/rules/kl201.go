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
				name, budget, ok := startBudget(c)
				expected := simulate.TimingOf(c.ReadinessProbe).Delay
				if !ok || expected <= budget {
					continue
				}
				p.ReportIn(c, c.Path.Child(name), "kills what does not answer within %s", span(budget)).
					Because(c.Path.Child("readinessProbe", "initialDelaySeconds"), "nobody asks before %s", span(expected)).
					Fix("add a startupProbe whose failureThreshold × periodSeconds covers the slowest start")
			}
		},
	}
}

// startBudget is how long a start may take at most before a probe kills it, and
// which probe that is: the startup probe, or without one the liveness probe.
func startBudget(c analyze.Container) (probe string, seconds float64, ok bool) {
	switch {
	case c.StartupProbe != nil:
		return "startupProbe", simulate.ProbeKillBudget(simulate.TimingOf(c.StartupProbe)).Latest, true
	case c.LivenessProbe != nil:
		return "livenessProbe", simulate.ProbeKillBudget(simulate.TimingOf(c.LivenessProbe)).Latest, true
	}
	return "", 0, false
}
