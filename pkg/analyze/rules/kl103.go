package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func tcpSocketHook() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL103", Name: "tcpsocket-hook",
		Title:    "a tcpSocket hook never works",
		Severity: analyze.Error,
		Kinds:    podHolders(),
		Sources:  []analyze.Citation{behaviour("K38"), source("pkg/kubelet/lifecycle/handlers.go")},
		Check: func(p *analyze.Pass) {
			for _, c := range p.Containers {
				for _, h := range hooks(c) {
					if h.tcp == nil || h.exec != nil || h.http != nil || h.sleep != nil {
						continue
					}
					d := p.ReportIn(c, h.path.Child("tcpSocket"), "the kubelet cannot run a tcpSocket hook")
					if h.name == "postStart" {
						d.Fix("use exec or httpGet: as it is, each start fails and the container is restarted for ever")
						continue
					}
					d.Fix("use exec, httpGet or sleep: as it is, the hook fails at once and the stop signal follows")
				}
			}
		},
	}
}
