package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func probeOfSomethingElse() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL210", Name: "probe-host",
		Title:    "the probe asks somebody else than the container",
		Severity: analyze.Warning,
		Kinds:    podHolders(),
		Sources:  []analyze.Citation{behaviour("K142"), page("concepts/configuration/liveness-readiness-startup-probes/")},
		Check: func(p *analyze.Pass) {
			for _, c := range p.Containers {
				for _, h := range probes(c) {
					if host, ok := dependency(h); ok {
						_, path := h.command()
						p.ReportIn(c, path, "when %s is down, every pod that asks it is restarted", host).
							Fix("let the liveness probe ask the container itself, and readiness what it depends on")
						continue
					}
					host, path := probeHost(h)
					switch {
					case host == "" || placeholder.MatchString(host):
					case p.Pod.Spec.HostNetwork && (local(host) || isAddress(host)):
					case local(host):
						p.ReportIn(c, path, "%s is the node here, not the pod", host).
							Fix("the kubelet asks from the node: leave host out, and let the application listen on all addresses")
					case h.name == "livenessProbe":
						p.ReportIn(c, path, "when %s is down, every pod that asks it is restarted", host).
							Fix("let the liveness probe ask the container itself: leave host out")
					default:
						p.ReportIn(c, path, "says whether %s answers, not whether this container does", host).
							Fix("leave host out, so that the container itself is asked")
					}
				}
			}
		},
	}
}

func probeHost(h handler) (string, *field.Path) {
	switch {
	case h.http != nil:
		return h.http.Host, h.path.Child("httpGet", "host")
	case h.tcp != nil:
		return h.tcp.Host, h.path.Child("tcpSocket", "host")
	}
	return "", nil
}

// isAddress says whether the host is an address. In the network of its node a pod may
// listen on an address of its own, such as the link-local one of a DNS cache.
func isAddress(host string) bool { return len(validation.IsValidIP(nil, host)) == 0 }

func local(host string) bool {
	return host == "localhost" || host == "127.0.0.1" || host == "::1"
}
