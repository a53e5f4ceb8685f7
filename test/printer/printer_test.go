// Package printer holds explain.PrintPod to the printer of the API server.
package printer

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	api "k8s.io/kubernetes/pkg/apis/core"
	corev1conv "k8s.io/kubernetes/pkg/apis/core/v1"
	"k8s.io/kubernetes/pkg/printers"
	printersinternal "k8s.io/kubernetes/pkg/printers/internalversion"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/explain"
)

var count = flag.Int("pods", 120_000, "how many random pods to compare")

// TestPrintPod compares READY, STATUS and the number of restarts of random pods
// with the table of k8s.io/kubernetes/pkg/printers/internalversion.
func TestPrintPod(t *testing.T) {
	table := printers.NewTableGenerator().With(printersinternal.AddHandlers)
	version := analyze.Version{Minor: 36}
	seen := map[string]int{}
	for i := range *count {
		pod := randomPod(rand.New(rand.NewPCG(1, uint64(i))))
		var internal api.Pod
		if err := corev1conv.Convert_v1_Pod_To_core_Pod(pod.DeepCopy(), &internal, nil); err != nil {
			t.Fatal(err)
		}
		got, err := table.GenerateTable(&internal, printers.GenerateOptions{})
		if err != nil {
			t.Fatal(err)
		}
		cells := got.Rows[0].Cells
		restarts, _, _ := strings.Cut(fmt.Sprint(cells[3]), " ")
		want := fmt.Sprint(cells[1], " ", cells[2], " ", restarts)
		row := explain.PrintPod(pod, version)
		mine := row.Ready + " " + row.Status + " " + strconv.Itoa(int(row.Restarts))
		seen[row.Status]++
		if mine != want {
			text, _ := json.MarshalIndent(pod, "", " ")
			t.Fatalf("pod %d: explain prints %q, the API server %q\n%s", i, mine, want, text)
		}
	}
	if len(seen) < 40 {
		t.Errorf("only %d different words under STATUS: the pods are not random enough", len(seen))
	}
	t.Logf("%d pods, %d different words under STATUS", *count, len(seen))
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

func randomPod(r *rand.Rand) *corev1.Pod {
	pod := &corev1.Pod{}
	pod.Name = "p"
	pod.Status.Phase = pick(r, corev1.PodPending, corev1.PodRunning, corev1.PodRunning, corev1.PodSucceeded, corev1.PodFailed, corev1.PodUnknown)
	pod.Status.Reason = pick(r, "", "", "", "Evicted", "NodeLost", "DeadlineExceeded", "Completed", "OutOfcpu")
	if r.IntN(4) == 0 {
		now := metav1.NewTime(time.Unix(1_800_000_000, 0))
		pod.DeletionTimestamp = &now
	}
	for i := range r.IntN(4) {
		c := corev1.Container{Name: fmt.Sprint("init", i)}
		if r.IntN(2) == 0 {
			policy := pick(r, corev1.ContainerRestartPolicyAlways, corev1.ContainerRestartPolicyAlways, corev1.ContainerRestartPolicyNever)
			c.RestartPolicy = &policy
		}
		pod.Spec.InitContainers = append(pod.Spec.InitContainers, c)
		if r.IntN(10) > 0 {
			pod.Status.InitContainerStatuses = append(pod.Status.InitContainerStatuses, randomStatus(r, c.Name))
		}
	}
	for i := range 1 + r.IntN(3) {
		c := corev1.Container{Name: fmt.Sprint("app", i)}
		pod.Spec.Containers = append(pod.Spec.Containers, c)
		if r.IntN(10) > 0 {
			pod.Status.ContainerStatuses = append(pod.Status.ContainerStatuses, randomStatus(r, c.Name))
		}
	}
	for _, kind := range []corev1.PodConditionType{corev1.PodScheduled, corev1.PodInitialized, corev1.PodReady, corev1.PodReady} {
		if r.IntN(3) == 0 {
			continue
		}
		c := corev1.PodCondition{Type: kind, Status: pick(r, corev1.ConditionTrue, corev1.ConditionFalse, corev1.ConditionUnknown)}
		if kind == corev1.PodScheduled {
			c.Reason = pick(r, "", "", "", "SchedulingGated", "Unschedulable")
		}
		pod.Status.Conditions = append(pod.Status.Conditions, c)
	}
	return pod
}

func randomStatus(r *rand.Rand, name string) corev1.ContainerStatus {
	s := corev1.ContainerStatus{Name: name, Ready: r.IntN(2) == 0, RestartCount: pick(r, int32(0), 0, 1, 3, 12)}
	if r.IntN(3) > 0 {
		started := r.IntN(2) == 0
		s.Started = &started
	}
	s.State = randomState(r)
	if r.IntN(2) == 0 {
		s.LastTerminationState.Terminated = randomEnd(r)
	}
	return s
}

func randomState(r *rand.Rand) corev1.ContainerState {
	switch r.IntN(4) {
	case 0:
		return corev1.ContainerState{Running: &corev1.ContainerStateRunning{}}
	case 1:
		return corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: pick(r, "", "PodInitializing", "ContainerCreating", "CrashLoopBackOff", "ImagePullBackOff", "ErrImagePull", "Completed")}}
	case 2:
		return corev1.ContainerState{Terminated: randomEnd(r)}
	}
	return corev1.ContainerState{}
}

func randomEnd(r *rand.Rand) *corev1.ContainerStateTerminated {
	e := &corev1.ContainerStateTerminated{
		ExitCode: pick(r, int32(0), 0, 1, 2, 137, 143), Signal: pick(r, int32(0), 0, 9),
		Reason: pick(r, "", "Completed", "Completed", "Error", "OOMKilled", "ContainerStatusUnknown"),
	}
	if r.IntN(5) > 0 {
		e.FinishedAt = metav1.NewTime(time.Unix(1_700_000_000+r.Int64N(1000), 0))
	}
	return e
}
