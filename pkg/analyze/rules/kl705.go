package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func autoscalerTarget() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL705", Name: "autoscaler-target",
		Title:    "the autoscaler has nothing that it can scale",
		Severity: analyze.Error,
		Kinds:    kinds(analyze.KindHPA),
		Sources:  []analyze.Citation{behaviour("C450"), page("tasks/run-application/horizontal-pod-autoscale/")},
		Check: func(p *analyze.Pass) {
			a, ok := autoscalerFrom(p.Object)
			if !ok {
				return
			}
			path := field.NewPath("spec", "scaleTargetRef")
			gk := schema.GroupKind{Group: "apps", Kind: a.kind}
			switch a.kind {
			case "DaemonSet", "Job", "CronJob", "Pod":
				p.Report(path.Child("kind"), "a %s has no number of replicas to change", a.kind).Fix("scale a Deployment or StatefulSet")
				return
			case "Deployment", "StatefulSet", "ReplicaSet":
			default:
				return
			}
			if p.Sees(gk) && p.Find(gk, a.name) == nil {
				p.Report(path.Child("name"), "there is no %s %q in this namespace", a.kind, a.name).Fix("correct the name, or put both into one namespace")
			}
		},
	}
}
