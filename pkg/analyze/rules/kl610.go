package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func peersWaitForReady() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL610", Name: "peers-not-published",
		Title:    "pods of the set cannot find each other before they are ready",
		Severity: analyze.Info,
		Kinds:    kinds(analyze.KindStatefulSet),
		Sources:  []analyze.Citation{behaviour("C253"), page("concepts/workloads/controllers/statefulset/#stable-network-id")},
		Check: func(p *analyze.Pass) {
			set, ok := p.Object.API.(*appsv1.StatefulSet)
			if !ok || set.Spec.ServiceName == "" || set.Spec.PodManagementPolicy != appsv1.ParallelPodManagement {
				return
			}
			for _, c := range running(p) {
				o := p.Find(analyze.KindService, set.Spec.ServiceName)
				if o == nil || c.ReadinessProbe == nil {
					continue
				}
				s, ok := o.API.(*corev1.Service)
				if !ok || s.Spec.ClusterIP != corev1.ClusterIPNone || s.Spec.PublishNotReadyAddresses {
					continue
				}
				p.Report(field.NewPath("spec", "serviceName"), "names of pods resolve only when they are ready").
					BecauseOf(o, field.NewPath("spec"), "no publishNotReadyAddresses here").
					Fix("set publishNotReadyAddresses: true if the pods form a cluster before they are ready")
				return
			}
		},
	}
}
