package explain

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// A LogSource is a container whose last lines may tell why it fails.
type LogSource struct {
	Pod       analyze.Ref
	Container string
	// Previous asks for the instance before the one that runs now.
	Previous bool
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
		if o := s.Get(pod); o != nil {
			src.Previous = runsAgain(o, r.Container)
		}
		if !seen[src] {
			seen[src] = true
			out = append(out, src)
		}
	}
	return out
}

// runsAgain says whether the container runs after an end, so that the end is
// in the log of the instance before. Of one that waits for its next start the
// kubelet shows the last end in any case
// (pkg/kubelet/kubelet_pods.go@v1.36.3: validateContainerLogStatus).
func runsAgain(o *analyze.Object, container string) bool {
	pod, ok := o.API.(*corev1.Pod)
	if !ok {
		return false
	}
	for _, list := range [][]corev1.ContainerStatus{pod.Status.InitContainerStatuses, pod.Status.ContainerStatuses} {
		for i := range list {
			if list[i].Name == container {
				return list[i].State.Running != nil && list[i].LastTerminationState.Terminated != nil
			}
		}
	}
	return false
}
