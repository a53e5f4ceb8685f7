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
	}
	if terminal(v.pod) {
		return false
	}
	return c.Status != corev1.ConditionTrue && !strings.HasPrefix(string(c.Type), "AllContainersRestarting")
}

func (v *podView) conditionMeaning(c corev1.PodCondition) string {
	yes := c.Status == corev1.ConditionTrue
	switch c.Type {
	case corev1.PodScheduled:
		return choose(yes, "a node was chosen", scheduledMeaning(c))
	case corev1.PodReadyToStartContainers:
		if !yes && terminal(v.pod) {
			return "its sandbox was removed after its end"
		}
		return choose(yes, "sandbox, network and volumes stand", "sandbox and network do not stand yet")
	case corev1.PodInitialized:
		return choose(yes, "all init containers have done their work", "init containers have not all done their work: "+c.Message)
	case corev1.ContainersReady:
		return choose(yes, "all containers are ready", notReadyMeaning(c))
	case corev1.PodReady:
		if !yes && c.Reason == "" {
			return "the node controller set it: the node does not report"
		}
		if !yes && c.Reason == "ReadinessGatesNotReady" {
			return "the containers are ready, but a readiness gate is not: " + c.Message
		}
		return choose(yes, "Services send traffic to it", notReadyMeaning(c))
	case corev1.DisruptionTarget:
		return choose(yes, "it is, or was, ended from outside: "+c.Reason, "a planned disruption did not happen")
	case corev1.PodResizePending:
		return "a resize was asked for and is " + strings.ToLower(c.Reason)
	case corev1.PodResizeInProgress:
		return "a resize is being carried out"
	}
	for _, g := range v.pod.Spec.ReadinessGates {
		if g.ConditionType == c.Type {
			return choose(yes, "this readiness gate is passed", "this readiness gate keeps the pod from being ready")
		}
	}
	return choose(yes, "true", "not true") + " (set by another controller)"
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
