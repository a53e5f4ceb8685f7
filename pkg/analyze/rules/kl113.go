package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func hookPort() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL113", Name: "hook-port-unknown",
		Title:    "the hook calls a port that the container does not name",
		Severity: analyze.Error,
		Kinds:    podHolders(),
		Sources:  []analyze.Citation{behaviour("K38"), source("pkg/kubelet/lifecycle/handlers.go")},
		Check: func(p *analyze.Pass) {
			for _, c := range p.Containers {
				for _, h := range hooks(c) {
					port, path, ok := h.port()
					if !ok || port.StrVal == "" || declares(c, port.StrVal) || numeric(port.StrVal) {
						continue
					}
					p.ReportIn(c, path, "no port of this container is called %q: the hook fails", port.StrVal).
						Fix("use a name or number from the container's ports%s", portNames(c))
				}
			}
		},
	}
}
