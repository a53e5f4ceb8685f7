package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func updateTakesAll() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL306", Name: "update-takes-all-pods",
		Title:    "an update may take all pods away at once",
		Severity: analyze.Warning,
		Kinds:    kinds(analyze.KindDeployment),
		Sources:  []analyze.Citation{behaviour("C40"), behaviour("C49")},
		Check: func(p *analyze.Pass) {
			d, ok := rollingDeployment(p)
			n, replicasPath, _ := replicas(p.Object)
			if !ok || n == 0 || d.Spec.Strategy.RollingUpdate == nil {
				return
			}
			if _, unavailable := rolling(d, n); unavailable < int(n) || (n == 1 && len(p.Services()) == 0) {
				return
			}
			path, what := strategyPath("maxUnavailable"), "that is all of them"
			if d.Spec.Strategy.RollingUpdate.MaxUnavailable == nil {
				path, what = strategyPath("maxSurge"), "no pod may come first, so all there is goes first"
			}
			p.Report(path, "%s", what).
				Because(replicasPath, "%s", count(int(n), "replica")).
				Fix("set maxUnavailable: 0 and maxSurge: 1, so that a new pod is ready before an old one goes")
		},
	}
}
