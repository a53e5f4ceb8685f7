package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func recreateDowntime() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL305", Name: "recreate-downtime",
		Title:    "each update stops all pods before the first new one starts",
		Severity: analyze.Info,
		Kinds:    kinds(analyze.KindDeployment),
		Sources:  []analyze.Citation{behaviour("C50"), page("concepts/workloads/controllers/deployment/#recreate-deployment")},
		Check: func(p *analyze.Pass) {
			d, ok := p.Object.API.(*appsv1.Deployment)
			if !ok || d.Spec.Strategy.Type != appsv1.RecreateDeploymentStrategyType || len(claims(p)) > 0 {
				return
			}
			services := p.Services()
			if len(services) == 0 {
				return
			}
			p.Report(field.NewPath("spec", "strategy", "type"), "nothing answers from the first stop to the first ready pod").
				BecauseOf(services[0], field.NewPath("spec", "selector"), "this Service has no pods meanwhile").
				Fix("use RollingUpdate unless two versions must never run together")
		},
	}
}
