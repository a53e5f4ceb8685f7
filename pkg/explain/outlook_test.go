package explain

import (
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// TestWaitAfterProbeKill holds the back-off after kills by a probe to what a real
// node did: killed at 01:25:39 with 5 restarts, a sidecar was started at 01:27:03,
// and killed at 01:27:09 with 6 restarts, at 01:29:55 (K218).
func TestWaitAfterProbeKill(t *testing.T) {
	end := time.Date(2026, 11, 22, 1, 25, 39, 0, time.UTC)
	for _, c := range []struct {
		restarts int32
		probed   bool
		wait     float64 // seconds
	}{{5, true, 80}, {6, true, 160}, {5, false, 160}, {0, true, 0}} {
		snapshot := &analyze.Snapshot{Version: analyze.Version{Minor: 36}}
		v := &podView{world: &world{s: snapshot, now: end.Add(time.Second)}, pod: &corev1.Pod{}}
		k := crash{
			v: v, c: &containerView{v: v, st: &corev1.ContainerStatus{RestartCount: c.restarts}}, probed: c.probed, ran: 6 * time.Second,
			t: &corev1.ContainerStateTerminated{FinishedAt: metav1.NewTime(end)},
		}
		if f, ok := k.restartForecast(); !ok || f.Backoff != c.wait {
			t.Errorf("after %d restarts, by a probe: %v, it waits %v s, want %v", c.restarts, c.probed, f.Backoff, c.wait)
		}
	}
}

// TestNextPull goes on with the ladder where the kubelet stopped reporting.
func TestNextPull(t *testing.T) {
	for _, c := range []struct {
		failures int
		now      float64
		least    float64
		most     float64
		unseen   bool
	}{
		{1, 5, 10, 30, false},
		{5, 100, 160, 180, false},
		{5, 200, 460, 500, true},      // 160 s have passed, then 300
		{5, 3 * 3600, 10800, 0, true}, // long ago: some time from now on
		{0, 60, 60, 400, false},       // how many is not known
	} {
		b, unseen := nextPull(c.failures, c.now)
		if b.Earliest < c.least || c.most > 0 && b.Latest > c.most || unseen != c.unseen || b.Latest < c.now {
			t.Errorf("%d failures, the last %v s ago: %+v, unseen %v", c.failures, c.now, b, unseen)
		}
	}
}
