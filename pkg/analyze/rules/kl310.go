package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func pausedDeployment() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL310", Name: "paused-rollout",
		Title:    "the Deployment is paused in its manifest",
		Severity: analyze.Warning,
		Kinds:    kinds(analyze.KindDeployment),
		Sources:  []analyze.Citation{behaviour("C55"), behaviour("C70")},
		Check: func(p *analyze.Pass) {
			if d, ok := p.Object.API.(*appsv1.Deployment); ok && d.Spec.Paused {
				p.Report(field.NewPath("spec", "paused"), "no change of the template is rolled out").
					Fix("remove it: applied for the first time it makes no pods at all, and `kubectl rollout status` waits for ever")
			}
		},
	}
}
