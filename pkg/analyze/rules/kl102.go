package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/simulate"
)

func preStopLeavesNoTime() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL102", Name: "prestop-leaves-no-time",
		Title:    "the preStop hook leaves the application hardly any time to stop",
		Severity: analyze.Warning,
		Kinds:    podHolders(),
		Sources:  []analyze.Citation{behaviour("K33"), behaviour("K401"), behaviour("C463")},
		Params: []analyze.Param{{
			Name: "seconds", Default: 5,
			Help: "how many seconds an application needs from the stop signal to its exit",
		}},
		Check: func(p *analyze.Pass) {
			grace := p.Pod.GracePeriod()
			for _, c := range running(p) {
				needs, at, ok := hookNeeds(p, c)
				if !ok || grace.V < 1 || needs <= 0 || needs > float64(grace.V) {
					continue
				}
				signal, kill := simulate.KillTimes(grace.V, needs)
				left := kill - signal
				if left >= float64(p.Param("seconds")) || endsItself(p, c) {
					continue
				}
				p.ReportIn(c, at, "this hook takes %s of %s: SIGKILL comes %s after the stop signal", span(needs), span(float64(grace.V)), span(left)).
					Because(grace.At, "the time for hook and application together").
					Fix("set terminationGracePeriodSeconds to at least %d: %s for the hook, the rest for the application", whole(needs+30), span(needs))
			}
		},
	}
}
