package explain_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/explain"
)

// TestAnyPod explains pods in states that no cluster would have: it must not
// panic, and what it says must be well formed, with and without events and nodes.
func TestAnyPod(t *testing.T) {
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(7, seed))
		pod := anyPod(r)
		ref := analyze.Ref{APIVersion: "v1", Kind: "Pod", Namespace: "shop", Name: pod.Name, UID: pod.UID}
		objects := []*analyze.Object{analyze.NewObject(ref, pod, pod, nil)}
		for i := range r.IntN(4) {
			e := anyEvent(r, ref, i)
			objects = append(objects, analyze.NewObject(analyze.Ref{APIVersion: "v1", Kind: "Event", Namespace: "shop", Name: e.Name}, e, e, nil))
		}
		if r.IntN(2) == 0 {
			n := &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: "node1", UID: "n1"}}
			if r.IntN(2) == 0 {
				n.Status.Conditions = []corev1.NodeCondition{{Type: corev1.NodeReady, Status: pick(r, corev1.ConditionTrue, corev1.ConditionUnknown)}}
			}
			objects = append(objects, analyze.NewObject(analyze.Ref{APIVersion: "v1", Kind: "Node", Name: "node1", UID: "n1"}, n, n, nil))
		}
		s := analyze.NewSnapshot(analyze.SnapshotInput{
			Taken: noon, Version: analyze.Version{Minor: 30 + r.IntN(7)}, Objects: objects,
			Knowledge: analyze.Knowledge{Complete: r.IntN(2) == 0},
		})
		x := explain.Explain(s, objects[0], explain.Options{})
		checkWellFormed(t, x)
		if x.Severity > analyze.OK && len(x.Reasons)+len(x.Effects) == 0 && x.State != explain.Unknown {
			t.Errorf("seed %d: severity %s without a reason: %s", seed, x.Severity, x.Headline)
		}
		if t.Failed() {
			t.Fatalf("seed %d: %s\n%+v", seed, x.Headline, pod.Status)
		}
	}
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

func anyTime(r *rand.Rand) metav1.Time {
	if r.IntN(8) == 0 {
		return metav1.Time{}
	}
	return metav1.NewTime(noon.Add(time.Duration(r.IntN(4000)-3900) * time.Second))
}

func anyPod(r *rand.Rand) *corev1.Pod {
	p := &corev1.Pod{}
	p.Name, p.Namespace, p.UID, p.CreationTimestamp = "web", "shop", types.UID("u"), anyTime(r)
	p.Spec.NodeName = pick(r, "", "node1", "node1")
	p.Spec.RestartPolicy = pick(r, corev1.RestartPolicyAlways, corev1.RestartPolicyNever, corev1.RestartPolicyOnFailure, "")
	p.Status.Phase = pick(r, corev1.PodPending, corev1.PodRunning, corev1.PodSucceeded, corev1.PodFailed, corev1.PodUnknown, "")
	p.Status.Reason = pick(r, "", "", "Evicted", "NodeLost", "DeadlineExceeded", "OutOfcpu", "Strange")
	p.Status.Message = pick(r, "", "Pod was rejected: no", "The node was low on resource: memory. ")
	if r.IntN(3) == 0 {
		at, grace := anyTime(r), int64(r.IntN(100))
		p.DeletionTimestamp = &at
		if r.IntN(3) > 0 {
			p.DeletionGracePeriodSeconds = &grace
		}
		p.Finalizers = pick(r, nil, []string{"example.com/hold"})
	}
	for i := range r.IntN(3) {
		c := corev1.Container{Name: fmt.Sprint("init", i)}
		if r.IntN(2) == 0 {
			always := corev1.ContainerRestartPolicyAlways
			c.RestartPolicy = &always
			c.StartupProbe = pick(r, nil, &corev1.Probe{})
		}
		p.Spec.InitContainers = append(p.Spec.InitContainers, c)
		if r.IntN(4) > 0 {
			p.Status.InitContainerStatuses = append(p.Status.InitContainerStatuses, anyStatus(r, c.Name))
		}
	}
	for i := range r.IntN(3) {
		probe := pick(r, nil, &corev1.Probe{PeriodSeconds: int32(r.IntN(20)), FailureThreshold: int32(r.IntN(5))})
		hook := pick(r, nil, &corev1.Lifecycle{PreStop: &corev1.LifecycleHandler{}, PostStart: &corev1.LifecycleHandler{}})
		c := corev1.Container{Name: fmt.Sprint("app", i), LivenessProbe: probe, ReadinessProbe: probe, StartupProbe: pick(r, nil, probe), Lifecycle: hook}
		p.Spec.Containers = append(p.Spec.Containers, c)
		if r.IntN(4) > 0 {
			p.Status.ContainerStatuses = append(p.Status.ContainerStatuses, anyStatus(r, c.Name))
		}
	}
	anyConditions(r, p)
	return p
}

func anyConditions(r *rand.Rand, p *corev1.Pod) {
	for _, kind := range []corev1.PodConditionType{
		corev1.PodScheduled, corev1.PodInitialized, corev1.PodReady, corev1.ContainersReady,
		corev1.PodReadyToStartContainers, corev1.DisruptionTarget, corev1.PodResizePending, "example.com/gate",
	} {
		if r.IntN(2) == 0 {
			continue
		}
		p.Status.Conditions = append(p.Status.Conditions, corev1.PodCondition{
			Type: kind, Status: pick(r, corev1.ConditionTrue, corev1.ConditionFalse, corev1.ConditionUnknown), LastTransitionTime: anyTime(r),
			Reason: pick(r, "", "Unschedulable", "SchedulingGated", "ContainersNotReady", "PreemptionByScheduler", "Infeasible", "SchedulerError"),
			Message: pick(r, "", "\x1b[31mred\x1b[0m", "no nodes available to schedule pods", "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint(s). preemption: x",
				"0/1 nodes are available: persistentvolumeclaim \"x\" not found.", "0/1 nodes are available: "),
		})
	}
	if r.IntN(4) == 0 {
		p.Spec.ReadinessGates = []corev1.PodReadinessGate{{ConditionType: "example.com/gate"}}
	}
}

func anyStatus(r *rand.Rand, name string) corev1.ContainerStatus {
	s := corev1.ContainerStatus{Name: name, Ready: r.IntN(2) == 0, RestartCount: int32(r.IntN(5))}
	started := r.IntN(2) == 0
	s.Started = pick(r, nil, &started)
	switch r.IntN(4) {
	case 0:
		s.State.Running = &corev1.ContainerStateRunning{StartedAt: anyTime(r)}
	case 1:
		s.State.Terminated = anyEnd(r)
	case 2:
		s.State.Waiting = &corev1.ContainerStateWaiting{
			Reason: pick(r, "", "PodInitializing", "ContainerCreating", "CrashLoopBackOff", "ImagePullBackOff", "ErrImagePull", "CreateContainerConfigError",
				"RunContainerError", "PostStartHookError", "CreateContainerError", "InvalidImageName", "Strange"),
			Message: pick(r, "", "back-off 5m0s restarting failed container=a", "secret \"x\" not found", "couldn't find key k in ConfigMap n/m", "exec: \"x\": permission denied"),
		}
	}
	if r.IntN(2) == 0 {
		s.LastTerminationState.Terminated = anyEnd(r)
	}
	return s
}

func anyEnd(r *rand.Rand) *corev1.ContainerStateTerminated {
	return &corev1.ContainerStateTerminated{
		ExitCode: pick(r, int32(0), 1, 2, 126, 127, 128, 137, 139, 143, 255, -1), StartedAt: anyTime(r), FinishedAt: anyTime(r),
		Reason: pick(r, "", "Completed", "Error", "OOMKilled", "StartError", "Unknown", "ContainerStatusUnknown"), Message: pick(r, "", "exec format error"),
	}
}

func anyEvent(r *rand.Rand, about analyze.Ref, i int) *corev1.Event {
	e := &corev1.Event{
		ObjectMeta:     metav1.ObjectMeta{Name: fmt.Sprint("e", i), Namespace: "shop"},
		InvolvedObject: corev1.ObjectReference{Kind: "Pod", Namespace: about.Namespace, Name: about.Name, FieldPath: pick(r, "", "spec.containers{app0}", "spec.initContainers{init0}")},
		Reason: pick(r, "Killing", "Unhealthy", "BackOff", "Failed", "FailedMount", "FailedAttachVolume", "FailedCreatePodSandBox", "Started", "Pulling", "FailedKillPod",
			"FailedPreStopHook", "FailedPostStartHook", "Evicted", "NodeNotReady", "Preempted"),
		Message: pick(r, "", "Container app0 failed liveness probe, will be restarted", "Liveness probe failed: ", "Readiness probe failed: HTTP probe failed with statuscode: 500",
			"MountVolume.SetUp failed for volume \"x\" : secret \"y\" not found", "Multi-Attach error for volume \"x\"", "Stopping container app0", "Preempted by pod zz on node n"),
		LastTimestamp: anyTime(r), FirstTimestamp: anyTime(r), Count: int32(r.IntN(9)),
	}
	return e
}
