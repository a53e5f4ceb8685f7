package rules

import (
	"slices"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	corev1 "k8s.io/api/core/v1"
)

func undeclaredProbePort() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL216", Name: "probe-port-undeclared",
		Title:    "the probe asks a port that the container does not declare",
		Severity: analyze.Info,
		Kinds:    podHolders(),
		Sources:  []analyze.Citation{behaviour("K142"), page("tasks/configure-pod-container/configure-liveness-readiness-startup-probes/")},
		Check: func(p *analyze.Pass) {
			for _, c := range running(p) {
				if len(c.Ports) == 0 {
					continue
				}
				for _, h := range probes(c) {
					port, path, ok := h.port()
					if !ok || port.IntVal == 0 || slices.ContainsFunc(c.Ports, func(cp corev1.ContainerPort) bool { return cp.ContainerPort == port.IntVal }) {
						continue
					}
					p.ReportIn(c, path, "%d is not among the container's ports", port.IntVal).
						Because(c.Path.Child("ports"), "these are").
						Fix("correct the number, or declare the port: then probes can go by its name")
				}
			}
		},
	}
}
