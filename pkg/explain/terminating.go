package explain

import (
	"fmt"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/simulate"
)

// lateBy is how much later than deletionTimestamp a kubelet may finish without
// anything being wrong: it starts a little after the request (K22), always
// leaves 2s between TERM and KILL (K33), and needs 1 to 2.5s to clean up (K85).
const lateBy = 15 * time.Second

// terminating explains a pod that is being deleted.
func terminating(v *podView) []finding {
	out := []finding{v.deletionStage()}
	if f, ok := v.whyDeleted(); ok {
		out = append(out, f)
	}
	return append(out, v.hookFailed()...)
}

func (v *podView) deletionStage() finding {
	late := v.now.Sub(v.pod.DeletionTimestamp.Time)
	switch {
	case v.ended() && len(v.pod.Finalizers) > 0 && late >= 0:
		return v.heldByFinalizer(late)
	case !v.bound():
		return v.deletedUnbound(late)
	case v.nodeGone():
		return v.deletedOnGoneNode(late)
	case late > 0 && v.nodeDown():
		return v.deletedOnLostNode(late)
	case v.last("FailedKillPod") != nil && late > 0:
		return v.cannotBeKilled(late)
	case late <= lateBy:
		return v.withinGrace(late)
	case v.ended():
		return v.tearDown(late)
	}
	return v.overdue(late)
}

// ended says that no container of the pod runs any more.
func (v *podView) ended() bool {
	if terminal(v.pod) {
		return true
	}
	for _, c := range v.cs {
		if c.st == nil || c.running() != nil {
			return false
		}
	}
	return len(v.cs) > 0 && !v.startingUp()
}

func (v *podView) nodeDown() bool {
	if v.node == nil {
		return false
	}
	c := nodeCondition(v.node, corev1.NodeReady)
	return c != nil && c.Status != corev1.ConditionTrue
}

func (v *podView) grace() int64 {
	if g := v.pod.DeletionGracePeriodSeconds; g != nil {
		return *g
	}
	return 0
}

// stuckDeleting is a finding about a deletion that does not end.
func (v *podView) stuckDeleting(id, what, rule string) finding {
	return finding{Reason: Reason{
		ID: id, Severity: analyze.Error, Certainty: Certain, Rule: rule, Summary: what,
		Evidence: []Evidence{v.see("metadata.deletionTimestamp", v.pod.DeletionTimestamp.UTC().Format(time.RFC3339))},
	}, state: Stuck, says: "is terminating and cannot end: " + what}
}

// heldByFinalizer is a pod whose work is over but whose object somebody holds
// (pain 7, 81; K86). STATUS then shows how the containers ended.
func (v *podView) heldByFinalizer(late time.Duration) finding {
	names := v.pod.Finalizers
	what := fmt.Sprintf("%s %s still holds it, %s after its deletion", are(len(names), "finalizer", "finalizers"), quoted(names, 3), span(late))
	if len(names) > 1 {
		what = strings.Replace(what, "still holds", "still hold", 1)
	}
	f := v.stuckDeleting(idFinalizer, what, "K86")
	f.Detail = "its containers have ended; the object goes when the controller behind the finalizer removes it, a grace period or --force changes nothing"
	f.says = fmt.Sprintf("is deleted but stays: %s %s %s not removed", are(len(names), "finalizer", "finalizers"), quoted(names, 3), are(len(names), "is", "are"))
	for i, n := range names {
		f.Evidence = append(f.Evidence, v.see(fmt.Sprintf("metadata.finalizers[%d]", i), n))
		if owner := finalizerOwner(n); owner != "" {
			f.Detail = joinDetail(f.Detail, fmt.Sprintf("%q belongs to %s", n, owner))
		}
	}
	if late < time.Minute {
		f.Severity = analyze.Warning
	}
	f.actions = []Action{
		look("kubectl get pod "+shell(v.o.Name)+" -o jsonpath='{.metadata.finalizers}'"+v.ns(), "who holds the object"),
		change("kubectl patch pod "+shell(v.o.Name)+" --type=json -p '[{\"op\":\"remove\",\"path\":\"/metadata/finalizers/0\"}]'"+v.ns(),
			"removes the first finalizer by hand; only if its controller is gone for good"),
	}
	return f
}

// finalizerOwner names the controller behind well-known finalizers.
func finalizerOwner(name string) string {
	switch {
	case name == "batch.kubernetes.io/job-tracking":
		return "the Job controller, which removes it once it has counted the pod"
	case name == "foregroundDeletion":
		return "the garbage collector, which waits for the objects it owns"
	case strings.HasPrefix(name, "kueue.x-k8s.io/"):
		return "Kueue"
	}
	return ""
}

// withinGrace is a deletion that goes its way.
func (v *podView) withinGrace(late time.Duration) finding {
	grace := v.grace()
	asked := v.pod.DeletionTimestamp.Add(-time.Duration(grace) * time.Second)
	f := finding{Reason: Reason{
		ID: idTerminating, Severity: analyze.Info, Certainty: Certain, Rule: "K22",
		Summary: fmt.Sprintf("it was deleted %s ago and has a grace period of %s", span(v.since(asked)), seconds(grace)),
		Evidence: []Evidence{
			v.see("metadata.deletionTimestamp", v.pod.DeletionTimestamp.UTC().Format(time.RFC3339)),
			v.see("metadata.deletionGracePeriodSeconds", itoa(grace)),
		},
	}, state: Terminating}
	left := -late
	switch {
	case left > 0 && left >= time.Duration(grace)*time.Second:
		f.says = fmt.Sprintf("is terminating: its whole grace period of %s is left", seconds(grace))
	case left > 0:
		f.says = fmt.Sprintf("is terminating: %s of its grace period of %s is left", span(left), seconds(grace))
	default:
		f.says = fmt.Sprintf("is terminating: its grace period of %s is over, the kubelet is cleaning up", seconds(grace))
	}
	if hooks := v.preStops(); len(hooks) > 0 {
		f.Detail = fmt.Sprintf("the preStop %s of %s may still run, it counts against the grace period; then the stop signal is sent",
			are(len(hooks), "hook", "hooks"), quoted(hooks, 3))
		for _, c := range v.cs {
			if slices.Contains(hooks, c.Name) {
				f.Detail = joinDetail(f.Detail, v.outlivesGrace(c))
				f.Evidence = append(f.Evidence, v.see(c.specPath("lifecycle.preStop"), hookText(c.Lifecycle.PreStop)))
			}
		}
	}
	if len(v.pod.Finalizers) > 0 {
		f.Detail = joinDetail(f.Detail, fmt.Sprintf("%s %s must be removed as well before the object goes", are(len(v.pod.Finalizers), "finalizer", "finalizers"), quoted(v.pod.Finalizers, 3)))
	}
	if left > 0 {
		f.outlook = append(f.outlook, v.stopOutlook()...)
		f.outlook = slices.DeleteFunc(f.outlook, v.hasComeAlready)
	}
	f.actions = []Action{look("kubectl lifecycle termination-timeline pod/"+shell(v.o.Name)+v.ns(), "what happens in which second")}
	return f
}

// hasComeAlready says whether a step of a termination is a stop signal that a
// failed preStop hook has brought forward (K37).
func (v *podView) hasComeAlready(o Outlook) bool {
	return slices.ContainsFunc(v.cs, func(c *containerView) bool {
		return c.last("FailedPreStopHook", "") != nil && strings.HasPrefix(o.What, stopSignalTo(c.Name))
	})
}

// outlivesGrace warns of a preStop hook that takes the whole grace period (pain 13).
func (v *podView) outlivesGrace(c *containerView) string {
	d, ok := simulate.HookDuration(c.Container)
	if !ok || d.V.Earliest < float64(v.grace()) {
		return ""
	}
	return fmt.Sprintf("the hook of %q takes longer than the grace period: the container gets 2 seconds between the stop signal and SIGKILL", c.Name)
}

func (v *podView) preStops() []string {
	var names []string
	for _, c := range v.cs {
		if c.Lifecycle != nil && c.Lifecycle.PreStop != nil && c.Type != analyze.EphemeralContainer && c.last("FailedPreStopHook", "") == nil {
			names = append(names, c.Name)
		}
	}
	return names
}

func hookText(h *corev1.LifecycleHandler) string {
	switch {
	case h.Exec != nil:
		return "exec " + strings.Join(h.Exec.Command, " ")
	case h.Sleep != nil:
		return fmt.Sprintf("sleep %ds", h.Sleep.Seconds)
	case h.HTTPGet != nil:
		return "httpGet :" + h.HTTPGet.Port.String() + h.HTTPGet.Path
	}
	return "tcpSocket"
}

// deletedOnLostNode is the classic pod that stays Terminating: only its kubelet
// could confirm that it has stopped (pain 2; C340, K75).
func (v *podView) deletedOnLostNode(late time.Duration) finding {
	node := v.pod.Spec.NodeName
	ready := nodeCondition(v.node, corev1.NodeReady)
	f := v.stuckDeleting(idNodeLostTerminating, fmt.Sprintf("node %s does not report any more, and only its kubelet can confirm that the containers have stopped", node), "C340")
	ref := v.nodeRef(node)
	f.Object = &ref
	f.Detail = fmt.Sprintf("the deletion is %s overdue; the object goes when the node comes back, when the Node object is deleted, or with the out-of-service taint", span(late))
	f.Evidence = append(f.Evidence, proof(ref, "status.conditions[Ready]", string(ready.Status)+" "+ready.Reason).when(ready.LastTransitionTime.Time))
	f.says = fmt.Sprintf("is terminating and cannot end: node %s is lost (NotReady for %s)", node, span(v.since(ready.LastTransitionTime.Time)))
	if v.ownerKind() == "StatefulSet" {
		f.Detail = joinDetail(f.Detail, "its StatefulSet makes no replacement of the same name before")
	}
	f.actions = []Action{
		look("kubectl describe node "+shell(node), "why the node is lost"),
		change("kubectl taint nodes "+shell(node)+" node.kubernetes.io/out-of-service=nodeshutdown:NoExecute",
			"only when the machine is surely off: its pods are removed and their volumes detached at once"),
	}
	return f
}

func (v *podView) deletedOnGoneNode(late time.Duration) finding {
	node := v.pod.Spec.NodeName
	f := v.stuckDeleting(idNodeGone, fmt.Sprintf("node %s does not exist any more", node), "C351")
	f.Evidence = append(f.Evidence, v.see("spec.nodeName", node))
	f.Detail = "the pod garbage collector removes the pods of such a node 40 to 80 seconds after it"
	f.says = "is terminating: " + f.Summary
	if late < 2*time.Minute {
		f.Severity, f.state = analyze.Info, Terminating
	}
	return f
}

// cannotBeKilled is a container that the runtime cannot stop (pain 19).
func (v *podView) cannotBeKilled(late time.Duration) finding {
	e := v.last("FailedKillPod")
	f := v.stuckDeleting(idCannotKill, fmt.Sprintf("the container runtime of node %s cannot stop it: %s", v.pod.Spec.NodeName, shorten(e.Message, 160)), "K33")
	f.Detail = fmt.Sprintf("the deletion is %s overdue; usual causes are a process in uninterruptible sleep (dead NFS), a lost shim, or an overloaded disk; --force only hides it", span(late))
	f.Evidence = append(f.Evidence, event(e))
	f.says = "is terminating and cannot end: the container runtime cannot kill it"
	f.actions = []Action{look("kubectl describe node "+shell(v.pod.Spec.NodeName), "the state of the node and its runtime")}
	return f
}

// tearDown is a pod whose containers are gone while its volumes or cgroup are
// not (pain 32; K82).
func (v *podView) tearDown(late time.Duration) finding {
	f := v.stuckDeleting(idTearDown, "its containers have ended, but the kubelet has not finished cleaning up (volumes, cgroup)", "K82")
	f.Certainty, f.Why = Likely, "what the kubelet waits for is only in its log"
	f.Detail = fmt.Sprintf("the deletion is %s overdue; a volume that cannot be unmounted is the usual cause", span(late))
	for _, e := range v.find("FailedUnMount", "FailedUnmount", "FailedUnmountDevice", "FailedMount") {
		f.Evidence = append(f.Evidence, event(e))
		f.Certainty = Certain
	}
	if late < time.Minute {
		f.Severity = analyze.Warning
	}
	return f
}

func (v *podView) deletedUnbound(late time.Duration) finding {
	f := v.stuckDeleting(idTerminating, "it was deleted before it was scheduled", "K22")
	f.Severity, f.state, f.says = analyze.Info, Terminating, "is terminating: it was deleted before it was scheduled"
	if len(v.pod.Finalizers) > 0 && late >= 0 {
		return v.heldByFinalizer(late)
	}
	return f
}

// overdue is a deletion that should be over, without a cause that can be seen.
func (v *podView) overdue(late time.Duration) finding {
	f := v.stuckDeleting(idOverdue, fmt.Sprintf("its grace period has been over for %s and containers are still reported as running", span(late)), "K80")
	f.Certainty, f.Why = Possible, "neither the pod nor its events say what the kubelet waits for"
	f.Detail = "the API shows container states of a terminating pod only when all have stopped; a postStart hook or an image pull that is still under way delays the kill, a runtime that hangs prevents it"
	if late < 2*time.Minute {
		f.Severity, f.state = analyze.Warning, Terminating
		f.says = "is terminating: " + f.Summary
	}
	if v.node == nil {
		f.gaps = append(f.gaps, missing(analyze.KindNode, "", "whether node "+v.pod.Spec.NodeName+" is ready"))
	}
	if !v.seesEvents() {
		f.gaps = append(f.gaps, missing(analyze.KindEvent, v.o.Namespace, "whether the runtime fails to kill it"))
	}
	f.actions = []Action{
		look("kubectl get node "+shell(v.pod.Spec.NodeName), "whether the node is ready"),
		look("kubectl describe pod "+shell(v.o.Name)+v.ns(), "the events of the pod"),
	}
	return f
}

// hookFailedBefore is a preStop hook that failed at an earlier stop of a
// container in a pod that lives on.
func hookFailedBefore(v *podView) []finding {
	var out []finding
	for _, f := range v.hookFailed() {
		f.Severity, f.consequence, f.state = analyze.Info, true, Healthy
		f.says = "is running, but " + f.Summary
		out = append(out, f)
	}
	return out
}

// hookFailed tells of a preStop hook that failed: the delay it should give does
// not happen (pain 9; K37).
func (v *podView) hookFailed() []finding {
	var out []finding
	for _, c := range v.cs {
		e := c.last("FailedPreStopHook", "")
		if e == nil {
			continue
		}
		f := finding{Reason: Reason{
			ID: idPreStopFails, Container: c.Name, Severity: analyze.Warning, Certainty: Certain, Rule: "K37",
			Summary:  fmt.Sprintf("the preStop hook of %s failed, so the stop signal came at once", c.label()),
			Detail:   "the termination goes on without it; the event does not say how it failed, a program that the image lacks is the usual cause",
			Evidence: []Evidence{event(e)},
		}, state: Terminating}
		if c.Lifecycle != nil && c.Lifecycle.PreStop != nil {
			f.Evidence = append(f.Evidence, v.see(c.specPath("lifecycle.preStop"), hookText(c.Lifecycle.PreStop)))
		}
		f.says = "is terminating: " + f.Summary
		out = append(out, f)
	}
	return out
}
