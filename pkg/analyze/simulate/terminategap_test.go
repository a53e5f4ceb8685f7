package simulate

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func gapAbout(tl *analyze.Timeline, text string) bool {
	return slices.ContainsFunc(tl.Gaps, func(g analyze.Gap) bool { return strings.Contains(g.What+": "+g.Why, text) })
}

// TestAssumedHookWithoutEffect: an assumption that changes nothing is not passed over.
func TestAssumedHookWithoutEffect(t *testing.T) {
	for _, tt := range []struct{ hook, assume, gap string }{
		{"", "app.preStop=4s", "it has no preStop hook"},
		{"preStop: {sleep: {seconds: 3}}", "app.preStop=4s", "sleeps for 3s by the manifest"},
		{"preStop: {sleep: {seconds: 4}}", "app.preStop=4s", ""},
		{"preStop: {tcpSocket: {port: 80}}", "app.preStop=4s", "tcpSocket"},
		{"preStop: {exec: {command: [drain]}}", "app.preStop=4s", ""},
		{"preStop: {sleep: {seconds: 3}}", "app.stop=4s", ""},
		{"", "defaults.preStop=4s", ""}, // about all containers that have one
	} {
		tl := terminate(t, "metadata: {name: web}\nspec:\n  containers:\n  - {name: app, image: x, lifecycle: {"+tt.hook+"}}\n", Scenario{}, tt.assume)
		const what = "the assumed preStop of 4s has no effect"
		if has := gapAbout(tl, what); has != (tt.gap != "") || has && !gapAbout(tl, tt.gap) {
			t.Errorf("%s with %q: gaps are %v, want %q", tt.assume, tt.hook, tl.Gaps, tt.gap)
		}
	}
}

// TestSleepHookOff: without its feature gate a sleep hook takes no time.
func TestSleepHookOff(t *testing.T) {
	const spec = `
spec:
  nodeName: node
  terminationGracePeriodSeconds: 20
  containers:
  - name: app
    image: x
    command: [sh, -c, "trap 'exit 0' TERM; while true; do sleep 0.1; done"]
    lifecycle: {preStop: {sleep: {seconds: 10}}}
`
	const status = "status: {phase: Running, startTime: '2026-01-01T00:00:00Z'}\n"
	for _, tt := range []struct {
		name, pod   string
		minor       int
		signal      float64
		hooked, off bool
	}{
		{"a new pod", "metadata: {name: web}" + spec, 33, 0, false, true},
		{"a stored pod", "metadata: {name: web}" + spec + status, 33, 0, true, true},
		{"locked on", "metadata: {name: web}" + spec, 34, 10, true, false},
	} {
		s, o := podOf(t, tt.pod)
		s.Version = analyze.Version{Minor: tt.minor, Gates: map[string]bool{GateSleepAction: false}}
		tl, err := Terminate(s, o, Scenario{})
		if err != nil {
			t.Fatal(err)
		}
		signal := find(tl, "app", analyze.SignalSent)
		if signal == nil || signal.At.Likely < tt.signal || signal.At.Likely > tt.signal+0.5 {
			t.Errorf("%s: the signal is %+v, want it at %gs", tt.name, signal, tt.signal)
		}
		if hooked := find(tl, "app", analyze.PreStopStarted) != nil; hooked != tt.hooked || gapAbout(tl, "PodLifecycleSleepAction is off") != tt.off {
			t.Errorf("%s: hooked %v, gaps are %v", tt.name, hooked, tl.Gaps)
		}
	}
}

// The same for a postStart one, which otherwise keeps the pod from getting ready.
func TestPostStartSleepOff(t *testing.T) {
	for minor, want := range map[int]bool{33: false, 34: true} {
		tl := ask(t, Start, analyze.Version{Minor: minor, Gates: map[string]bool{GateSleepAction: false}}, `
containers:
- {name: app, image: x, lifecycle: {postStart: {sleep: {seconds: 7}}}}
`)
		ready := find(tl, "", analyze.PodReady)
		if hooked := find(tl, "app", analyze.PostStartFinished) != nil; hooked != want || ready == nil || (ready.At.Likely > 7) != want {
			t.Errorf("1.%d: hooked %v, ready %+v", minor, hooked, ready)
		}
		if gapAbout(tl, "nothing sleeps") == want {
			t.Errorf("1.%d: gaps are %v", minor, tl.Gaps)
		}
	}
}

// TestOverdue: what a node does over again is said once the pod should be gone, not before.
func TestOverdue(t *testing.T) {
	const pod = `
metadata: {name: web, deletionTimestamp: '2026-01-01T00:00:30Z', deletionGracePeriodSeconds: 30}
spec:
  nodeName: node
  initContainers:
  - {name: proxy, image: x, restartPolicy: Always}
  containers:
  - {name: app, image: x}
status: {phase: Running, startTime: '2025-12-01T00:00:00Z'}
`
	for after, want := range map[time.Duration]bool{20 * time.Second: false, 5 * time.Minute: true} {
		s, o := podOf(t, pod)
		s.Taken = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(after)
		tl, err := Terminate(s, o, Scenario{})
		if err != nil {
			t.Fatal(err)
		}
		if gapAbout(tl, "begins again, with hooks") != want || gapAbout(tl, "K55") != want {
			t.Errorf("after %s the gaps are %v", after, tl.Gaps)
		}
	}
}
