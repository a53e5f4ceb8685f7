package apitest

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/testkit"
)

// TestStatusLetterByLetter writes random pod statuses into a real API server
// and compares what explain calls them with the server's own table: every
// combination of init containers, sidecars, waiting reasons, ends, restarts,
// gates and deletion that the printer knows.
func TestStatusLetterByLetter(t *testing.T) {
	ns := env.Namespace(t, "status")
	fakeNode(t, "nowhere")
	const count = 300
	for i := range count {
		randomPod(t, ns, rand.New(rand.NewPCG(36, uint64(i))), fmt.Sprintf("pod-%d", i))
	}
	rows := env.Rows(t, ns)
	if len(rows) != count {
		t.Fatalf("the table has %d rows, want %d", len(rows), count)
	}
	var raw [][]byte
	byName := map[string]testkit.Row{}
	for _, row := range rows {
		raw = append(raw, row.Raw)
		byName[row.Name] = row
	}
	out := env.Run(t, env.Cluster.Kubeconfig, "explain", "-o", "json", "-n", ns, "-f", testkit.WriteList(t, raw...), "pods")
	if out.Code != 0 {
		t.Fatalf("explain: exit code %d\n%s", out.Code, out.Stderr)
	}
	var list struct {
		Kind  string
		Items []testkit.Explanation
	}
	out.JSON(t, &list)
	if list.Kind != "ExplanationList" || len(list.Items) != count {
		t.Fatalf("explain printed a %s of %d items, want an ExplanationList of %d", list.Kind, len(list.Items), count)
	}
	for _, x := range list.Items {
		if diff := testkit.SameRow(byName[x.Subject.Name], x); diff != "" {
			t.Errorf("%s\n%s", diff, byName[x.Subject.Name].Raw)
		}
	}
}

// fakeNode registers a node without a kubelet, so that pods can be bound to it,
// and renews its lease, so that it counts as Ready.
func fakeNode(t *testing.T, name string) {
	t.Helper()
	ctx := t.Context()
	nodes := env.Cluster.Client.CoreV1().Nodes()
	if _, err := nodes.Create(ctx, &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: name}}, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	now := time.Now().UTC().Format(time.RFC3339)
	ready := fmt.Sprintf(`{"status":{"conditions":[{"type":"Ready","status":"True","reason":"KubeletReady","lastHeartbeatTime":%q,"lastTransitionTime":%q}]}}`, now, now)
	if _, err := nodes.Patch(ctx, name, types.MergePatchType, []byte(ready), metav1.PatchOptions{}, "status"); err != nil {
		t.Fatal(err)
	}
	leases := env.Cluster.Client.CoordinationV1().Leases("kube-node-lease")
	lease, err := leases.Create(ctx, &coordinationv1.Lease{ObjectMeta: metav1.ObjectMeta{Name: name}, Spec: coordinationv1.LeaseSpec{
		HolderIdentity: &name, LeaseDurationSeconds: ptr(int32(40)), RenewTime: &metav1.MicroTime{Time: time.Now()}}}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for tick := time.NewTicker(5 * time.Second); ; {
			select {
			case <-ctx.Done():
				tick.Stop()
				return
			case <-tick.C:
			}
			lease.Spec.RenewTime = &metav1.MicroTime{Time: time.Now()}
			if next, err := leases.Update(ctx, lease, metav1.UpdateOptions{}); err == nil {
				lease = next
			}
		}
	}()
}

func oneOf[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

func randomPod(t *testing.T, ns string, r *rand.Rand, name string) {
	t.Helper()
	p := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: ns}}
	p.Spec.RestartPolicy = oneOf(r, corev1.RestartPolicyAlways, corev1.RestartPolicyOnFailure, corev1.RestartPolicyNever)
	always := corev1.ContainerRestartPolicyAlways
	for i := range r.IntN(3) {
		k := corev1.Container{Name: fmt.Sprintf("init%d", i), Image: "i"}
		if r.IntN(2) == 0 {
			k.RestartPolicy = &always
		}
		p.Spec.InitContainers = append(p.Spec.InitContainers, k)
	}
	for i := range 1 + r.IntN(3) {
		p.Spec.Containers = append(p.Spec.Containers, corev1.Container{Name: fmt.Sprintf("app%d", i), Image: "i"})
	}
	if r.IntN(5) == 0 {
		p.Spec.ReadinessGates = []corev1.PodReadinessGate{{ConditionType: "example.com/gate"}}
	}
	switch r.IntN(12) {
	case 0:
		p.Spec.SchedulingGates = []corev1.PodSchedulingGate{{Name: "example.com/wait"}}
	case 1: // never scheduled
	default:
		p.Spec.NodeName = "nowhere"
	}
	p.Finalizers = []string{"example.com/stay"}
	pods := env.Cluster.Client.CoreV1().Pods(ns)
	made, err := pods.Create(t.Context(), p, metav1.CreateOptions{})
	if err != nil {
		t.Fatalf("making pod %s: %v", name, err)
	}
	t.Cleanup(func() { unfinalize(t, ns, name) })
	if made.Spec.NodeName != "" {
		made.Status = randomStatus(r, made)
		if _, err := pods.UpdateStatus(t.Context(), made, metav1.UpdateOptions{}); err != nil {
			t.Fatalf("writing the status of pod %s: %v", name, err)
		}
	}
	if r.IntN(5) == 0 {
		if err := pods.Delete(t.Context(), name, metav1.DeleteOptions{}); err != nil {
			t.Fatalf("deleting pod %s: %v", name, err)
		}
	}
}

// randomStatus need not make sense: the printer has to say something about anything.
func randomStatus(r *rand.Rand, p *corev1.Pod) corev1.PodStatus {
	s := corev1.PodStatus{Phase: oneOf(r, corev1.PodPending, corev1.PodRunning, corev1.PodRunning, corev1.PodSucceeded, corev1.PodFailed, corev1.PodUnknown)}
	if r.IntN(5) == 0 {
		s.Reason = oneOf(r, "Evicted", "NodeLost", "NodeAffinity", "OutOfcpu", "DeadlineExceeded", "Shutdown")
	}
	for _, c := range []corev1.PodConditionType{corev1.PodScheduled, corev1.PodInitialized, corev1.PodReady, corev1.ContainersReady, corev1.DisruptionTarget} {
		if r.IntN(3) > 0 {
			s.Conditions = append(s.Conditions, corev1.PodCondition{Type: c, Status: oneOf(r, corev1.ConditionTrue, corev1.ConditionFalse)})
		}
	}
	done := r.IntN(2) == 0 // half of the pods have got past their init containers
	for _, k := range p.Spec.InitContainers {
		s.InitContainerStatuses = append(s.InitContainerStatuses, randomContainer(r, k.Name, done))
	}
	for _, k := range p.Spec.Containers {
		if r.IntN(12) > 0 {
			s.ContainerStatuses = append(s.ContainerStatuses, randomContainer(r, k.Name, false))
		}
	}
	return s
}

func randomContainer(r *rand.Rand, name string, done bool) corev1.ContainerStatus {
	at := metav1.NewTime(time.Now().Add(-time.Duration(r.IntN(7200)) * time.Second))
	ended := func() *corev1.ContainerStateTerminated {
		e := &corev1.ContainerStateTerminated{ExitCode: oneOf(r, int32(0), 0, 1, 137, 143), FinishedAt: at, StartedAt: at,
			Reason: oneOf(r, "", "Completed", "Error", "OOMKilled", "ContainerCannotRun", "StartError", "ContainerStatusUnknown")}
		if r.IntN(5) == 0 {
			e.Signal = 9
		}
		return e
	}
	c := corev1.ContainerStatus{Name: name, Image: "i", RestartCount: oneOf(r, int32(0), 0, 1, 7), Ready: r.IntN(2) == 0, Started: oneOf(r, nil, ptr(true), ptr(false))}
	if c.RestartCount > 0 && r.IntN(3) > 0 {
		c.LastTerminationState.Terminated = ended()
	}
	switch n := r.IntN(8); {
	case done && n < 6:
		c.State.Terminated = &corev1.ContainerStateTerminated{ExitCode: 0, Reason: "Completed", StartedAt: at, FinishedAt: at}
		c.Started = oneOf(r, nil, ptr(true))
	case n < 3:
		c.State.Running = &corev1.ContainerStateRunning{StartedAt: at}
	case n < 6:
		c.State.Waiting = &corev1.ContainerStateWaiting{Reason: oneOf(r, "", "ContainerCreating", "PodInitializing", "CrashLoopBackOff", "ImagePullBackOff",
			"ErrImagePull", "CreateContainerConfigError", "InvalidImageName", "RunContainerError", "PostStartHookError")}
	case n < 7:
		c.State.Terminated = ended()
	}
	return c
}

func ptr[T any](v T) *T { return &v }

func unfinalize(t *testing.T, ns, name string) {
	ctx, cancel := cleanupContext()
	defer cancel()
	patch := []byte(`{"metadata":{"finalizers":null}}`)
	if _, err := env.Cluster.Client.CoreV1().Pods(ns).Patch(ctx, name, types.MergePatchType, patch, metav1.PatchOptions{}); err != nil {
		t.Logf("letting go of pod %s: %v", name, err)
	}
}
