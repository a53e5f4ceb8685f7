package rules

import (
	"regexp"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func waitsForItself() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL603", Name: "init-waits-for-own-service",
		Title:    "an init container waits for the pod's own Service",
		Severity: analyze.Warning,
		Kinds:    servers(),
		Sources:  []analyze.Citation{behaviour("C253"), page("concepts/services-networking/dns-pod-service/")},
		Check: func(p *analyze.Pass) {
			for _, o := range p.Services() {
				s, ok := o.API.(*corev1.Service)
				if !ok || s.Spec.PublishNotReadyAddresses {
					continue
				}
				for _, c := range p.Containers {
					if c.Type != analyze.InitContainer || !waitsFor(c, s) {
						continue
					}
					p.ReportIn(c, c.Path.Child("command"), "this loop ends when %s answers, and that needs a ready pod", o.Name).
						BecauseOf(o, field.NewPath("spec", "selector"), "selects these pods only").
						Fix("set publishNotReadyAddresses: true on a headless Service for peers, or do not wait")
				}
			}
		},
	}
}

// waitsFor says whether the container's script loops until the Service's name
// resolves (headless: needs an endpoint) or answers.
func waitsFor(c analyze.Container, s *corev1.Service) bool {
	script := strings.Join(append(append([]string{}, c.Command...), c.Args...), " ")
	if !strings.Contains(script, "until") && !strings.Contains(script, "while") {
		return false
	}
	asks := strings.Contains(script, "curl") || strings.Contains(script, "wget") || strings.Contains(script, "nc ")
	if s.Spec.ClusterIP == corev1.ClusterIPNone {
		asks = asks || strings.Contains(script, "nslookup") || strings.Contains(script, "getent")
	}
	return asks && regexp.MustCompile(`(^|[^\w.-])`+regexp.QuoteMeta(s.Name)+`($|[^\w-])`).MatchString(script)
}
