package simulate

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// clusterPod is the first pod of a recorded cluster, at the recorded moment.
func clusterPod(t *testing.T, name string) (*analyze.Snapshot, *analyze.Object) {
	t.Helper()
	data, err := os.ReadFile("../../../testdata/cluster/" + name + ".yaml")
	if err != nil {
		t.Fatal(err)
	}
	var list struct{ Items []json.RawMessage }
	if err := yaml.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	expect, err := os.ReadFile("../../../testdata/cluster/" + name + ".expect.json")
	if err != nil {
		t.Fatal(err)
	}
	var e struct{ Taken time.Time }
	if err := json.Unmarshal(expect, &e); err != nil {
		t.Fatal(err)
	}
	for _, raw := range list.Items {
		var pod corev1.Pod
		if json.Unmarshal(raw, &pod) == nil && pod.Kind == "Pod" {
			_, o := podSnapshot(&pod)
			return analyze.NewSnapshot(analyze.SnapshotInput{Taken: e.Taken, Version: analyze.DefaultVersion(), Objects: []*analyze.Object{o}}), o
		}
	}
	t.Fatalf("%s has no pod", name)
	return nil, nil
}

func TestNextStartOfLivePods(t *testing.T) {
	for _, tt := range []struct {
		cluster        string
		from, to       string // time of day
		attempt        int
		downAtLeast    float64
		basisOfBackoff string
	}{
		// Finished at 19:44:12 after three restarts: back-off 40s.
		{"crash-exit1", "19:44:52", "19:45:15", 5, 0.8, "40s"},
		// Finished at 19:46:08; the kubelet says 40s.
		{"liveness-fail", "19:46:48", "19:47:11", 6, 0.5, "40s"},
		// Finished at 19:44:07 after three restarts: back-off 40s.
		{"start-error", "19:44:47", "19:45:10", 5, 0.8, "40s"},
	} {
		s, o := clusterPod(t, tt.cluster)
		tl, err := Restarts(s, o, Scenario{})
		if err != nil {
			t.Fatal(err)
		}
		next, ok := tl.Verdict.Extra["nextStart"].(analyze.TimeBounds)
		if !ok || next.Latest == nil {
			t.Fatalf("%s: no next start in %+v", tt.cluster, tl.Verdict)
		}
		if got := next.Earliest.Format(time.TimeOnly); got != tt.from {
			t.Errorf("%s: starts again at %s at the earliest, want %s", tt.cluster, got, tt.from)
		}
		if got := next.Latest.Format(time.TimeOnly); got > tt.to || got < tt.from {
			t.Errorf("%s: starts again at %s at the latest, want %s", tt.cluster, got, tt.to)
		}
		if !strings.Contains(tl.Verdict.Headline, "back-off "+tt.basisOfBackoff) {
			t.Errorf("%s: headline %q does not name the back-off", tt.cluster, tl.Verdict.Headline)
		}
		e := nthEvent(tl, startEvent{Type: analyze.ContainerStarted, Container: "app"}, 1)
		if e == nil || e.Attempt != tt.attempt {
			t.Fatalf("%s: the next start is %+v", tt.cluster, e)
		}
		if d := tl.Verdict.DownFraction; d == nil || *d < tt.downAtLeast {
			t.Errorf("%s: down %v of the time", tt.cluster, d)
		}
		if tl.Now == nil || e.At.Earliest < *tl.Now {
			t.Errorf("%s: the next start %v is before now", tt.cluster, e.At)
		}
		if first := tl.Events[1]; first.Basis != analyze.Observed {
			t.Errorf("%s: %s is %s, want Observed", tt.cluster, first.ID, first.Basis)
		}
	}
}

func TestStartOfLivePod(t *testing.T) {
	s, o := clusterPod(t, "init-wait")
	tl, err := Start(s, o, Scenario{})
	if err != nil {
		t.Fatal(err)
	}
	if tl.Now == nil || *tl.Now <= 0 {
		t.Errorf("a pod that is starting has a now, got %v", tl.Now)
	}
}
