package explain

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// sandbox finds why the pod's sandbox (its network) cannot be made (pain 47; K108).
func sandbox(v *podView) []finding {
	if !v.bound() || v.sandboxReady() || terminal(v.pod) || v.anyRunning() {
		return nil
	}
	e := v.last("FailedCreatePodSandBox")
	if n := v.last("NetworkNotReady"); e == nil || n != nil && analyze.EventTime(n).After(analyze.EventTime(e)) {
		e = n
	}
	if d := v.last("FailedPrepareDynamicResources"); e == nil {
		e = d
	}
	if e == nil {
		return nil
	}
	f := finding{Reason: Reason{
		ID: idSandbox, Severity: analyze.Error, Certainty: Certain, Rule: "K108",
		Evidence: []Evidence{event(e)}, Detail: "the kubelet tries again every 10 to 15 seconds; the application is not involved",
	}, state: Failing, folds: []string{idNotReadyYet, idInitRunning}}
	what := v.classifySandbox(&f, e)
	f.Summary = "the pod's sandbox is missing: " + what
	f.says = "cannot start: " + what
	f.actions = []Action{
		look("kubectl describe pod "+shell(v.o.Name)+v.ns(), "the events of the sandbox"),
	}
	if f.ID != idRuntimeClass && f.ID != idMemoryTooSmall && f.ID != idDRA {
		f.actions = append(f.actions, look("kubectl get pods -A -o wide --field-selector spec.nodeName="+shell(v.pod.Spec.NodeName), "whether the network pods of the node run"))
	}
	return []finding{f}
}

// classifySandbox reads the runtime's message; it says what completes "cannot start: ".
func (v *podView) classifySandbox(f *finding, e *corev1.Event) (what string) {
	what = "its sandbox cannot be created: " + shorten(afterSandbox(e.Message), 180)
	switch m := strings.ToLower(e.Message); {
	case e.Reason == "FailedPrepareDynamicResources":
		f.ID, what = idDRA, "its devices (resource claims) cannot be prepared: "+shorten(e.Message, 160)
	case e.Reason == "NetworkNotReady" || containsAny(m, "network plugin is not ready", "cni plugin not initialized", "cni config uninitialized", "network is not ready"):
		f.ID, what = idNetworkNotReady, fmt.Sprintf("the network (CNI) of node %s is not ready", v.pod.Spec.NodeName)
	case containsAny(m, "failed to assign an ip", "no ip addresses available", "no available ip", "ip addresses exhausted", "failed to allocate for range", "no free ip", "insufficientfreeaddresses", "no more ips"):
		f.ID, what = idNoAddress, fmt.Sprintf("the network (CNI) of node %s has no free IP address for it", v.pod.Spec.NodeName)
		f.Detail = joinDetail("the runtime says: "+shorten(afterSandbox(e.Message), 200), f.Detail)
	case containsAny(m, "plugin type=", "cni", "failed to setup network", "networkplugin"):
		f.ID, what = idCNI, "its network (CNI) cannot be set up: "+shorten(afterSandbox(e.Message), 180)
	case containsAny(m, "oom-killed", "memory limit too low"):
		f.ID, what = idMemoryTooSmall, "its memory limit is too low even to create its sandbox: the kernel kills what sets it up"
		f.Detail = joinDetail("raise the limit: containers need some MiB at least", "the runtime says: "+shorten(afterSandbox(e.Message), 200), "the kubelet tries again every 10 to 15 seconds")
	case strings.Contains(m, "runtimehandler") || strings.Contains(m, "no runtime for"):
		f.ID, what = idRuntimeClass, "the node does not know its runtime class: "+shorten(afterSandbox(e.Message), 140)
	}
	return what
}

func afterSandbox(m string) string {
	m = strings.TrimPrefix(m, "Failed to create pod sandbox: ")
	m = strings.TrimPrefix(m, "rpc error: code = Unknown desc = ")
	if _, rest, ok := strings.Cut(m, `": plugin `); ok {
		return "plugin " + rest
	}
	return m
}
