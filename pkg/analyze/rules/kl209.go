package rules

import (
	"regexp"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	corev1 "k8s.io/api/core/v1"
)

func livenessAsksForReadiness() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL209", Name: "liveness-asks-for-readiness",
		Title:    "a pod that is not ready is restarted",
		Severity: analyze.Warning,
		Kinds:    podHolders(),
		Sources:  []analyze.Citation{behaviour("K139"), page("reference/using-api/health-checks/"), page("concepts/configuration/liveness-readiness-startup-probes/")},
		Check: func(p *analyze.Pass) {
			for _, c := range running(p) {
				if c.LivenessProbe != nil && asksForReadiness(c.LivenessProbe) {
					p.ReportIn(c, c.Path.Child("livenessProbe", "httpGet", "path"), "by its name this says whether requests can be answered, not whether a restart helps").
						Fix("ask /livez, /healthz or the like; keep %s for the readinessProbe", c.LivenessProbe.HTTPGet.Path)
				}
			}
		},
	}
}

var readinessPath = regexp.MustCompile(`(?i)(^|[/\-_.])(readyz?|readiness|is-?ready|health-?ready)($|[/\-_.?])`)

// asksForReadiness goes by the usual names of readiness endpoints.
func asksForReadiness(p *corev1.Probe) bool {
	return p.HTTPGet != nil && readinessPath.MatchString(p.HTTPGet.Path)
}
