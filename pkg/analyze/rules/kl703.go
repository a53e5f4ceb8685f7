package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func servicePortUnknown() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL703", Name: "service-port-unknown",
		Title:    "the Service leads to a port that no pod names",
		Severity: analyze.Error,
		Kinds:    kinds(analyze.KindService),
		Sources:  []analyze.Citation{behaviour("C252"), page("concepts/services-networking/service/#field-spec-ports")},
		Check: func(p *analyze.Pass) {
			s, ok := p.Object.API.(*corev1.Service)
			if !ok || len(s.Spec.Selector) == 0 {
				return
			}
			pods := p.Selected(labels.SelectorFromSet(s.Spec.Selector))
			for i, port := range s.Spec.Ports {
				name := port.TargetPort.StrVal
				if !portName(name) || len(pods) == 0 || anyNames(pods, name) {
					continue
				}
				p.Report(field.NewPath("spec", "ports").Index(i).Child("targetPort"), "no container has a port called %q: this port has no endpoints", name).
					BecauseOf(pods[0], field.NewPath("kind"), "the pods that are selected").
					Fix("use a name or number from the ports of the containers")
			}
		},
	}
}

// portName says whether the API takes this for the name of a port: anything else
// is refused, or a placeholder.
func portName(name string) bool {
	return name != "" && len(validation.IsValidPortName(name)) == 0
}

func anyNames(objects []*analyze.Object, port string) bool {
	for _, o := range objects {
		t, ok := analyze.PodTemplateOf(o.API)
		if !ok {
			continue
		}
		for _, c := range t.Containers() {
			if declares(c, port) {
				return true
			}
		}
	}
	return false
}
