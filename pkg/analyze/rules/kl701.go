package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
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
				if ok && !naming(p, s) {
					p.Report(path, "this Service does not select the pods of the set, so no pod has a name").
						BecauseOf(o, field.NewPath("spec", "selector"), "labels that the pods do not have").
						Fix("give the Service the labels of the pod template as its selector")
				}
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

// naming says whether the headless Service has the set's pods among its endpoints. One
// without a selector may get them from elsewhere; one that leads to no pod at all is
// KL702's, where that can be told.
func naming(p *analyze.Pass, s *corev1.Service) bool {
	sel := labels.SelectorFromSet(s.Spec.Selector)
	if len(s.Spec.Selector) == 0 || sel.Matches(labels.Set(p.Pod.Meta.Labels)) {
		return true
	}
	for _, gk := range workloads() {
		if !p.Sees(gk) {
			return false
		}
	}
	return len(p.Selected(sel)) == 0
}
