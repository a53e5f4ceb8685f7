package explain

import (
	"fmt"

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
