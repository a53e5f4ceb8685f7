package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func sidecarNotAwaited() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL604", Name: "sidecar-not-awaited",
		Title:    "the application starts before its sidecar is ready",
		Severity: analyze.Info,
		Kinds:    podHolders(),
		Sources:  []analyze.Citation{behaviour("K116"), behaviour("K117"), page("concepts/workloads/pods/sidecar-containers/")},
		Check: func(p *analyze.Pass) {
			for _, c := range p.Containers {
				if c.Type == analyze.SidecarContainer && c.StartupProbe == nil && isProxy(c) {
					p.ReportIn(c, c.Path.Child("name"), "counts as started as soon as its process runs").
						Fix("add a startupProbe: the next container waits for it, not for a readinessProbe")
				}
			}
		},
	}
}
