package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func unhealthyPolicy() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL405", Name: "unhealthy-pods-block-drain",
		Title:    "pods that are broken already block a drain",
		Severity: analyze.Info,
		Kinds:    kinds(analyze.KindPDB),
		Sources:  []analyze.Citation{behaviour("C292"), behaviour("C296"), page("tasks/run-application/configure-pdb/#unhealthy-pod-eviction-policy")},
		Check: func(p *analyze.Pass) {
			b, _, ok := budget(p.Object)
			if ok && b.Spec.UnhealthyPodEvictionPolicy == nil {
				p.Report(field.NewPath("spec"), "pods that are not ready count as protected").
					Fix("add unhealthyPodEvictionPolicy: AlwaysAllow, unless a pod that is not ready still holds data")
			}
		},
	}
}
