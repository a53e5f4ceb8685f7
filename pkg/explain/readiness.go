package explain

import (
	"fmt"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/simulate"
)

// readiness finds running containers whose readiness probe fails (pain 21, 33, 51).
func readiness(v *podView) []finding {
	if v.ready() {
		return nil
	}
	var out []finding
	for _, c := range v.cs {
		probed := c.Type == analyze.AppContainer || c.Type == analyze.SidecarContainer
		if probed && c.running() != nil && c.started() && !c.st.Ready && c.ReadinessProbe != nil {
			out = append(out, c.readinessFinding())
		}
	}
	return out
}

func (c *containerView) readinessFinding() finding {
	v, p := c.v, c.ReadinessProbe
	ran := v.since(c.running().StartedAt.Time)
	f := finding{Reason: Reason{
		ID: idReadinessFailing, Container: c.Name, Severity: analyze.Info, Certainty: Certain, Rule: "K140",
		Evidence: []Evidence{c.seen("ready", "false"), v.see(c.specPath("readinessProbe"), probeText(p))},
	}, state: Progressing, folds: []string{idNotReadyYet}}
	e := c.unhealthy("readiness")
	if e != nil && analyze.EventTime(e).Before(c.running().StartedAt.Add(-time.Second)) {
		e = nil // about an earlier instance
	}
	t := simulate.TimingOf(p)
	patience := time.Duration(t.Delay+2*float64(t.Failures)*t.Period) * time.Second
	patience = max(min(patience, 3*time.Minute), 30*time.Second)
	why := ""
	if e != nil {
		f.Evidence = append(f.Evidence, event(e))
		trouble := probeFailure(e.Message)
		f.Detail = trouble.help
		if trouble.short != "" {
			why = ": " + trouble.short
		}
	}
	f.Summary = fmt.Sprintf("the readiness probe of %s fails%s; it has been running for %s", c.label(), why, span(ran))
	switch {
	case e == nil && ran < patience:
		f.Summary = fmt.Sprintf("the readiness probe of %s has not succeeded yet; it has been running for %s", c.label(), span(ran))
		f.says = "is starting: " + f.Summary
	case ran < patience:
		f.Summary = fmt.Sprintf("the readiness probe of %s has not succeeded yet%s; it has been running for %s", c.label(), why, span(ran))
		f.says = fmt.Sprintf("is starting: the readiness probe of %s does not succeed yet%s", c.label(), why)
	default:
		f.Severity, f.state = analyze.Warning, Failing
		f.says = fmt.Sprintf("is not ready: the readiness probe of %s fails%s", c.label(), why)
		if e == nil {
			f.Certainty = Likely
			f.Why = "no event tells how it fails"
			if !v.seesEvents() {
				f.gaps = append(f.gaps, missing(analyze.KindEvent, v.o.Namespace, "how the readiness probe fails"))
			}
		}
		f.Detail = joinDetail(f.Detail, c.peers())
	}
	f.actions = []Action{
		look(c.logs(false), "why the application is not ready"),
		look("kubectl describe pod "+shell(v.o.Name)+v.ns(), "the probe and its failures"),
	}
	return f
}

// peers warns about a headless Service that publishes only ready pods where
// the pods of a StatefulSet may need each other to become ready (pain 33).
func (c *containerView) peers() string {
	for _, s := range c.v.servicesOf(c.v.pod) {
		if s.svc.Spec.ClusterIP == corev1.ClusterIPNone && !s.svc.Spec.PublishNotReadyAddresses && s.o.Name == c.v.pod.Spec.Subdomain {
			return fmt.Sprintf("headless Service %q does not publish pods that are not ready: peers cannot find this one before", s.o.Name)
		}
	}
	return ""
}

// probeText is a probe in one line: "httpGet :8080/ready every 3s, 2 failures".
func probeText(p *corev1.Probe) string {
	how := "exec"
	switch {
	case p.HTTPGet != nil:
		how = fmt.Sprintf("httpGet :%s%s", p.HTTPGet.Port.String(), p.HTTPGet.Path)
	case p.TCPSocket != nil:
		how = "tcpSocket :" + p.TCPSocket.Port.String()
	case p.GRPC != nil:
		how = fmt.Sprintf("grpc :%d", p.GRPC.Port)
	case p.Exec != nil:
		how = "exec " + shorten(strings.Join(p.Exec.Command, " "), 60)
	}
	t := simulate.TimingOf(p)
	return fmt.Sprintf("%s every %s, timeout %s, %s", how, seconds(int64(t.Period)), seconds(int64(t.Timeout)), plural(t.Failures, "failure"))
}

// readinessGates finds a pod whose containers are ready but whose readiness
// gates are not (pain 18; K274).
func readinessGates(v *podView) []finding {
	ready := v.condition(corev1.PodReady)
	all := v.condition(corev1.ContainersReady)
	if ready == nil || ready.Status == corev1.ConditionTrue || all == nil || all.Status != corev1.ConditionTrue || len(v.pod.Spec.ReadinessGates) == 0 {
		return nil
	}
	f := finding{Reason: Reason{
		ID: idReadinessGate, Severity: analyze.Warning, Certainty: Certain, Rule: "K274",
		Evidence: []Evidence{v.see(v.conditionPath(corev1.PodReady), ready.Reason+": "+ready.Message).when(ready.LastTransitionTime.Time)},
		Detail:   "the controller behind the gate (a load balancer's, for instance) sets this condition, the kubelet does not",
	}, state: Waiting, folds: []string{idNotReadyYet}}
	var open []string
	for i, g := range v.pod.Spec.ReadinessGates {
		c := v.condition(g.ConditionType)
		switch {
		case c == nil:
			open = append(open, fmt.Sprintf("readiness gate %q has no condition yet", g.ConditionType))
		case c.Status != corev1.ConditionTrue:
			text := fmt.Sprintf("readiness gate %q is %s", g.ConditionType, c.Status)
			if c.Reason != "" || c.Message != "" {
				text += " (" + strings.TrimSpace(c.Reason+" "+shorten(c.Message, 100)) + ")"
			}
			open = append(open, text)
		default:
			continue
		}
		f.Evidence = append(f.Evidence, v.see(fmt.Sprintf("spec.readinessGates[%d].conditionType", i), string(g.ConditionType)))
	}
	if len(open) == 0 {
		return nil
	}
	since := v.since(all.LastTransitionTime.Time)
	if since < 30*time.Second {
		f.Severity, f.state = analyze.Info, Progressing
	}
	f.Summary = strings.Join(open, ", ") + fmt.Sprintf("; all containers have been ready for %s", span(since))
	f.says = "is not ready: its containers are, but " + list(open, 2)
	f.actions = []Action{look("kubectl get pod "+shell(v.o.Name)+" -o wide"+v.ns(), "the column READINESS GATES")}
	return []finding{f}
}
