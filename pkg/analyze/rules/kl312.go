package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func daemonSetAtOnce() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL312", Name: "daemonset-update-at-once",
		Title:    "an update takes the pod of every node at once",
		Severity: analyze.Warning,
		Kinds:    kinds(analyze.KindDaemonSet),
		Sources:  []analyze.Citation{behaviour("C155"), behaviour("C157")},
		Check: func(p *analyze.Pass) {
			d, ok := p.Object.API.(*appsv1.DaemonSet)
			if !ok || d.Spec.UpdateStrategy.RollingUpdate == nil || d.Spec.UpdateStrategy.RollingUpdate.MaxUnavailable == nil {
				return
			}
			if u := d.Spec.UpdateStrategy.RollingUpdate.MaxUnavailable; u.StrVal == "100%" {
				p.Report(field.NewPath("spec", "updateStrategy", "rollingUpdate", "maxUnavailable"), "no node keeps a working pod").
					Fix("use a number or a smaller percentage: a broken image then stops after the first nodes")
			}
		},
	}
}
