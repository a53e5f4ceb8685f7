package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func onDelete() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL308", Name: "update-on-delete",
		Title:    "a changed template does not reach running pods",
		Severity: analyze.Info,
		Kinds:    kinds(analyze.KindStatefulSet, analyze.KindDaemonSet),
		Sources:  []analyze.Citation{behaviour("C118"), behaviour("C156"), page("concepts/workloads/controllers/statefulset/#update-strategies")},
		Check: func(p *analyze.Pass) {
			kind := ""
			switch w := p.Object.API.(type) {
			case *appsv1.StatefulSet:
				kind = string(w.Spec.UpdateStrategy.Type)
			case *appsv1.DaemonSet:
				kind = string(w.Spec.UpdateStrategy.Type)
			}
			if kind == "OnDelete" {
				p.Report(field.NewPath("spec", "updateStrategy", "type"), "a pod is only updated when someone deletes it").
					Fix("use RollingUpdate, unless an operator deletes the pods in its own order")
			}
		},
	}
}
