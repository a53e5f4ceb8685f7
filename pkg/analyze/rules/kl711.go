package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func servesUnready() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL711", Name: "requests-to-unready-pods",
		Title:    "the Service sends requests to pods that are not ready or are stopping",
		Severity: analyze.Warning,
		Kinds:    kinds(analyze.KindService),
		Sources:  []analyze.Citation{behaviour("C253"), behaviour("C598"), page("concepts/services-networking/service/")},
		Check: func(p *analyze.Pass) {
			s, ok := p.Object.API.(*corev1.Service)
			if ok && s.Spec.PublishNotReadyAddresses && s.Spec.ClusterIP != corev1.ClusterIPNone && len(s.Spec.Selector) > 0 && s.Spec.Selector[appsv1.StatefulSetPodNameLabel] == "" {
				p.Report(field.NewPath("spec", "publishNotReadyAddresses"), "readiness is ignored: clients get starting, broken and dying pods too").
					Fix("keep it for a headless Service that peers use to find each other")
			}
		},
	}
}
