package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func probePort() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL207", Name: "probe-port-unknown",
		Title:    "the probe calls a port that the container does not name",
		Severity: analyze.Error,
		Kinds:    podHolders(),
		Sources:  []analyze.Citation{behaviour("K142"), source("pkg/probe/util.go")},
		Check: func(p *analyze.Pass) {
			for _, c := range p.Containers {
				for _, h := range probes(c) {
					port, path, ok := h.port()
					if !ok || port.StrVal == "" || declares(c, port.StrVal) || numeric(port.StrVal) {
						continue
					}
					p.ReportIn(c, path, "no port of this container is called %q: the %s never succeeds", port.StrVal, h.name).
						Fix("use a name or number from the container's ports%s", portNames(c))
				}
			}
		},
	}
}
