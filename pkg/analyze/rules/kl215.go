package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/simulate"
)

func shortStart() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL215", Name: "short-start",
		Title:    "a start that takes a little longer is killed",
		Severity: analyze.Info,
		Kinds:    podHolders(),
		Sources:  []analyze.Citation{behaviour("K132"), behaviour("K135")},
		Params: []analyze.Param{
			{Name: "seconds", Default: 30, Help: "how long a start should be allowed to take"},
			{Name: "warnBelow", Default: 6, Help: "below how many seconds it is a warning"},
		},
		Check: func(p *analyze.Pass) {
			for _, c := range running(p) {
				name, budget, ok := startBudget(c)
				if !ok || budget >= float64(p.Param("seconds")) || simulate.TimingOf(c.ReadinessProbe).Delay > budget {
					continue // the last is KL201
				}
				if _, _, shorter := shorterStart(c); shorter {
					continue // KL206
				}
				d := p.ReportIn(c, c.Path.Child(name), "kills what has not started within %s", span(budget)).
					Fix("add a startupProbe whose failureThreshold × periodSeconds covers the slowest start: a busy node, a cold cache")
				if budget < float64(p.Param("warnBelow")) {
					d.At(analyze.Warning)
				}
			}
		},
	}
}
