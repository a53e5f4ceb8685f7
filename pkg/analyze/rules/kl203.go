package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func noReadiness() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL203", Name: "no-readiness-probe",
		Title:    "nothing keeps traffic away until the container is ready",
		Severity: analyze.Warning,
		Kinds:    servers(),
		Sources:  []analyze.Citation{behaviour("K144"), page("concepts/configuration/liveness-readiness-startup-probes/#readiness-probe")},
		Check: func(p *analyze.Pass) {
			service, c := servedBy(p)
			n, _, _, sized := fewest(p, p.Object)
			if service == nil || len(p.Pod.Spec.ReadinessGates) > 0 || (sized && n == 0) {
				return
			}
			for _, other := range running(p) {
				if other.ReadinessProbe != nil || (other.StartupProbe != nil && other.Name == c.Name) {
					return // the pod is not ready before that one is
				}
			}
			d := p.ReportIn(c, c.Path.Child("name"), "no readinessProbe: requests come as soon as the process has started").
				BecauseOf(service, field.NewPath("spec", "selector"), "this Service sends them").
				Fix("add a readinessProbe that succeeds when the server answers")
			if sized && n < 2 {
				d.At(analyze.Info) // a single pod is not run for availability
			}
		},
	}
}
