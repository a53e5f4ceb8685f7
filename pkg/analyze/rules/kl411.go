package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func notSafeToEvict() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL411", Name: "not-safe-to-evict",
		Title:    "the cluster autoscaler never removes a node with this pod",
		Severity: analyze.Info,
		Kinds:    servers(),
		Sources:  []analyze.Citation{{Text: "Cluster Autoscaler FAQ", URL: "https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/FAQ.md"}},
		Check: func(p *analyze.Pass) {
			const key = "cluster-autoscaler.kubernetes.io/safe-to-evict"
			if p.Pod.Meta.Annotations[key] == "false" && p.Object.GroupKind() != analyze.KindDaemonSet {
				p.Report(p.Pod.MetaPath().Child("annotations").Key(key), "each node with one of these pods is kept, however empty").
					Fix("use a PodDisruptionBudget instead, and keep the annotation for pods whose work must not be cut")
			}
		},
	}
}
