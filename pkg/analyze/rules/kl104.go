package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func hookWithoutShell() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL104", Name: "hook-without-shell",
		Title:    "the hook runs a program that the image does not have",
		Severity: analyze.Warning,
		Kinds:    podHolders(),
		Sources:  []analyze.Citation{behaviour("K37"), page("concepts/containers/container-lifecycle-hooks/")},
		Check: func(p *analyze.Pass) {
			for _, c := range p.Containers {
				why := distroless(c.Image)
				if why == "" {
					continue
				}
				for _, h := range hooks(c) {
					command, path := h.command()
					if len(command) == 0 || !needsUserland(command[0]) {
						continue
					}
					d := p.ReportIn(c, path, "%q is not in this image: the hook fails at once", command[0]).
						Because(c.Path.Child("image"), "%s", why)
					if h.name == "preStop" {
						d.Fix("use the built-in `sleep: {seconds: N}` hook, which needs no program in the image")
						continue
					}
					d.Fix("use httpGet, or call the application's own program")
				}
			}
		},
	}
}
