package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func singleReplica() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL408", Name: "single-replica",
		Title:    "each drain of its node is downtime",
		Severity: analyze.Info,
		Kinds:    kinds(analyze.KindDeployment),
		Sources:  []analyze.Citation{behaviour("C12"), behaviour("C297")},
		Check: func(p *analyze.Pass) {
			n, path, _ := replicas(p.Object)
			if _, auto := autoscalerOf(p, p.Object); auto || n != 1 || len(claims(p)) > 0 {
				return
			}
			services := p.Services()
			if len(services) == 0 {
				return
			}
			p.Report(path, "one pod: nothing answers between its eviction and the next one's readiness").
				BecauseOf(services[0], field.NewPath("spec", "selector"), "requests come from here").
				Fix("run 2 replicas with a PodDisruptionBudget of maxUnavailable: 1")
		},
	}
}
