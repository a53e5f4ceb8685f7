package rules

import (
	"math"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/simulate"
)

func preStopOutlivesGrace() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL101", Name: "prestop-outlives-grace",
		Title:    "the preStop hook needs longer than the grace period",
		Severity: analyze.Error,
		Kinds:    podHolders(),
		Sources:  []analyze.Citation{behaviour("K33"), behaviour("K36"), page("concepts/containers/container-lifecycle-hooks/#hook-handler-execution")},
		Check: func(p *analyze.Pass) {
			grace := p.Pod.GracePeriod()
			for _, c := range running(p) {
				needs, at, ok := hookNeeds(p, c)
				if !ok || grace.V < 1 || needs <= float64(grace.V) || endsItself(p, c) {
					continue
				}
				signal, kill := simulate.KillTimes(grace.V, needs)
				d := p.ReportIn(c, at, "this hook takes %s; the stop signal comes at %s all the same, SIGKILL at %s", span(needs), span(signal), span(kill))
				if grace.Basis != analyze.Default {
					d.Because(grace.At, "the pod has %s to stop", span(float64(grace.V)))
				}
				switch {
				case math.IsInf(needs, 1):
					d.Fix("let the hook end by itself, well before the grace period of %s does", span(float64(grace.V)))
				case grace.Basis == analyze.Default:
					d.Fix("set terminationGracePeriodSeconds above %s, plus the time the application needs to stop: nothing is written, so it is %s", span(needs), span(float64(grace.V)))
				default:
					d.Fix("raise terminationGracePeriodSeconds above %s, plus the time the application needs to stop, or wait less", span(needs))
				}
			}
		},
	}
}
