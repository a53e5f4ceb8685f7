package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func endpointLag() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL106", Name: "no-wait-for-endpoints",
		Title:    "the pod stops before the load balancers know",
		Severity: analyze.Warning,
		Kinds:    kinds(analyze.KindDeployment, analyze.KindStatefulSet),
		Sources:  []analyze.Citation{behaviour("K408"), behaviour("C252"), page("concepts/workloads/pods/pod-lifecycle/#pod-termination-flow")},
		Check: func(p *analyze.Pass) {
			service, c := servedBy(p)
			n, _, _, _ := fewest(p, p.Object)
			if service == nil || n == 0 || (c.Lifecycle != nil && c.Lifecycle.PreStop != nil) {
				return
			}
			d := p.ReportIn(c, c.Path.Child("name"), "no preStop hook: requests still arrive for some seconds after the stop signal").
				BecauseOf(service, field.NewPath("spec", "selector"), "this Service sends them").
				Fix("add lifecycle.preStop.sleep.seconds: 5 or more, unless the server goes on answering after its stop signal")
			if n < 2 {
				d.At(analyze.Info) // a single pod is not run for availability
			}
		},
	}
}

// servedBy finds a Service that sends requests to the pod, and the container
// that gets them. Headless Services send nothing by themselves.
func servedBy(p *analyze.Pass) (*analyze.Object, analyze.Container) {
	for _, o := range p.Services() {
		s, ok := o.API.(*corev1.Service)
		if !ok || s.Spec.ClusterIP == corev1.ClusterIPNone {
			continue
		}
		if c, ok := target(p, s); ok {
			return o, c
		}
	}
	return nil, analyze.Container{}
}

// target is the container that listens on a port of the Service; the only app
// container where ports do not tell.
func target(p *analyze.Pass, s *corev1.Service) (analyze.Container, bool) {
	var apps []analyze.Container
	for _, c := range running(p) {
		if c.Type == analyze.AppContainer {
			apps = append(apps, c)
		}
		for _, sp := range s.Spec.Ports {
			number := sp.TargetPort.IntVal
			if sp.TargetPort == (intstr.IntOrString{}) {
				number = sp.Port
			}
			for _, port := range c.Ports {
				if (sp.TargetPort.StrVal != "" && port.Name == sp.TargetPort.StrVal) || (number != 0 && port.ContainerPort == number) {
					return c, true
				}
			}
		}
	}
	if len(apps) == 1 {
		return apps[0], true
	}
	return analyze.Container{}, false
}
