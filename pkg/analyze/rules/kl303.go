package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

func antiAffinitySurge() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL303", Name: "anti-affinity-surge",
		Title:    "a new pod may not share a node with the old ones it replaces",
		Severity: analyze.Warning,
		Kinds:    kinds(analyze.KindDeployment),
		Sources:  []analyze.Citation{behaviour("C40"), page("concepts/scheduling-eviction/assign-pod-node/#inter-pod-affinity-and-anti-affinity")},
		Check: func(p *analyze.Pass) {
			d, ok := rollingDeployment(p)
			a := p.Pod.Spec.Affinity
			n, replicasPath, _ := replicas(p.Object)
			if !ok || n < 2 || a == nil || a.PodAntiAffinity == nil {
				return
			}
			if _, unavailable := rolling(d, n); unavailable > 0 {
				return
			}
			for i, term := range a.PodAntiAffinity.RequiredDuringSchedulingIgnoredDuringExecution {
				sel, err := metav1.LabelSelectorAsSelector(term.LabelSelector)
				if err != nil || term.TopologyKey != corev1.LabelHostname || !sel.Matches(labels.Set(p.Pod.Meta.Labels)) || len(term.MatchLabelKeys) > 0 {
					continue
				}
				path := p.Pod.SpecPath().Child("affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution").Index(i)
				p.Report(path, "an update needs a node without any pod of this Deployment").
					Because(replicasPath, "%s, none of which may be missing during an update", count(int(n), "replica")).
					Fix("allow maxUnavailable: 1, prefer instead of require, or add matchLabelKeys: [pod-template-hash]")
			}
		},
	}
}
