package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func statefulSetService() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL701", Name: "statefulset-service-not-headless",
		Title:    "the pods of the set have no names of their own",
		Severity: analyze.Warning,
		Kinds:    kinds(analyze.KindStatefulSet),
		Sources:  []analyze.Citation{page("concepts/workloads/controllers/statefulset/#stable-network-id")},
		Check: func(p *analyze.Pass) {
			set, ok := p.Object.API.(*appsv1.StatefulSet)
			if !ok || set.Spec.ServiceName == "" {
				return
			}
			path := field.NewPath("spec", "serviceName")
			o := p.Find(analyze.KindService, set.Spec.ServiceName)
			if o == nil {
				if p.Sees(analyze.KindService) {
					p.Report(path, "there is no Service %q: no pod has a DNS name", set.Spec.ServiceName).
						Fix("create a headless Service of that name (clusterIP: None) with the set's selector")
				}
				return
			}
			s, ok := o.API.(*corev1.Service)
			if !ok || s.Spec.ClusterIP == corev1.ClusterIPNone {
				return
			}
			d := p.Report(path, "this Service has one address for all pods, so no pod has a name").
				BecauseOf(o, field.NewPath("spec"), "not headless: no clusterIP: None").
				Fix("name a headless Service here, and keep this one for clients")
			if n, _, _ := replicas(p.Object); n < 2 {
				d.At(analyze.Info)
			}
		},
	}
}
