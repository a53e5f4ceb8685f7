package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func serviceSelectsNothing() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL702", Name: "service-selects-nothing",
		Title:    "the Service leads to no pod",
		Severity: analyze.Warning,
		Kinds:    kinds(analyze.KindService),
		Needs:    workloads(),
		Sources:  []analyze.Citation{behaviour("C250"), page("concepts/services-networking/service/")},
		Applies: func(p *analyze.Pass) bool {
			s, ok := p.Object.API.(*corev1.Service)
			return ok && len(s.Spec.Selector) > 0
		},
		Check: func(p *analyze.Pass) {
			s, ok := p.Object.API.(*corev1.Service)
			if !ok || len(s.Spec.Selector) == 0 || s.Spec.Type == corev1.ServiceTypeExternalName {
				return
			}
			sel := labels.SelectorFromSet(s.Spec.Selector)
			if len(p.Selected(sel)) == 0 && !p.MadeByCustom(sel) {
				p.Report(field.NewPath("spec", "selector"), "no pod in this namespace has all these labels").
					Fix("use labels of the pod template, not those of the workload")
			}
		},
	}
}
