package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func noHistory() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL309", Name: "no-rollout-history",
		Title:    "an update cannot be undone",
		Severity: analyze.Warning,
		Kinds:    kinds(analyze.KindDeployment, analyze.KindStatefulSet, analyze.KindDaemonSet),
		Sources:  []analyze.Citation{behaviour("C438"), page("concepts/workloads/controllers/deployment/#clean-up-policy")},
		Check: func(p *analyze.Pass) {
			var limit *int32
			switch w := p.Object.API.(type) {
			case *appsv1.Deployment:
				limit = w.Spec.RevisionHistoryLimit
			case *appsv1.StatefulSet:
				limit = w.Spec.RevisionHistoryLimit
			case *appsv1.DaemonSet:
				limit = w.Spec.RevisionHistoryLimit
			}
			if limit != nil && *limit == 0 {
				p.Report(field.NewPath("spec", "revisionHistoryLimit"), "no earlier version is kept").
					Fix("keep at least 1: `kubectl rollout undo` has nothing to go back to")
			}
		},
	}
}
