package record

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// bundle writes what containerd keeps about a container.
func bundle(t *testing.T, dir, id, annotations string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(dir, id), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, id, "config.json"), []byte(`{"annotations":{`+annotations+`}}`), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestParseContainerdEvents(t *testing.T) {
	dir := t.TempDir()
	bundle(t, dir, "c1", `"io.kubernetes.cri.container-type":"container","io.kubernetes.cri.container-name":"app","io.kubernetes.cri.sandbox-name":"web","io.kubernetes.cri.sandbox-namespace":"shop"`)
	bundle(t, dir, "s1", `"io.kubernetes.cri.container-type":"sandbox","io.kubernetes.cri.sandbox-name":"web","io.kubernetes.cri.sandbox-namespace":"shop"`)
	f := &follower{bundles: dir, known: map[string]identity{}}
	at := time.Date(2026, 11, 21, 21, 19, 56, 573916791, time.UTC)
	exited := time.Date(2026, 11, 21, 21, 19, 55, 0, time.UTC)
	head := "2026-11-21 21:19:56.573916791 +0000 UTC k8s.io "
	tests := map[string]struct {
		line string
		want task
		ok   bool
	}{
		"a container starts": {head + `/tasks/start {"container_id":"c1","pid":7}`, task{at: at, topic: "start", pod: "web", namespace: "shop", container: "app"}, true},
		"a sandbox starts":   {head + `/tasks/start {"container_id":"s1","pid":7}`, task{at: at, topic: "start", pod: "web", namespace: "shop"}, true},
		"a hook begins":      {head + `/tasks/exec-started {"container_id":"c1","exec_id":"e1","pid":8}`, task{at: at, topic: "exec-started", pod: "web", namespace: "shop", container: "app", exec: "e1"}, true},
		"a container ends": {head + `/tasks/exit {"container_id":"c1","id":"c1","pid":7,"exit_status":137,"exited_at":"2026-11-21T21:19:55Z"}`,
			task{at: exited, topic: "exit", pod: "web", namespace: "shop", container: "app", exitCode: 137}, true},
		"a hook ends": {head + `/tasks/exit {"container_id":"c1","id":"e1","pid":8,"exited_at":"2026-11-21T21:19:55Z"}`,
			task{at: exited, topic: "exit", pod: "web", namespace: "shop", container: "app", exec: "e1"}, true},
		"not a task":        {head + `/containers/delete {"id":"c1"}`, task{}, false},
		"nobody's":          {head + `/tasks/start {"container_id":"unknown","pid":7}`, task{}, false},
		"not an event line": {"ctr: rpc error: code = Unavailable desc = transport is closing", task{}, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, ok := f.parse(test.line)
			if ok != test.ok {
				t.Fatalf("parsed = %v, want %v", ok, test.ok)
			}
			if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(task{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestBackoffSeconds(t *testing.T) {
	for message, want := range map[string]int{
		"back-off 10s restarting failed container=app pod=web_shop(uid)":   10,
		"back-off 1m20s restarting failed container=app pod=web_shop(uid)": 80,
		"back-off 5m0s restarting failed container=app pod=web_shop(uid)":  300,
	} {
		if got, ok := backoffSeconds(message); !ok || got != want {
			t.Errorf("%q: %d, %v; want %d", message, got, ok, want)
		}
	}
	if _, ok := backoffSeconds(`Back-off pulling image "x"`); ok {
		t.Error("an image back-off is taken for a container's")
	}
}

// TestHooksAreNamed: hooks are told from probes, and a very short hook, whose
// end containerd dates before its start, still has both.
func TestHooksAreNamed(t *testing.T) {
	hook := &corev1.LifecycleHandler{Exec: &corev1.ExecAction{Command: []string{"true"}}}
	c := &Case{Name: "web", Kind: Termination, Trigger: &Trigger{Type: "delete"}, Pod: &corev1.Pod{Spec: corev1.PodSpec{Containers: []corev1.Container{
		{Name: "app", Lifecycle: &corev1.Lifecycle{PostStart: hook, PreStop: hook}}}}}}
	zero := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	at := func(ms int) time.Time { return zero.Add(time.Duration(ms) * time.Millisecond) }
	code := 0
	s := &subject{seen: []sighting{
		{at(-9000), Event{Type: "ContainerStarted", Container: "app"}},
		{at(-8900), Event{Type: "execStarted", Container: "app", Reason: "post"}},
		{at(-8800), Event{Type: "execExited", Container: "app", Reason: "post", ExitCode: &code}},
		{at(-5000), Event{Type: "execStarted", Container: "app", Reason: "probe"}},
		{at(0), Event{Type: "deletionSeen"}},
		{at(99), Event{Type: "execExited", Container: "app", Reason: "pre", ExitCode: &code}},
		{at(100), Event{Type: "execStarted", Container: "app", Reason: "pre"}},
		{at(900), Event{Type: "ContainerExited", Container: "app", ExitCode: &code}},
	}}
	r := &Recorder{pods: map[string]*subject{"web": s}}
	if err := r.collect(c); err != nil {
		t.Fatal(err)
	}
	want := []Event{
		{T: 0.1, Type: "PreStopStarted", Container: "app"},
		{T: 0.1, Type: "PreStopFinished", Container: "app", ExitCode: &code},
		{T: 0.9, Type: "ContainerExited", Container: "app", ExitCode: &code},
	}
	if diff := cmp.Diff(want, c.Observed); diff != "" {
		t.Error(diff)
	}
}

// TestClockStartsWithTheFirstAct: what the kubelet does about a delete cannot come before it.
func TestClockStartsWithTheFirstAct(t *testing.T) {
	zero := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	at := func(ms int) time.Time { return zero.Add(time.Duration(ms) * time.Millisecond) }
	code := 0
	s := &subject{seen: []sighting{
		{at(-700), Event{Type: "SignalSent", Container: "app", Signal: "TERM"}}, // not of this delete
		{at(-200), Event{Type: "ContainerExited", Container: "done", ExitCode: &code}},
		{at(-30), Event{Type: "SignalSent", Container: "app", Signal: "TERM"}},
		{at(0), Event{Type: "deletionSeen"}},
		{at(970), Event{Type: "ContainerExited", Container: "app", ExitCode: &code}},
	}}
	r := &Recorder{pods: map[string]*subject{"web": s}}
	c := &Case{Name: "web", Kind: Termination, Trigger: &Trigger{Type: "delete"}, Delete: &Delete{}, Pod: &corev1.Pod{}}
	if err := r.collect(c); err != nil {
		t.Fatal(err)
	}
	want := []Event{
		{T: -0.17, Type: "ContainerExited", Container: "done", ExitCode: &code},
		{T: 0, Type: "SignalSent", Container: "app", Signal: "TERM"},
		{T: 1, Type: "ContainerExited", Container: "app", ExitCode: &code},
	}
	if diff := cmp.Diff(want, c.Observed); diff != "" {
		t.Error(diff)
	}
}

// TestManifestIsWhatAUserWouldWrite: nothing in it that only a server or a Go
// type adds, and ephemeral containers with the others.
func TestManifestIsWhatAUserWouldWrite(t *testing.T) {
	c := &Case{Name: "web", Pod: &corev1.Pod{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"}, ObjectMeta: metav1.ObjectMeta{Name: "web"},
		Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "app", Image: "i"}}}},
		Ephemeral: []corev1.EphemeralContainer{{EphemeralContainerCommon: corev1.EphemeralContainerCommon{Name: "debug", Image: "i"}}}}
	if err := c.setManifest(); err != nil {
		t.Fatal(err)
	}
	for _, unwanted := range []string{"status", "creationTimestamp"} {
		if strings.Contains(string(c.Manifest), unwanted) {
			t.Errorf("the manifest has %s: %s", unwanted, c.Manifest)
		}
	}
	var m struct {
		Spec struct{ EphemeralContainers []struct{ Name string } }
	}
	if err := json.Unmarshal(c.Manifest, &m); err != nil || len(m.Spec.EphemeralContainers) != 1 {
		t.Errorf("the manifest lacks the ephemeral container (%v): %s", err, c.Manifest)
	}
}

func TestStallsCountWhileTheyLast(t *testing.T) {
	zero := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	s := &stalls{seen: []stall{{zero.Add(2 * time.Second), 500 * time.Millisecond}, {zero.Add(9 * time.Second), time.Second}}}
	for _, test := range []struct {
		from, to int
		want     time.Duration
	}{{0, 1, 0}, {0, 3, 500 * time.Millisecond}, {1, 8, 500 * time.Millisecond}, {0, 10, time.Second}, {3, 7, 0}} {
		got := s.worst(zero.Add(time.Duration(test.from)*time.Second), zero.Add(time.Duration(test.to)*time.Second))
		if got != test.want {
			t.Errorf("from %d s to %d s: %s, want %s", test.from, test.to, got, test.want)
		}
	}
}
