package explain

import (
	"fmt"
	"regexp"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// succeeded explains a pod that has ended well, or that looks like it (pain 73).
func succeeded(v *podView) []finding {
	if f, ok := v.whyDeleted(); ok {
		f.ID, f.Severity, f.state, f.Rule = idEvictedCompleted, analyze.Warning, Completed, "K81"
		f.Detail = "all its containers ended with exit code 0, so the phase is Succeeded although it was ended from outside"
		f.says = "has ended: " + f.Summary
		return []finding{f}
	}
	if e := v.last("Evicted"); e != nil {
		return []finding{{Reason: Reason{
			ID: idEvictedCompleted, Severity: analyze.Warning, Certainty: Certain, Rule: "K81",
			Summary:  "the kubelet evicted it: " + strings.TrimRight(shorten(e.Message, 160), ". "),
			Detail:   "all its containers ended with exit code 0, so the phase is Succeeded and status.reason is dropped",
			Evidence: []Evidence{event(e), v.see("status.phase", "Succeeded")},
		}, state: Completed, says: "was evicted, although it shows Completed"}}
	}
	return nil
}

// failed explains a pod in phase Failed: who ended it, or which container did.
func failed(v *podView) []finding {
	if f, ok := v.failedByReason(); ok {
		return []finding{f}
	}
	out := crashes(v)
	if f, ok := v.whyDeleted(); ok {
		f.Severity, f.state = analyze.Error, Failed
		f.says = "failed: " + f.Summary
		out = append([]finding{f}, out...)
	}
	return out
}

// failedByReason reads status.reason: set by the kubelet only, on whole pods (K300–K305).
func (v *podView) failedByReason() (finding, bool) {
	reason, message := v.pod.Status.Reason, v.pod.Status.Message
	if reason == "" {
		return finding{}, false
	}
	f := finding{Reason: Reason{
		Severity: analyze.Error, Certainty: Certain, Rule: "K300",
		Evidence: []Evidence{v.see("status.reason", reason), v.see("status.message", message)},
	}, state: Failed}
	f.actions = v.afterFailure()
	switch {
	case reason == "Evicted" && strings.Contains(message, "The node had condition"):
		f.ID, f.Rule = idRejectedPressure, "K304"
		f.Summary = fmt.Sprintf("node %s refused it because it is short of resources: %s", v.pod.Spec.NodeName, rejected(message))
	case reason == "Evicted":
		v.evicted(&f, message)
	case reason == "Terminated", reason == "Shutdown":
		f.ID, f.Rule = idNodeShutdown, "K68"
		f.Summary = fmt.Sprintf("node %s was shut down and ended it", v.pod.Spec.NodeName)
		f.Detail = "the object stays until somebody deletes it; it is harmless where a controller made a replacement"
	case reason == "NodeShutdown":
		f.ID, f.Rule = idNodeShutdown, "K304"
		f.Summary = fmt.Sprintf("node %s refused it because it is shutting down", v.pod.Spec.NodeName)
	case reason == "Preempting":
		f.ID, f.Rule = idKubeletPreempts, "K69"
		f.Summary = fmt.Sprintf("the kubelet of node %s ended it to make space for a critical pod", v.pod.Spec.NodeName)
	case reason == "DeadlineExceeded":
		v.podDeadline(&f)
	case reason == "NodeLost":
		f.ID, f.Rule = idNodeNotReady, "K305"
		f.Summary = fmt.Sprintf("node %s was lost", v.pod.Spec.NodeName)
	default:
		v.refused(&f, reason, message)
	}
	f.says = "failed: " + f.Summary
	if f.says == "failed: "+f.Summary && strings.HasPrefix(f.Summary, "it was evicted") {
		f.says = strings.Replace(f.Summary, "it was", "was", 1)
	}
	return f, true
}

var (
	lowResource = regexp.MustCompile(`low on resource: ([^.]+)\.`)
	ownUsage    = regexp.MustCompile(`Container (\S+) was using ([^,]+), request is ([^,]+),`)
	emptyDir    = regexp.MustCompile(`EmptyDir volume "([^"]+)" exceeds the limit "([^"]+)"`)
	ownLimit    = regexp.MustCompile(`Container (\S+) exceeded its local ephemeral storage limit "([^"]+)"`)
	podLimit    = regexp.MustCompile(`ephemeral local storage usage exceeds the total limit of containers ([^. ]+)`)
)

// evicted reads the kubelet's eviction message (pain 20, 36; K63, K64).
func (v *podView) evicted(f *finding, message string) {
	f.ID, f.Rule = idEvictedNode, "K64"
	node := v.pod.Spec.NodeName
	switch {
	case emptyDir.MatchString(message):
		m := emptyDir.FindStringSubmatch(message)
		f.ID = idEvictedOwnLimit
		f.Summary = fmt.Sprintf("it was evicted: its emptyDir volume %q grew over its limit of %s", m[1], m[2])
	case ownLimit.MatchString(message):
		m := ownLimit.FindStringSubmatch(message)
		f.ID, f.Container = idEvictedOwnLimit, m[1]
		f.Summary = fmt.Sprintf("it was evicted: container %q used more local disk than its ephemeral-storage limit of %s", m[1], m[2])
	case podLimit.MatchString(message):
		f.ID = idEvictedOwnLimit
		f.Summary = fmt.Sprintf("it was evicted: it used more local disk than its ephemeral-storage limit of %s", podLimit.FindStringSubmatch(message)[1])
	case lowResource.MatchString(message):
		res := lowResource.FindStringSubmatch(message)[1]
		f.Summary = fmt.Sprintf("it was evicted: node %s was low on %s", node, res)
		if m := ownUsage.FindStringSubmatch(message); m != nil {
			f.Container = m[1]
			f.Summary += fmt.Sprintf("; container %q used %s, its request is %s", m[1], m[2], m[3])
		}
		f.Detail = "pods that use more than they request go first"
		f.actions = append(f.actions, look("kubectl describe node "+shell(node), "whether the pressure is over"))
	default:
		f.Summary = "it was evicted by the kubelet: " + shorten(message, 200)
	}
	if f.ID == idEvictedOwnLimit {
		f.Detail = "this is a limit of the pod itself, the node is not to blame; the kubelet gave it 1 second to stop"
	}
	if e := v.last("Evicted"); e != nil {
		f.Evidence = append(f.Evidence, event(e))
	}
}

func (v *podView) podDeadline(f *finding) {
	f.ID, f.Rule = idPodDeadline, "K73"
	f.Summary = "it was active longer than its activeDeadlineSeconds"
	if d := v.pod.Spec.ActiveDeadlineSeconds; d != nil {
		f.Summary = fmt.Sprintf("it was active longer than its deadline of %s (activeDeadlineSeconds)", seconds(*d))
		f.Evidence = append(f.Evidence, v.see("spec.activeDeadlineSeconds", itoa(*d)))
	}
	f.Detail = "the time counts from the kubelet's first status and includes image pulls and init containers"
}

// refused is a pod that the kubelet's own admission rejected (pain 46, 48, 57; K301–K304).
func (v *podView) refused(f *finding, reason, message string) {
	node := v.pod.Spec.NodeName
	f.ID, f.Rule = idRejected, "K301"
	f.Detail = "the pod will not be tried again; a controller makes another one"
	text := rejected(message)
	switch {
	case strings.HasPrefix(reason, "OutOf"):
		f.ID = idOutOf
		f.Summary = fmt.Sprintf("the kubelet of node %s refused it: not enough %s (%s)", node, strings.TrimPrefix(reason, "OutOf"), shorten(text, 140))
	case reason == "NodeAffinity", reason == "NodeName", reason == "NodePorts", reason == "TaintToleration":
		f.ID = idRejectedAffinity
		f.Summary = fmt.Sprintf("the kubelet of node %s refused it (%s): %s", node, reason, shorten(text, 140))
		if reason == "NodeAffinity" {
			f.Detail = joinDetail("the node's labels do not match its node selector or affinity (any more); the kubelet checks them again when it restarts", f.Detail)
		}
	case reason == "UnexpectedAdmissionError":
		f.ID = idRejectedDevice
		f.Summary = fmt.Sprintf("the kubelet of node %s refused it (UnexpectedAdmissionError): %s", node, shorten(text, 160))
		if strings.Contains(text, "device") {
			f.Detail = joinDetail("after a restart of the node the device plugin may not have registered yet", f.Detail)
		}
	default:
		f.Summary = fmt.Sprintf("the kubelet of node %s refused or ended it (%s): %s", node, reason, shorten(text, 160))
	}
}

func rejected(message string) string { return strings.TrimPrefix(message, "Pod was rejected: ") }

// afterFailure are the next steps with a pod that will not run again.
func (v *podView) afterFailure() []Action {
	out := []Action{look("kubectl describe pod "+shell(v.o.Name)+v.ns(), "message and events of the pod")}
	if v.ownerKind() != "" && v.ownerKind() != "Job" {
		out = append(out, change("kubectl delete pod "+shell(v.o.Name)+v.ns(), "removes the leftover; its controller has made, or makes, another pod"))
	}
	return out
}

// completedFine is the pod that has done its work.
func completedFine(v *podView) bool {
	return v.pod.Status.Phase == corev1.PodSucceeded
}
