package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// A handler is a probe or hook as far as they are alike.
type handler struct {
	exec   *corev1.ExecAction
	http   *corev1.HTTPGetAction
	tcp    *corev1.TCPSocketAction
	grpc   *corev1.GRPCAction
	sleep  *corev1.SleepAction
	path   *field.Path // of the probe or hook
	name   string      // "preStop", "livenessProbe", …
	isHook bool
}

// hooks are the written lifecycle hooks of a container, preStop last.
func hooks(c analyze.Container) []handler {
	var out []handler
	if c.Lifecycle == nil {
		return nil
	}
	add := func(h *corev1.LifecycleHandler, name string) {
		if h != nil {
			out = append(out, handler{
				exec: h.Exec, http: h.HTTPGet, tcp: h.TCPSocket, sleep: h.Sleep,
				path: c.Path.Child("lifecycle", name), name: name, isHook: true,
			})
		}
	}
	add(c.Lifecycle.PostStart, "postStart")
	add(c.Lifecycle.PreStop, "preStop")
	return out
}

// probes are the written probes of a container.
func probes(c analyze.Container) []handler {
	var out []handler
	add := func(p *corev1.Probe, name string) {
		if p != nil {
			out = append(out, handler{
				exec: p.Exec, http: p.HTTPGet, tcp: p.TCPSocket, grpc: p.GRPC,
				path: c.Path.Child(name), name: name,
			})
		}
	}
	add(c.StartupProbe, "startupProbe")
	add(c.ReadinessProbe, "readinessProbe")
	add(c.LivenessProbe, "livenessProbe")
	return out
}

// port is the port the handler talks to, and where it is written.
func (h handler) port() (intstr.IntOrString, *field.Path, bool) {
	switch {
	case h.http != nil:
		return h.http.Port, h.path.Child("httpGet", "port"), true
	case h.tcp != nil:
		return h.tcp.Port, h.path.Child("tcpSocket", "port"), true
	case h.grpc != nil:
		return intstr.FromInt32(h.grpc.Port), h.path.Child("grpc", "port"), true
	}
	return intstr.IntOrString{}, nil, false
}

// command is what an exec handler runs, and where it is written.
func (h handler) command() ([]string, *field.Path) {
	if h.exec == nil {
		return nil, nil
	}
	return h.exec.Command, h.path.Child("exec", "command")
}

// declares says whether the container names the port.
func declares(c analyze.Container, name string) bool {
	for _, p := range c.Ports {
		if p.Name == name {
			return true
		}
	}
	return false
}
