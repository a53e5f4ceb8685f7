package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func sidecarHookStartsFirst() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL112", Name: "sidecar-hook-starts-first",
		Title:    "a sidecar's hook does not wait for the application",
		Severity: analyze.Info,
		Kinds:    podHolders(),
		Sources:  []analyze.Citation{behaviour("K51"), behaviour("K52"), behaviour("K415")},
		Check: func(p *analyze.Pass) {
			for _, c := range p.Containers {
				if c.Type != analyze.SidecarContainer || c.Lifecycle == nil || c.Lifecycle.PreStop == nil {
					continue
				}
				p.ReportIn(c, c.Path.Child("lifecycle", "preStop"), "starts with the pod's deletion, together with all other hooks").
					Fix("do in the sidecar's own shutdown, after its stop signal, what must come after the application's end")
			}
		},
	}
}
