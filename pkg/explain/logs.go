package explain

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// A LogSource is a container whose last lines may tell why it fails.
type LogSource struct {
	Pod       analyze.Ref
	Container string
	// Previous asks for the instance before the one that runs now.
	Previous bool
	// NeverStarted says that there is no log to ask for.
	NeverStarted bool
}

// LogSources lists the containers that an explanation blames, most decisive
// first, at most three. Options.Logs takes what they said.
func LogSources(s *analyze.Snapshot, x *Explanation) []LogSource {
	const most = 3
	var out []LogSource
	seen := map[LogSource]bool{}
	for _, r := range x.Reasons {
		pod := x.Subject
		if r.Object != nil {
			pod = *r.Object
		}
		if len(out) == most || r.Container == "" || r.Severity < analyze.Warning || pod.Kind != "Pod" {
			continue
		}
		src := LogSource{Pod: pod, Container: r.Container}
		if st := statusOf(s.Get(pod), r.Container); st != nil {
			src.Previous, src.NeverStarted = runsAgain(st) && aboutAnEnd(r), neverStarted(st)
		}
		if !seen[src] {
			seen[src] = true
			out = append(out, src)
		}
	}
	return out
}

// statusOf finds what the kubelet says about a container; nil where it says
// nothing, or the pod is not known.
func statusOf(o *analyze.Object, container string) *corev1.ContainerStatus {
	if o == nil {
		return nil
	}
	pod, ok := o.API.(*corev1.Pod)
	if !ok {
		return nil
	}
	for _, list := range [][]corev1.ContainerStatus{pod.Status.InitContainerStatuses, pod.Status.ContainerStatuses, pod.Status.EphemeralContainerStatuses} {
		for i := range list {
			if list[i].Name == container {
				return &list[i]
			}
		}
	}
	return nil
}

// runsAgain says whether the container runs after an end, so that the end is
// in the log of the instance before. Of one that waits for its next start the
// kubelet shows the last end in any case
// (pkg/kubelet/kubelet_pods.go@v1.36.3: validateContainerLogStatus).
func runsAgain(st *corev1.ContainerStatus) bool {
	return st.State.Running != nil && st.LastTerminationState.Terminated != nil
}

// aboutAnEnd says whether a reason tells how a run ended, and not what the one
// after it does.
func aboutAnEnd(r Reason) bool {
	return slices.ContainsFunc(r.Evidence, func(e Evidence) bool { return strings.Contains(e.Path, "lastState") })
}

// neverStarted says whether the kubelet would refuse to show a log because no
// instance ran yet (as above).
func neverStarted(st *corev1.ContainerStatus) bool {
	return st.ContainerID == "" && st.State.Running == nil && st.State.Terminated == nil && st.LastTerminationState.Terminated == nil
}
