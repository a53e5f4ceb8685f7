package simulate

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func trapPod(trap, lifecycle string) string {
	return `
metadata: {name: web}
spec:
  nodeName: node
  terminationGracePeriodSeconds: 8
  os: {name: linux}
  containers:
  - name: app
    image: x
    command: [sh, -c, "` + trap + `; while true; do sleep 0.1; done"]` + lifecycle + "\n"
}

// A script that only a signal other than SIGTERM ends: its image may bring just that one.
func TestSignalOfTheImage(t *testing.T) {
	const quit = "trap 'exit 3' QUIT"
	for _, tt := range []struct {
		name, pod string
		assume    []string
		early     bool // it may end long before SIGKILL
		codes     []int32
		gap       string
	}{
		{"one trap", trapPod(quit, ""), nil, true, []int32{137, 3}, "ends on SIGQUIT"},
		{"two traps", trapPod(quit+"; trap 'exit 4' INT", ""), nil, true, []int32{137, 3, 4}, "SIGQUIT or SIGINT"},
		{"told", trapPod(quit, ""), []string{"app.stopSignal=QUIT"}, true, []int32{3}, ""},
		{"told that it is SIGTERM", trapPod(quit, ""), []string{"app.stopSignal=TERM"}, false, []int32{137}, ""},
		{"told how long it takes", trapPod(quit, ""), []string{"app.stop=never"}, false, []int32{137}, ""},
		{"a trap that goes on", trapPod("trap 'echo rotated' USR1", ""), nil, false, []int32{137}, ""},
		{"it reloads", trapPod("trap 'exit 3' HUP", ""), nil, false, []int32{137}, ""},
		{"SIGTERM too", trapPod(quit+" TERM", ""), nil, true, []int32{3}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tl := terminate(t, tt.pod, Scenario{}, tt.assume...)
			exit := find(tl, "app", analyze.ContainerExited)
			if early := exit.At.Earliest < 5; early != tt.early {
				t.Errorf("the exit is at %+v, want one that may be early: %v", exit.At, tt.early)
			}
			if diff := cmp.Diff(tt.codes, exit.ExitCodes); diff != "" {
				t.Errorf("exit codes (-want +got)\n%s", diff)
			}
			has := slices.ContainsFunc(tl.Gaps, func(g analyze.Gap) bool { return strings.Contains(g.Why, tt.gap) && g.What == "which signal stops app" })
			if has != (tt.gap != "") {
				t.Errorf("gaps are %v, want %q", tl.Gaps, tt.gap)
			}
		})
	}
}

// The node of the pod tells whether its runtime knows lifecycle.stopSignal.
func TestSignalOfTheRuntime(t *testing.T) {
	for runtime, want := range map[string]string{
		"": "USR1", "containerd://1.6.20": "TERM", "containerd://2.2.1": "TERM", "containerd://2.3.0-rc.1": "USR1", "containerd://2.10.0": "USR1",
		"cri-o://1.36.0": "USR1", "containerd://dev": "USR1", "containerd": "USR1",
	} {
		s, o := podOf(t, trapPod("trap 'exit 3' USR1; trap 'exit 4' TERM", "\n    lifecycle: {stopSignal: SIGUSR1}"))
		node := &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: "node"}}
		node.Status.NodeInfo.ContainerRuntimeVersion = runtime
		objects := append(slices.Clone(s.Objects()), analyze.NewObject(analyze.Ref{APIVersion: "v1", Kind: "Node", Name: "node"}, node, node, nil))
		version := s.Version
		version.Gates = map[string]bool{GateStopSignals: true}
		s = analyze.NewSnapshot(analyze.SnapshotInput{Version: version, Objects: objects, Knowledge: analyze.Knowledge{Complete: true}})
		tl, err := Terminate(s, o, Scenario{})
		if err != nil {
			t.Fatal(err)
		}
		if got := find(tl, "app", analyze.SignalSent).Signal; got != want {
			t.Errorf("%q: SIG%s, want SIG%s", runtime, got, want)
		}
		old := slices.ContainsFunc(tl.Gaps, func(g analyze.Gap) bool { return strings.Contains(g.Why, "does not know the field") })
		if old != (want == "TERM") {
			t.Errorf("%q: gaps are %v", runtime, tl.Gaps)
		}
	}
}
