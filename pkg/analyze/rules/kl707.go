package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func bareReplicaSet() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL707", Name: "bare-replica-set",
		Title:    "a changed template never reaches the pods",
		Severity: analyze.Info,
		Kinds:    kinds(analyze.KindReplicaSet, analyze.KindRC),
		Sources:  []analyze.Citation{behaviour("C10"), page("concepts/workloads/controllers/replicaset/#when-to-use-a-replicaset")},
		Check: func(p *analyze.Pass) {
			if len(p.Object.Meta.GetOwnerReferences()) == 0 {
				p.Report(field.NewPath("kind"), "replaces pods that are lost, not pods that are out of date").
					Fix("use a Deployment, which rolls changes out and back")
			}
		},
	}
}
