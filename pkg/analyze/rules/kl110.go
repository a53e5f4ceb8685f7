package rules

import (
	"path"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func proxyStopsFirst() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL110", Name: "proxy-stops-first",
		Title:    "the proxy stops while the application still needs it",
		Severity: analyze.Warning,
		Kinds:    servers(),
		Sources:  []analyze.Citation{behaviour("K29"), behaviour("K50"), page("concepts/workloads/pods/sidecar-containers/")},
		Check: func(p *analyze.Pass) {
			for _, proxy := range p.Containers {
				if proxy.Type != analyze.AppContainer || !isProxy(proxy) || (proxy.Lifecycle != nil && proxy.Lifecycle.PreStop != nil) {
					continue
				}
				for _, c := range p.Containers {
					needs, at, ok := hookNeeds(p, c)
					if !ok || needs < 1 || c.Type != analyze.AppContainer || c.Name == proxy.Name {
						continue
					}
					p.ReportIn(proxy, proxy.Path.Child("name"), "gets its stop signal at once, %s before %s does", span(needs), c.Name).
						Because(at, "meanwhile %s waits here", c.Name).
						Fix("make the proxy a sidecar: an init container with restartPolicy: Always is stopped after the others")
				}
			}
		},
	}
}

// isProxy recognises proxies by the images and names they usually have.
func isProxy(c analyze.Container) bool {
	image := path.Base(imageName(c.Image))
	for _, known := range []string{"proxyv2", "cloud-sql-proxy", "cloudsql-proxy", "gce-proxy", "alloydb-auth-proxy", "linkerd-proxy", "envoy", "kong-mesh", "consul-dataplane", "kuma-dp"} {
		if image == known {
			return len(c.Command) == 0 || !isShell(c.Command[0])
		}
	}
	return c.Name == "istio-proxy" || c.Name == "linkerd-proxy" || c.Name == "cloudsql-proxy" || c.Name == "cloud-sql-proxy"
}
