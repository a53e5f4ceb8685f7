package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
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
			if !ok || n == 0 || d.Spec.Strategy.RollingUpdate == nil || standstill(d.Spec.Strategy.RollingUpdate) {
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

// standstill says that no pod may come and none may go, which KL920 refuses.
func standstill(r *appsv1.RollingUpdateDeployment) bool {
	zero := func(v *intstr.IntOrString) bool {
		if v == nil {
			return false
		}
		n, err := intstr.GetScaledValueFromIntOrPercent(v, 100, true)
		return err == nil && n == 0
	}
	return zero(r.MaxSurge) && zero(r.MaxUnavailable)
}
