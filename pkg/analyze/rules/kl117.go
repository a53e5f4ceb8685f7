package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func hookHost() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL117", Name: "hook-host",
		Title:    "the hook calls the node instead of the pod",
		Severity: analyze.Warning,
		Kinds:    podHolders(),
		Sources:  []analyze.Citation{behaviour("K38"), source("pkg/kubelet/lifecycle/handlers.go")},
		Check: func(p *analyze.Pass) {
			if p.Pod.Spec.HostNetwork {
				return
			}
			for _, c := range running(p) {
				for _, h := range hooks(c) {
					if h.http != nil && local(h.http.Host) {
						p.ReportIn(c, h.path.Child("httpGet", "host"), "the kubelet makes this call, so %s is the node", h.http.Host).
							Fix("leave host out, and let the application listen on all addresses, or use an exec hook")
					}
				}
			}
		},
	}
}
