package validate

import (
	"fmt"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

const forInit = "may not be set for init containers without restartPolicy=Always"

// Probes refuses what is wrong with the probes of a pod
// (pkg/apis/core/validation/validation.go@v1.36.3, validateProbe and its callers).
func Probes(t analyze.PodTemplate) field.ErrorList {
	var e errs
	for _, c := range t.Containers() {
		for _, probe := range []struct {
			*corev1.Probe
			name string
		}{{c.LivenessProbe, "livenessProbe"}, {c.ReadinessProbe, "readinessProbe"}, {c.StartupProbe, "startupProbe"}} {
			path := c.Path.Child(probe.name)
			switch {
			case probe.Probe == nil || c.Type == analyze.EphemeralContainer:
			case c.Type == analyze.InitContainer:
				e.forbidden(path, forInit)
			default:
				e.probe(path, probe.Probe, probe.name == "readinessProbe")
			}
		}
	}
	return e.list
}

func (e *errs) probe(p *field.Path, probe *corev1.Probe, readiness bool) {
	e.handler(p, action{exec: probe.Exec, http: probe.HTTPGet, tcp: probe.TCPSocket, grpc: probe.GRPC})
	number(e, p.Child("initialDelaySeconds"), probe.InitialDelaySeconds)
	number(e, p.Child("timeoutSeconds"), probe.TimeoutSeconds)
	number(e, p.Child("periodSeconds"), probe.PeriodSeconds)
	number(e, p.Child("successThreshold"), probe.SuccessThreshold)
	number(e, p.Child("failureThreshold"), probe.FailureThreshold)
	grace := p.Child("terminationGracePeriodSeconds")
	if g := probe.TerminationGracePeriodSeconds; g != nil {
		if *g <= 0 {
			invalid(e, grace, *g, "must be greater than 0")
		}
		if readiness {
			invalid(e, grace, *g, "must not be set for readinessProbes")
		}
	}
	if n := probe.SuccessThreshold; !readiness && n != 0 && n != 1 {
		invalid(e, p.Child("successThreshold"), n, "must be 1")
	}
}

// Hooks refuses what is wrong with the lifecycle hooks of a pod. A stop signal is
// dropped before anything is judged where its feature gate is off, and with it a
// lifecycle that holds nothing else.
func Hooks(t analyze.PodTemplate, o Options) field.ErrorList {
	var e errs
	grace := t.GracePeriod().V
	if g := t.Spec.TerminationGracePeriodSeconds; g != nil {
		grace = *g // the negative number is still there when it is validated
	}
	for _, c := range t.Containers() {
		if c.Lifecycle == nil || c.Type == analyze.EphemeralContainer {
			continue
		}
		signal := c.Lifecycle.StopSignal != nil
		if signal && !o.StopSignals && c.Lifecycle.PreStop == nil && c.Lifecycle.PostStart == nil {
			continue
		}
		path := c.Path.Child("lifecycle")
		if c.Type == analyze.InitContainer {
			e.forbidden(path, forInit)
			continue
		}
		if signal && o.StopSignals && t.Spec.OS == nil {
			e.forbidden(path.Child("stopSignal"), "may not be set for containers with empty `spec.os.name`")
		}
		for _, h := range []struct {
			*corev1.LifecycleHandler
			name string
		}{{c.Lifecycle.PostStart, "postStart"}, {c.Lifecycle.PreStop, "preStop"}} {
			if h.LifecycleHandler != nil {
				e.handler(path.Child(h.name), action{exec: h.Exec, http: h.HTTPGet, tcp: h.TCPSocket, sleep: h.Sleep, grace: grace, zeroSleep: o.ZeroSleep})
			}
		}
	}
	return e.list
}

// An action is what a probe or hook does.
type action struct {
	exec      *corev1.ExecAction
	http      *corev1.HTTPGetAction
	tcp       *corev1.TCPSocketAction
	grpc      *corev1.GRPCAction
	sleep     *corev1.SleepAction
	grace     int64
	zeroSleep bool
}

// handler refuses none, several, and what is wrong with the first one.
func (e *errs) handler(p *field.Path, a action) {
	n := 0
	try := func(written bool, name string, check func(*field.Path)) {
		if !written {
			return
		}
		if n++; n > 1 {
			e.forbidden(p.Child(name), "may not specify more than 1 handler type")
			return
		}
		check(p.Child(name))
	}
	try(a.exec != nil, "exec", func(p *field.Path) {
		if len(a.exec.Command) == 0 {
			e.required(p.Child("command"), "")
		}
	})
	try(a.http != nil, "httpGet", func(p *field.Path) { e.httpGet(p, a.http) })
	try(a.tcp != nil, "tcpSocket", func(p *field.Path) { e.port(p.Child("port"), a.tcp.Port) })
	try(a.grpc != nil, "grpc", func(p *field.Path) { e.port(p.Child("port"), intstr.FromInt32(a.grpc.Port)) })
	try(a.sleep != nil, "sleep", func(p *field.Path) { e.sleep(p, a) })
	if n == 0 {
		e.required(p, "must specify a handler type")
	}
}

func (e *errs) httpGet(p *field.Path, a *corev1.HTTPGetAction) {
	e.port(p.Child("port"), a.Port)
	optional(e, p.Child("scheme"), a.Scheme, corev1.URISchemeHTTP, corev1.URISchemeHTTPS)
	for _, h := range a.HTTPHeaders {
		invalid(e, p.Child("httpHeaders"), h.Name, validation.IsHTTPHeaderName(h.Name)...)
	}
}

func (e *errs) sleep(p *field.Path, a action) {
	switch {
	case a.sleep.Seconds < 0 || a.sleep.Seconds > a.grace:
		invalid(e, p, a.sleep.Seconds, fmt.Sprintf("must be non-negative and not more than terminationGracePeriodSeconds (%d)", a.grace))
	case a.sleep.Seconds == 0 && !a.zeroSleep:
		invalid(e, p, a.sleep.Seconds, "must be greater than 0")
	}
}
