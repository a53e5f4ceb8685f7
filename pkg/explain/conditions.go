package explain

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// conditions lists the pod's conditions with what each means now (K270–K276).
func (v *podView) conditions() []Condition {
	var out []Condition
	for _, c := range v.pod.Status.Conditions {
		out = append(out, Condition{
			Type: string(c.Type), Status: string(c.Status), Reason: c.Reason, Message: c.Message,
			Since: timeOf(c.LastTransitionTime), Meaning: v.conditionMeaning(c), Bad: v.conditionBad(c),
		})
	}
	return out
}

// conditionBad says whether the condition is not as one wants it. After the end
// of a pod False is as it should be.
func (v *podView) conditionBad(c corev1.PodCondition) bool {
	switch c.Type {
	case corev1.DisruptionTarget, corev1.PodResizePending:
		return c.Status == corev1.ConditionTrue
	case corev1.PodResizeInProgress:
		return c.Reason == "Error"
	case corev1.AllContainersRestarting:
		return false
	default:
		return !terminal(v.pod) && c.Status != corev1.ConditionTrue
	}
}

func (v *podView) conditionMeaning(c corev1.PodCondition) string {
	if c.Status == corev1.ConditionTrue {
		return v.trueMeaning(c)
	}
	switch c.Type {
	case corev1.PodScheduled:
		return scheduledMeaning(c)
	case corev1.PodReadyToStartContainers:
		return choose(terminal(v.pod), "its sandbox was removed after its end", "sandbox and network do not stand yet")
	case corev1.PodInitialized:
		return "init containers have not all done their work"
	case corev1.ContainersReady:
		return notReadyMeaning(c)
	case corev1.PodReady:
		switch c.Reason {
		case "":
			return "the node controller set it: the node does not report"
		case "ReadinessGatesNotReady":
			return "the containers are ready, but a readiness gate is not"
		}
		return notReadyMeaning(c)
	case corev1.DisruptionTarget:
		return "a planned disruption did not happen"
	default:
		return choose(v.isGate(c.Type), "this readiness gate keeps the pod from being ready", "not true (set by another controller)")
	}
}

func (v *podView) trueMeaning(c corev1.PodCondition) string {
	switch c.Type {
	case corev1.PodScheduled:
		return "a node was chosen"
	case corev1.PodReadyToStartContainers:
		return "sandbox, network and volumes stand"
	case corev1.PodInitialized:
		return choose(len(v.pod.Spec.InitContainers) > 0, "all init containers have done their work", "it has no init containers to wait for")
	case corev1.ContainersReady:
		return "all containers are ready"
	case corev1.PodReady:
		return choose(v.deleting(), "all containers are ready, but it is being deleted: Services send nothing new to it", "Services send traffic to it")
	case corev1.DisruptionTarget:
		return "it is, or was, ended from outside: " + c.Reason
	case corev1.PodResizePending:
		return "a resize was asked for and is " + strings.ToLower(c.Reason)
	case corev1.PodResizeInProgress:
		return "a resize is being carried out"
	case corev1.AllContainersRestarting:
		return "all its containers are being restarted in place"
	default:
		return choose(v.isGate(c.Type), "this readiness gate is passed", "true (set by another controller)")
	}
}

func (v *podView) isGate(t corev1.PodConditionType) bool {
	for _, g := range v.pod.Spec.ReadinessGates {
		if g.ConditionType == t {
			return true
		}
	}
	return false
}

func choose[T any](yes bool, a, b T) T {
	if yes {
		return a
	}
	return b
}

func scheduledMeaning(c corev1.PodCondition) string {
	switch c.Reason {
	case corev1.PodReasonSchedulingGated:
		return "the scheduler must not look at it before its gates are removed"
	case corev1.PodReasonUnschedulable:
		return "no node takes it"
	}
	return "no node was chosen: " + c.Reason
}

func notReadyMeaning(c corev1.PodCondition) string {
	switch c.Reason {
	case "PodCompleted":
		return "it has completed"
	case "PodFailed":
		return "it has ended"
	case "ContainersNotReady":
		text := strings.NewReplacer("containers with unready status: ", "", "containers with unknown status: ", "", "[", "", "]", "").Replace(c.Message)
		return "not ready: " + strings.ReplaceAll(text, " ", ", ")
	}
	return strings.TrimSpace("not ready " + c.Reason)
}
