package simulate

import (
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// A liveState is what the status of a recorded pod says about its termination.
type liveState struct {
	recorded bool
	// terminating: the API holds a deletionTimestamp; zero is the moment of the
	// delete (K4: timestamp − grace).
	terminating bool
	zero        time.Time
	apiGrace    int64
	// immediate: no kubelet has to confirm: never scheduled, or finished (K2).
	immediate  bool
	why        string
	finalizers []string
	status     map[string]corev1.ContainerStatus
}

func liveStateOf(o *analyze.Object, pod *corev1.Pod) liveState {
	var l liveState
	if pod == nil {
		return l
	}
	l.finalizers = pod.Finalizers
	l.recorded = o.Recorded() || pod.Status.StartTime != nil || len(pod.Status.ContainerStatuses) > 0
	if !l.recorded {
		return l
	}
	if pod.DeletionTimestamp != nil {
		l.terminating = true
		l.apiGrace = 0
		if pod.DeletionGracePeriodSeconds != nil {
			l.apiGrace = *pod.DeletionGracePeriodSeconds
		}
		l.zero = pod.DeletionTimestamp.Add(-time.Duration(l.apiGrace) * time.Second)
	}
	switch {
	case pod.Spec.NodeName == "":
		l.immediate, l.why = true, "it was never bound to a node"
	case pod.Status.Phase == corev1.PodSucceeded || pod.Status.Phase == corev1.PodFailed:
		l.immediate, l.why = true, "it has already finished"
	}
	l.status = map[string]corev1.ContainerStatus{}
	for _, list := range [][]corev1.ContainerStatus{
		pod.Status.InitContainerStatuses, pod.Status.ContainerStatuses, pod.Status.EphemeralContainerStatuses,
	} {
		for _, st := range list {
			l.status[st.Name] = st
		}
	}
	return l
}

// held says that a finalizer keeps the object after the kubelet let it go (K86, C33).
func (l liveState) held() bool { return len(l.finalizers) > 0 }

// grace is the period the running termination has (K15): the API's record.
func (l liveState) grace(asked grace) grace {
	out := grace{kubelet: max(l.apiGrace, 1), shown: l.apiGrace, basis: analyze.Observed, rule: "K15", why: "metadata.deletionGracePeriodSeconds"}
	out.forced = l.apiGrace == 0
	if out.forced {
		out.kubelet = asked.kubelet
		if !asked.forced {
			out.kubelet = 1
		}
	}
	return out
}

// runs says whether the container is running when the trigger comes.
func (p *termination) runs(c analyze.Container) bool {
	if p.live.immediate {
		return false
	}
	if !p.live.recorded || len(p.live.status) == 0 {
		return c.Type != analyze.InitContainer
	}
	st, ok := p.live.status[c.Name]
	return ok && st.State.Running != nil
}
