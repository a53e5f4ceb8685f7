package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func replicasAndAutoscaler() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL313", Name: "replicas-and-autoscaler",
		Title:    "each apply undoes what the autoscaler did",
		Severity: analyze.Warning,
		Kinds:    kinds(analyze.KindDeployment, analyze.KindStatefulSet, analyze.KindReplicaSet),
		Sources:  []analyze.Citation{behaviour("C450"), page("tasks/run-application/horizontal-pod-autoscale/#migrating-deployments-and-statefulsets-to-horizontal-autoscaling")},
		Check: func(p *analyze.Pass) {
			n, path, _ := replicas(p.Object)
			a, ok := autoscalerOf(p, p.Object)
			if _, written := p.Object.At(path); !ok || !written || p.Object.Recorded() {
				return
			}
			p.Report(path, "applying this sets the size to %d, whatever the load", n).
				BecauseOf(a.object, field.NewPath("spec", "scaleTargetRef"), "this autoscaler keeps it between %d and %d", a.min, a.max).
				Fix("leave replicas out, and remove it from last-applied as the documentation says before the next apply")
		},
	}
}
