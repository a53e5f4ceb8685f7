package simulate

import (
	"math"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// An observedStart is a first start that a status tells of, in seconds after
// the binding; Kubernetes writes both moments in whole seconds.
type observedStart struct {
	container int
	at        float64
}

// observedStarts reads how far a pod of a cluster is. now is the age of its
// binding at the moment of the snapshot; ok is false for pods without a status.
func (p *startPlan) observedStarts(s *analyze.Snapshot) (starts []observedStart, now float64, ok bool) {
	pod, isPod := p.object.API.(*corev1.Pod)
	if !isPod || s.Taken.IsZero() {
		return nil, 0, false
	}
	zero, ok := boundAt(pod)
	if !ok {
		return nil, 0, false
	}
	for i := range p.containers {
		for _, list := range [][]corev1.ContainerStatus{pod.Status.InitContainerStatuses, pod.Status.ContainerStatuses} {
			for j := range list {
				if list[j].Name != p.containers[i].Name || list[j].RestartCount > 0 {
					continue
				}
				if t, ok := startedAt(&list[j]); ok {
					starts = append(starts, observedStart{i, t.Sub(zero).Seconds()})
				}
			}
		}
	}
	return starts, s.Taken.Sub(zero).Seconds(), true
}

// boundAt is when the pod was bound to its node.
func boundAt(pod *corev1.Pod) (time.Time, bool) {
	for _, c := range pod.Status.Conditions {
		if c.Type == corev1.PodScheduled && c.Status == corev1.ConditionTrue && !c.LastTransitionTime.IsZero() {
			return c.LastTransitionTime.Time, true
		}
	}
	if pod.Status.StartTime != nil {
		return pod.Status.StartTime.Time, true
	}
	return time.Time{}, false
}

func startedAt(st *corev1.ContainerStatus) (time.Time, bool) {
	switch {
	case st.State.Running != nil:
		return st.State.Running.StartedAt.Time, true
	case st.State.Terminated != nil && st.State.Terminated.StartedAt.Unix() > 0:
		return st.State.Terminated.StartedAt.Time, true
	}
	return time.Time{}, false
}

// enoughRuns is how many replays have to agree with a status for the others to
// be left out.
const enoughRuns = 12

// agreeing keeps the replays in which what a status shows happened when it
// did, to the second in which both ends are rounded. false = hardly any does.
func (f *forecast) agreeing(seen []observedStart, now float64) bool {
	var runs []*replay
	for _, r := range f.runs {
		if r.agrees(seen, now) {
			runs = append(runs, r)
		}
	}
	if len(runs) < enoughRuns {
		return false
	}
	f.runs = runs
	return true
}

func (r *replay) agrees(seen []observedStart, now float64) bool {
	known := map[int]bool{}
	for _, s := range seen {
		known[s.container] = true
		o := r.record[eventKey{analyze.ContainerStarted, s.container, 1}]
		if o == nil || math.Abs(o.at-s.at) > 1 {
			return false
		}
	}
	for i := range r.containers {
		// What has not happened by now does not happen before now.
		if o := r.record[eventKey{analyze.ContainerStarted, i, 1}]; !known[i] && o != nil && o.at < now-1 && r.containers[i].starts == 1 {
			return false
		}
	}
	return true
}
