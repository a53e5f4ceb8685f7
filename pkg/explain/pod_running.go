package explain

import (
	"fmt"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// nodeLost finds a pod whose node does not report any more: the pod's own data
// are stale then (pain 2, 95; C332, C333).
func nodeLost(v *podView) []finding {
	if !v.bound() || terminal(v.pod) {
		return nil
	}
	ref := v.nodeRef(v.pod.Spec.NodeName)
	f := finding{Reason: Reason{
		ID: idNodeNotReady, Severity: analyze.Error, Certainty: Certain, Rule: "C332", Object: &ref,
	}, state: Stuck, folds: []string{idReadinessFailing, idNotReadyYet}}
	switch {
	case v.node == nil && v.nodeGone():
		f.ID, f.Rule = idNodeGone, "C351"
		f.Summary = fmt.Sprintf("node %s does not exist any more", ref.Name)
		f.Detail = "the pod garbage collector removes such pods 40 to 80 seconds after the node"
		f.Evidence = []Evidence{v.see("spec.nodeName", ref.Name)}
		f.says = "is lost: " + f.Summary
		return []finding{f}
	case v.node == nil:
		return v.nodeLostUnseen(f)
	}
	ready := nodeCondition(v.node, corev1.NodeReady)
	if ready == nil || ready.Status == corev1.ConditionTrue {
		return nil
	}
	since := v.since(ready.LastTransitionTime.Time)
	what := fmt.Sprintf("node %s has not been ready for %s", ref.Name, span(since))
	if ready.Status == corev1.ConditionUnknown {
		what = fmt.Sprintf("node %s does not report any more; it was marked NotReady (unreachable) %s ago", ref.Name, span(since))
	}
	f.Summary = what
	f.Detail = "phase and container states are those of the last report"
	f.Evidence = []Evidence{
		proof(ref, "status.conditions[Ready]", string(ready.Status)+" "+ready.Reason+": "+ready.Message).when(ready.LastTransitionTime.Time),
		v.see("spec.nodeName", ref.Name),
	}
	f.says = "is not ready: " + what
	if v.ready() {
		f.says, f.Severity = "may not be running: "+what, analyze.Warning
	}
	f.actions = []Action{look("kubectl describe node "+shell(ref.Name), "why the node is not ready")}
	f.outlook = v.evictionOutlook()
	return []finding{f}
}

// nodeLostUnseen infers a lost node from the pod alone: Ready=False without a
// reason while all containers are ready (C333).
func (v *podView) nodeLostUnseen(f finding) []finding {
	ready, all := v.condition(corev1.PodReady), v.condition(corev1.ContainersReady)
	e := v.last("NodeNotReady")
	if ready == nil || ready.Status == corev1.ConditionTrue || all == nil || all.Status != corev1.ConditionTrue || len(v.pod.Spec.ReadinessGates) > 0 {
		return nil
	}
	if ready.Reason != "" && e == nil {
		return nil
	}
	f.Certainty, f.Why = Likely, "the node itself was not seen"
	f.Summary = fmt.Sprintf("node %s seems to be lost: the pod was marked not ready although all its containers are", v.pod.Spec.NodeName)
	f.Evidence = []Evidence{
		v.see(v.conditionPath(corev1.PodReady), "False").when(ready.LastTransitionTime.Time),
		v.see(v.conditionPath(corev1.ContainersReady), "True"),
	}
	if e != nil {
		f.Evidence = append(f.Evidence, event(e))
	}
	f.says = "is not ready: " + f.Summary
	f.gaps = append(f.gaps, missing(analyze.KindNode, "", "whether node "+v.pod.Spec.NodeName+" is ready"))
	f.actions = []Action{look("kubectl get node "+shell(v.pod.Spec.NodeName), "whether the node is ready")}
	return []finding{f}
}

// nodeGone says that the pod's node does not exist: other nodes were seen, and
// all there are.
func (v *podView) nodeGone() bool {
	return v.node == nil && len(v.nodes) > 0 && v.s.Sees(analyze.KindNode, "")
}

func nodeCondition(n *corev1.Node, t corev1.NodeConditionType) *corev1.NodeCondition {
	for i := range n.Status.Conditions {
		if n.Status.Conditions[i].Type == t {
			return &n.Status.Conditions[i]
		}
	}
	return nil
}

// legacySidecar finds a pod that cannot finish because one of its ordinary
// containers goes on after the others have completed (pain 12; K261).
func legacySidecar(v *podView) []finding {
	if v.pod.Spec.RestartPolicy == corev1.RestartPolicyAlways || v.pod.Status.Phase != corev1.PodRunning {
		return nil
	}
	done, running := v.doneAndRunning()
	if len(done) == 0 || len(running) == 0 {
		return nil
	}
	last := done[0]
	for _, c := range done {
		if c.terminated().FinishedAt.After(last.terminated().FinishedAt.Time) {
			last = c
		}
	}
	r := running[0]
	since := v.since(last.terminated().FinishedAt.Time)
	f := finding{Reason: Reason{
		ID: idLegacySidecar, Container: r.Name, Severity: analyze.Warning, Certainty: Likely, Rule: "K261",
		Why:     "whether it is meant to end by itself is not in the API",
		Summary: fmt.Sprintf("%s is still running %s after %s completed; the pod cannot finish before it ends", containerNames(running), span(since), containerNames(done)),
		Detail:  "a helper belongs into initContainers with restartPolicy Always (a sidecar): the kubelet stops those when the work is done",
		Evidence: []Evidence{
			last.seen("state.terminated.exitCode", "0").when(last.terminated().FinishedAt.Time),
			r.seen("state.running.startedAt", r.running().StartedAt.UTC().Format(time.RFC3339)),
			v.see("spec.restartPolicy", string(v.pod.Spec.RestartPolicy)),
		},
	}, state: Stuck, folds: []string{idNotReadyYet}}
	if !knownHelper(r) {
		f.Certainty, f.Why = Possible, "it may well have work of its own that takes longer"
		if since < 5*time.Minute {
			f.Severity, f.state = analyze.Info, Progressing
		}
	}
	f.says = fmt.Sprintf("does not finish: %s completed, but %s is still running", containerNames(done), containerNames(running))
	f.actions = []Action{
		look(r.logs(false), "whether it is about to end"),
		change(fmt.Sprintf("kubectl exec %s -c %s%s -- kill 1", shell(v.o.Name), shell(r.Name), v.ns()), "ends the helper by hand, so that the pod can finish"),
	}
	return []finding{f}
}

// doneAndRunning parts the app containers; both are empty where one of them is
// neither.
func (v *podView) doneAndRunning() (done, running []*containerView) {
	for _, c := range v.cs {
		if c.Type != analyze.AppContainer {
			continue
		}
		switch t := c.terminated(); {
		case t != nil && t.ExitCode == 0:
			done = append(done, c)
		case c.running() != nil:
			running = append(running, c)
		default:
			return nil, nil
		}
	}
	return done, running
}

func containerNames(cs []*containerView) string {
	var names []string
	for _, c := range cs {
		names = append(names, c.Name)
	}
	return are(len(cs), "container ", "containers ") + quoted(names, 3)
}

// knownHelper recognises the names and images of usual helper containers.
func knownHelper(c *containerView) bool {
	return containsAny(strings.ToLower(c.Name+" "+c.Image),
		"proxy", "envoy", "istio", "linkerd", "sidecar", "cloudsql", "cloud-sql", "vault", "agent", "fluent", "log", "otel", "dapr", "exporter")
}

// resize finds an in-place resize that waits or cannot be done (pain 72, 78; K250).
func resize(v *podView) []finding {
	var out []finding
	if c := v.condition(corev1.PodResizePending); c != nil && c.Status == corev1.ConditionTrue {
		f := finding{Reason: Reason{
			ID: idResizeDeferred, Severity: analyze.Info, Certainty: Certain, Rule: "K250",
			Summary:  "its in-place resize is deferred: " + shorten(c.Message, 160),
			Detail:   "it runs on with its old resources; the kubelet tries again when resources become free, at least every 3 minutes",
			Evidence: []Evidence{v.see(v.conditionPath(corev1.PodResizePending), c.Reason+": "+c.Message).when(c.LastTransitionTime.Time)},
		}, state: Waiting}
		if c.Reason == corev1.PodReasonInfeasible {
			f.ID, f.Severity, f.state = idResizeInfeasible, analyze.Warning, Stuck
			f.Summary = "its in-place resize is infeasible: " + shorten(c.Message, 160)
			f.Detail = "it runs on with its old resources; this request is not tried again"
		}
		f.says = "runs with its old resources: " + f.Summary
		f.actions = []Action{look("kubectl get pod "+shell(v.o.Name)+" -o yaml"+v.ns(), "spec.containers[].resources beside status.containerStatuses[].resources")}
		out = append(out, f)
	}
	if c := v.condition(corev1.PodResizeInProgress); c != nil && c.Status == corev1.ConditionTrue {
		f := finding{Reason: Reason{
			ID: idResizeRunning, Severity: analyze.Info, Certainty: Certain, Rule: "K250",
			Summary:  "its in-place resize is being carried out",
			Evidence: []Evidence{v.see(v.conditionPath(corev1.PodResizeInProgress), strings.TrimSpace(c.Reason+" "+c.Message)).when(c.LastTransitionTime.Time)},
		}, state: Progressing}
		if c.Reason == "Error" {
			f.Severity, f.state = analyze.Warning, Failing
			f.Summary = "its in-place resize fails: " + shorten(c.Message, 160)
		}
		f.says = "is being resized: " + f.Summary
		out = append(out, f)
	}
	return out
}

// restartedBefore mentions that a container which does well now was restarted.
func restartedBefore(v *podView) []finding {
	var out []finding
	for _, c := range v.cs {
		t, at := c.ending()
		if t == nil || c.running() == nil || c.restarts() == 0 {
			continue
		}
		k := crash{c: c, v: v, t: t, at: at, ran: -1, mode: again}
		if from := timeOf(t.StartedAt); from != nil {
			k.ran = t.FinishedAt.Sub(*from)
		}
		ago := v.since(t.FinishedAt.Time)
		if !k.outlived() || ago > 24*time.Hour {
			continue
		}
		f := finding{Reason: Reason{
			ID: idRestartedBefore, Container: c.Name, Severity: analyze.Info, Certainty: Certain, Rule: "K217",
			Summary: fmt.Sprintf("%s was restarted %s, the last time %s ago after it ended with %s",
				c.label(), times(c.restarts()), span(ago), endedWith(t)),
			Detail:   fmt.Sprintf("it has been running without trouble for %s", span(v.since(c.running().StartedAt.Time))),
			Evidence: []Evidence{c.seen("restartCount", itoa(c.restarts())), v.see(at+".exitCode", itoa(t.ExitCode)).when(t.FinishedAt.Time)},
		}, state: Healthy}
		f.says = fmt.Sprintf("is running and ready; %s was restarted %s before", c.label(), times(c.restarts()))
		out = append(out, f)
	}
	if !v.ready() {
		return nil
	}
	return out
}

func endedWith(t *corev1.ContainerStateTerminated) string {
	if t.Reason != "" && t.Reason != "Error" && t.Reason != "Completed" {
		return fmt.Sprintf("exit code %d (%s)", t.ExitCode, t.Reason)
	}
	return fmt.Sprintf("exit code %d", t.ExitCode)
}
