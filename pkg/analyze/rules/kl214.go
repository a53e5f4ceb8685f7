package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/simulate"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func slowReadiness() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL214", Name: "late-readiness",
		Title:    "a pod that stopped answering gets requests for long",
		Severity: analyze.Info,
		Kinds:    servers(),
		Sources:  []analyze.Citation{behaviour("K139")},
		Params:   []analyze.Param{{Name: "seconds", Default: 90, Help: "how long a dead pod may get requests"}},
		Check: func(p *analyze.Pass) {
			service, c := servedBy(p)
			if service == nil || c.ReadinessProbe == nil {
				return
			}
			worst := simulate.ProbeDetection(simulate.TimingOf(c.ReadinessProbe)).Latest
			if worst > float64(p.Param("seconds")) {
				p.ReportIn(c, c.Path.Child("readinessProbe"), "takes up to %s to notice", span(worst)).
					BecauseOf(service, field.NewPath("spec", "selector"), "requests come from here meanwhile").
					Fix("lower periodSeconds, failureThreshold or timeoutSeconds; readiness may be quick, it only takes traffic away")
			}
		},
	}
}
