package explain

import (
	"fmt"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// whyDeleted tells who ended the pod, out of its DisruptionTarget condition
// (pain 58, 61; K275, C294, C338, C351, C386).
func (v *podView) whyDeleted() (finding, bool) {
	c := v.condition(corev1.DisruptionTarget)
	if c == nil || c.Status != corev1.ConditionTrue {
		return finding{}, false
	}
	f := finding{Reason: Reason{
		Severity: analyze.Info, Certainty: Certain,
		Evidence: []Evidence{v.see(v.conditionPath(corev1.DisruptionTarget), c.Reason+": "+c.Message).when(c.LastTransitionTime.Time)},
	}, state: Terminating}
	ago := span(v.since(c.LastTransitionTime.Time))
	switch c.Reason {
	case "EvictionByEvictionAPI":
		f.ID, f.Rule = idEvictedByAPI, "C294"
		f.Summary = fmt.Sprintf("it was evicted through the API %s ago, as kubectl drain and autoscalers do", ago)
		if v.node != nil && v.node.Spec.Unschedulable {
			f.Summary = fmt.Sprintf("it was evicted through the API %s ago; node %s is cordoned, so the node is being drained", ago, v.node.Name)
			f.Evidence = append(f.Evidence, proof(v.nodeRef(v.node.Name), "spec.unschedulable", "true"))
		}
	case "PreemptionByScheduler":
		f.ID, f.Rule = idPreempted, "C386"
		f.Summary = fmt.Sprintf("the scheduler preempted it %s ago for a pod of higher priority", ago)
		if e := v.last("Preempted"); e != nil {
			f.Evidence = append(f.Evidence, event(e))
			f.Summary += v.preemptor(e.Message)
		}
	case "DeletionByTaintManager":
		f.ID, f.Rule = idTaintEvicted, "C338"
		f.Summary = fmt.Sprintf("it was deleted %s ago because it does not (or no longer) tolerate a NoExecute taint of its node%s", ago, v.noExecute())
	case "DeletionByPodGC":
		f.ID, f.Rule = idPodGC, "C351"
		f.Summary = fmt.Sprintf("the pod garbage collector removed it %s ago: %s", ago, strings.TrimPrefix(c.Message, "PodGC: "))
	case "TerminationByKubelet":
		f.ID, f.Rule = idKubeletTerminates, "K275"
		f.Summary = fmt.Sprintf("the kubelet ended it %s ago: %s", ago, shorten(c.Message, 160))
	default:
		f.ID, f.Rule = idDisrupted, "K275"
		f.Summary = fmt.Sprintf("it was disrupted %s ago: %s %s", ago, c.Reason, shorten(c.Message, 120))
	}
	f.says = "is terminating: " + f.Summary
	return f, true
}

// preemptor names the pod out of "Preempted by pod UID on node n1", where it was seen.
func (v *podView) preemptor(message string) string {
	_, rest, _ := strings.Cut(message, "Preempted by pod ")
	uid, _, _ := strings.Cut(rest, " ")
	o := v.s.ByUID(types.UID(uid))
	if o == nil {
		return ""
	}
	text := ": " + o.String()
	if p, ok := o.API.(*corev1.Pod); ok && p.Spec.Priority != nil {
		text += fmt.Sprintf(" (priority %d)", *p.Spec.Priority)
	}
	return text
}

// noExecute names the NoExecute taints of the pod's node.
func (v *podView) noExecute() string {
	if v.node == nil {
		return ""
	}
	var names []string
	for _, t := range v.node.Spec.Taints {
		if t.Effect == corev1.TaintEffectNoExecute {
			names = append(names, t.Key)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return " (" + list(names, 3) + ")"
}

// evictionOutlook is when the taint manager deletes a pod of a lost node: the
// shortest toleration of the node's NoExecute taints, counted from the taint
// (C337, C338).
func (v *podView) evictionOutlook() []Outlook {
	if v.node == nil || v.deleting() {
		return nil
	}
	for _, taint := range v.node.Spec.Taints {
		if taint.Effect != corev1.TaintEffectNoExecute || taint.TimeAdded == nil {
			continue
		}
		for i := range v.pod.Spec.Tolerations {
			t := &v.pod.Spec.Tolerations[i]
			if !tolerates(t, &taint) {
				continue
			}
			if t.TolerationSeconds == nil {
				return nil
			}
			at := taint.TimeAdded.Add(time.Duration(*t.TolerationSeconds) * time.Second)
			if at.Before(v.now) {
				return nil
			}
			return []Outlook{{
				What: fmt.Sprintf("%s is deleted: it tolerates %s for %s", v.name(), taint.Key, seconds(*t.TolerationSeconds)),
				At:   between(at, at, at.Add(time.Second)), Rule: "C338", Assumes: "the node stays lost",
			}}
		}
	}
	return nil
}
