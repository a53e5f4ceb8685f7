package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func hostPortSurge() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL302", Name: "host-port-surge",
		Title:    "a new pod needs the port of the node that an old one still holds",
		Severity: analyze.Warning,
		Kinds:    kinds(analyze.KindDeployment),
		Sources:  []analyze.Citation{behaviour("C40"), behaviour("C42"), page("concepts/configuration/overview/#services")},
		Check: func(p *analyze.Pass) {
			d, ok := rollingDeployment(p)
			n, replicasPath, _ := replicas(p.Object)
			if !ok || n == 0 {
				return
			}
			if _, unavailable := rolling(d, n); unavailable > 0 {
				return
			}
			path, what := hostPort(p)
			if path == nil {
				return
			}
			p.Report(path, "%s on one node only: an update needs a free node for each new pod", what).
				Because(replicasPath, "%s, none of which may be missing during an update", count(int(n), "replica")).
				Fix("set strategy.rollingUpdate to maxUnavailable: 1 and maxSurge: 0, or do without the port of the node")
		},
	}
}

// hostPort finds what ties a pod to a port of its node.
func hostPort(p *analyze.Pass) (*field.Path, string) {
	for _, c := range p.Containers {
		for i, port := range c.Ports {
			if port.HostPort != 0 {
				return c.Path.Child("ports").Index(i).Child("hostPort"), "this port can be had"
			}
		}
	}
	if p.Pod.Spec.HostNetwork {
		for _, c := range p.Containers {
			if len(c.Ports) > 0 {
				return p.Pod.SpecPath().Child("hostNetwork"), "the ports can be had"
			}
		}
	}
	return nil, ""
}
