package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

func spreadBlocksSurge() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL311", Name: "spread-counts-old-pods",
		Title:    "the spread of new pods is reckoned with the old ones that are about to go",
		Severity: analyze.Info,
		Kinds:    kinds(analyze.KindDeployment),
		Sources:  []analyze.Citation{page("concepts/scheduling-eviction/topology-spread-constraints/#spread-constraint-definition")},
		Check: func(p *analyze.Pass) {
			if _, ok := rollingDeployment(p); !ok {
				return
			}
			for i, c := range p.Pod.Spec.TopologySpreadConstraints {
				if c.WhenUnsatisfiable != corev1.DoNotSchedule || len(c.MatchLabelKeys) > 0 || c.LabelSelector == nil {
					continue
				}
				sel, err := metav1.LabelSelectorAsSelector(c.LabelSelector)
				if err != nil || !sel.Matches(labels.Set(p.Pod.Meta.Labels)) {
					continue
				}
				p.Report(p.Pod.SpecPath().Child("topologySpreadConstraints").Index(i), "counts pods of all versions during an update").
					Fix("add matchLabelKeys: [pod-template-hash], so that each version is spread by itself")
			}
		},
	}
}
