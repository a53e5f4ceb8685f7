package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func probeWithoutShell() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL212", Name: "probe-without-shell",
		Title:    "the probe runs a program that the image does not have",
		Severity: analyze.Warning,
		Kinds:    podHolders(),
		Sources:  []analyze.Citation{behaviour("K140"), page("tasks/configure-pod-container/configure-liveness-readiness-startup-probes/")},
		Check: func(p *analyze.Pass) {
			for _, c := range running(p) {
				why := distroless(c.Image)
				for _, h := range probes(c) {
					command, path := h.command()
					if why == "" || len(command) == 0 || !needsUserland(command[0]) {
						continue
					}
					p.ReportIn(c, path, "%q is not in this image: the %s never succeeds", command[0], h.name).
						Because(c.Path.Child("image"), "%s", why).
						Fix("use httpGet, tcpSocket or grpc, or call the application's own program")
				}
			}
		},
	}
}
