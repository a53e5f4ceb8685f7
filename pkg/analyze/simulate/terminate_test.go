package simulate

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// TestVectors are those of the kubelet's semantics, TV1–TV18: seconds of the
// stop signal and of the end, container by container.
func TestVectors(t *testing.T) {
	const app = "app.stop="
	one := func(grace int, hook string) string {
		if hook != "" {
			hook = ", lifecycle: {preStop: " + hook + "}"
		}
		return fmt.Sprintf("metadata: {name: web}\nspec:\n  terminationGracePeriodSeconds: %d\n  containers:\n  - {name: app, image: x%s}\n", grace, hook)
	}
	sidecars := func(hookB string) string {
		if hookB != "" {
			hookB = ", lifecycle: {preStop: " + hookB + "}"
		}
		return `
metadata: {name: web}
spec:
  initContainers:
  - {name: a, image: x, restartPolicy: Always}
  - {name: b, image: x, restartPolicy: Always` + hookB + `}
  containers:
  - {name: app, image: x}
`
	}
	grace := func(n int64) Scenario { return Scenario{GracePeriod: &n} }
	old := func(minor int) analyze.Version { return analyze.Version{Minor: minor} }
	type at struct{ signal, exit float64 }
	tests := []struct {
		name, pod string
		sc        Scenario
		version   analyze.Version
		assume    []string
		want      map[string]at
		killed    []string
	}{
		{"TV1", one(30, ""), Scenario{}, old(36), []string{app + "2s"}, map[string]at{"app": {0, 2}}, []string{}},
		{"TV2", one(30, ""), Scenario{}, old(36), []string{app + "never"}, map[string]at{"app": {0, 30}}, []string{"app"}},
		{"TV3", one(30, "{sleep: {seconds: 10}}"), Scenario{}, old(36), []string{app + "never"}, map[string]at{"app": {10, 30}}, []string{"app"}},
		{"TV4", one(30, "{sleep: {seconds: 29}}"), Scenario{}, old(36), []string{app + "never"}, map[string]at{"app": {29, 31}}, []string{"app"}},
		{"TV5", one(30, "{sleep: {seconds: 30}}"), Scenario{}, old(36), []string{app + "never"}, map[string]at{"app": {30, 32}}, []string{"app"}},
		{"TV6", one(30, "{exec: {command: [sleep, '45']}}"), Scenario{}, old(36), []string{app + "never"}, map[string]at{"app": {30, 32}}, []string{"app"}},
		{"TV7", one(30, "{exec: {command: [x]}}"), Scenario{}, old(36), []string{app + "never", "app.preStop=0.2s", "app.preStopFails=true"}, map[string]at{"app": {0.3, 30.3}}, []string{"app"}},
		{"TV8", one(30, "{tcpSocket: {port: 80}}"), Scenario{}, old(36), []string{app + "never"}, map[string]at{"app": {0, 30}}, []string{"app"}},
		{"TV9", one(30, ""), grace(0), old(36), []string{app + "never"}, map[string]at{"app": {0, 2}}, []string{"app"}},
		{"TV10", one(30, "{sleep: {seconds: 5}}"), Scenario{Force: true}, old(36), []string{app + "never"}, map[string]at{"app": {1, 3}}, []string{"app"}},
		{"TV11", one(30, ""), Scenario{Force: true}, old(30), []string{app + "never"}, map[string]at{"app": {0, 30}}, []string{"app"}},
		{"TV12", one(2, "{sleep: {seconds: 1}}"), Scenario{}, old(36), []string{app + "never"}, map[string]at{"app": {1, 3}}, []string{"app"}},
		{"TV13", sidecars(""), Scenario{}, old(36), []string{app + "5s", "a.stop=1s", "b.stop=1s"}, map[string]at{"app": {0, 5}, "b": {5, 6}, "a": {6, 7}}, []string{}},
		{"TV14", sidecars("{sleep: {seconds: 10}}"), Scenario{}, old(36), []string{app + "5s", "a.stop=1s", "b.stop=1s"}, map[string]at{"app": {0, 5}, "b": {10, 11}, "a": {11, 12}}, []string{}},
		{"TV15", sidecars(""), Scenario{}, old(36), []string{app + "never", "a.stop=never", "b.stop=never"}, map[string]at{"app": {0, 30}, "b": {30, 32}, "a": {30, 32}}, []string{"app", "a", "b"}},
		{"TV16", sidecars(""), Scenario{}, old(36), []string{app + "29.4s", "a.stop=1s", "b.stop=1s"}, map[string]at{"app": {0, 29.4}, "b": {29.4, 30.4}, "a": {30, 31}}, []string{}},
		{"TV17", sidecars(""), Scenario{Trigger: OnHardEviction}, old(36), []string{app + "never", "a.stop=never", "b.stop=1s"}, map[string]at{"app": {0, 2}, "a": {1, 3}}, []string{"app", "a"}},
		{"TV18", one(30, ""), Scenario{Trigger: OnSoftEviction, EvictionMaxGrace: seconds60()}, old(32), []string{app + "never"}, map[string]at{"app": {0, 30}}, []string{"app"}},
		{"TV18 before 1.32", one(30, ""), Scenario{Trigger: OnSoftEviction, EvictionMaxGrace: seconds60()}, old(31), []string{app + "never"}, map[string]at{"app": {0, 60}}, []string{"app"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, o := podOf(t, tt.pod)
			s.Version = tt.version
			a, err := ParseAssumptions(tt.assume, nil, "")
			if err != nil {
				t.Fatal(err)
			}
			tt.sc.Assumptions = a
			tl, err := Terminate(s, o, tt.sc)
			if err != nil {
				t.Fatal(err)
			}
			for name, want := range tt.want {
				signal, exit := find(tl, name, analyze.SignalSent), find(tl, name, analyze.ContainerExited)
				if signal == nil || exit == nil || math.Abs(signal.At.Likely-want.signal) > 0.3 || math.Abs(exit.At.Likely-want.exit) > 0.4 {
					t.Errorf("%s: %+v and %+v, want %+v", name, signal, exit, want)
				}
			}
			if diff := cmp.Diff(tt.killed, tl.Verdict.Killed); diff != "" {
				t.Errorf("killed (-want +got)\n%s", diff)
			}
		})
	}
}

func seconds60() *int64 { n := int64(60); return &n }

func TestKillTimes(t *testing.T) {
	for _, tt := range []struct {
		grace              int64
		hook, signal, kill float64
	}{{30, 0, 0, 30}, {30, 10, 10, 30}, {30, 5.9, 5.9, 30.9}, {30, 28.5, 28.5, 30.5}, {30, 29.5, 29.5, 31.5}, {30, analyze.Never, 30, 32}, {1, 0, 0, 2}, {1, analyze.Never, 1, 3}, {0, 5, 0, 2}} {
		signal, kill := KillTimes(tt.grace, tt.hook)
		if signal != tt.signal || math.Abs(kill-tt.kill) > 1e-9 {
			t.Errorf("KillTimes(%d, %v) = %v, %v; want %v, %v", tt.grace, tt.hook, signal, kill, tt.signal, tt.kill)
		}
	}
}

// TestPublishedLog is nginx with a preStop of 15 s and of 40 s under a grace of 30 s.
func TestPublishedLog(t *testing.T) {
	pod := func(hook string) string {
		return "metadata: {name: web}\nspec:\n  terminationGracePeriodSeconds: 30\n  containers:\n  - {name: nginx, image: 'nginx:1', lifecycle: {preStop: {exec: {command: [sh, -c, '" + hook + "']}}}}\n"
	}
	for _, tt := range []struct {
		hook   string
		signal float64
		over   bool
	}{{"sleep 15", 15, true}, {"sleep 40", 30, false}} {
		tl := terminate(t, pod(tt.hook), Scenario{}, "nginx.stop=0.5s", "nginx.stopSignal=QUIT", "nginx.exitCode=0")
		signal, ended := find(tl, "nginx", analyze.SignalSent), find(tl, "nginx", analyze.PreStopFinished)
		if math.Abs(signal.At.Likely-tt.signal) > 0.4 || signal.Signal != "QUIT" || len(tl.Verdict.Killed) > 0 {
			t.Errorf("%s: %+v, killed %v", tt.hook, signal, tl.Verdict.Killed)
		}
		if cut := cmp.Equal(ended.ExitCodes, []int32{137}); cut == tt.over {
			t.Errorf("%s: the hook ends with %v", tt.hook, ended.ExitCodes)
		}
		unknown := terminate(t, pod(tt.hook), Scenario{})
		if i := len(unknown.Assumptions); i == 0 || unknown.Assumptions[0].Basis != analyze.Assumed || !strings.Contains(unknown.Assumptions[0].Why, "image") {
			t.Errorf("the image's reaction is not known from the manifest: %+v", unknown.Assumptions)
		}
	}
}

func TestProbeKills(t *testing.T) {
	pod := func(policy string) string {
		return `
metadata: {name: web}
spec:
  restartPolicy: ` + policy + `
  terminationGracePeriodSeconds: 60
  containers:
  - {name: app, image: x, livenessProbe: {terminationGracePeriodSeconds: 5, exec: {command: ['false']}}}
`
	}
	tl := terminate(t, pod("Always"), Scenario{Trigger: OnLiveness}, "app.stop=never") // TV19
	if e := find(tl, "app", analyze.ContainerExited); math.Abs(e.At.Likely-5) > 0.3 || find(tl, "", analyze.PodRemoved) != nil {
		t.Errorf("the probe's own grace counts: %+v", tl.Events)
	}
	tl = terminate(t, pod("Never"), Scenario{Trigger: OnLiveness}, "app.stop=never") // TV20
	if e := find(tl, "app", analyze.ContainerExited); math.Abs(e.At.Likely-60) > 0.3 {
		t.Errorf("the pod's grace counts where the whole pod is killed: %+v", e)
	}
	s, o := podOf(t, pod("Always"))
	if _, err := Terminate(s, o, Scenario{Trigger: OnStartup}); err == nil || !strings.Contains(err.Error(), "no container has a startup probe") {
		t.Errorf("error %v", err)
	}
}

func TestObjectSide(t *testing.T) {
	const plain = "metadata: {name: web}\nspec:\n  containers:\n  - {name: app, image: x}\n"
	tests := []struct {
		name   string
		pod    string
		sc     Scenario
		gone   float64 // −1: stays
		signal bool
	}{
		{"forced", plain, Scenario{Force: true}, 0, true},
		{"spec grace 0", strings.Replace(plain, "spec:\n", "spec:\n  terminationGracePeriodSeconds: 0\n", 1), Scenario{}, 0, true},
		{"never scheduled", plain + "status: {phase: Pending, startTime: 2026-01-01T00:00:00Z}\n", Scenario{}, 0, false},
		{"finished", strings.Replace(plain, "spec:\n", "spec:\n  nodeName: n\n", 1) + "status: {phase: Succeeded, startTime: 2026-01-01T00:00:00Z}\n", Scenario{}, 0, false},
		{"finalizer", strings.Replace(plain, "name: web", "name: web, finalizers: [a.b/c]", 1), Scenario{}, -1, true},
		{"deadline", plain, Scenario{Trigger: OnDeadline}, -1, true},
		{"hard eviction", plain, Scenario{Trigger: OnHardEviction}, -1, true},
		{"force after 2s", plain, Scenario{Then: []ShorterDelete{{0, 2 * time.Second}}}, 2, true},
		{"shorter after 2s", plain, Scenario{Then: []ShorterDelete{{1, 2 * time.Second}}}, 30.8, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tl := terminate(t, tt.pod, tt.sc)
			if tt.name == "shorter after 2s" {
				tl = terminate(t, tt.pod, tt.sc, "app.stop=never")
			}
			removed := find(tl, "", analyze.PodRemoved)
			if (removed == nil) != (tt.gone < 0) || (removed != nil && tt.gone != 0 && math.Abs(removed.At.Likely-tt.gone) > 0.5) || (removed != nil && tt.gone == 0 && removed.At.Likely > 0.3) {
				t.Errorf("removed %+v, want %v", removed, tt.gone)
			}
			if got := find(tl, "app", analyze.SignalSent) != nil; got != tt.signal {
				t.Errorf("signalled %v", got)
			}
			if tl.Verdict.Headline == "" {
				t.Error("no headline")
			}
		})
	}
}

func TestLivePod(t *testing.T) {
	const pod = `
metadata: {name: web, uid: u, deletionTimestamp: "2026-01-01T00:00:30Z", deletionGracePeriodSeconds: 30%s}
spec: {nodeName: n, containers: [{name: app, image: x, command: [sleep, "100000"]}]}
status: {phase: Running, startTime: "2026-01-01T00:00:00Z", containerStatuses: [{name: app, ready: true, image: x, imageID: x, restartCount: 0, state: {running: {}}}]}
`
	at := func(seconds int, extra string) *analyze.Timeline {
		s, o := podOf(t, fmt.Sprintf(pod, extra))
		s.Taken = time.Date(2026, 1, 1, 0, 0, seconds, 0, time.UTC)
		tl, err := Terminate(s, o, Scenario{})
		if err != nil {
			t.Fatal(err)
		}
		return tl
	}
	again := func(sc Scenario) *analyze.Timeline {
		s, o := podOf(t, fmt.Sprintf(pod, ""))
		s.Taken = time.Date(2026, 1, 1, 0, 0, 12, 0, time.UTC)
		tl, err := Terminate(s, o, sc)
		if err != nil {
			t.Fatal(err)
		}
		return tl
	}
	if e := find(again(Scenario{Force: true}), "", analyze.PodRemoved); e == nil || math.Abs(e.At.Likely-12) > 0.5 {
		t.Errorf("forced at 12s, the object goes then: %+v", e)
	}
	if v := again(Scenario{Now: true}).Verdict; v.KillAtSeconds == nil || *v.KillAtSeconds < 29 || !strings.Contains(fmt.Sprint(v.Advice), "does not speed anything up") {
		t.Errorf("a second delete does not reach the node: %+v", v)
	}
	tl := at(12, "")
	if tl.Now == nil || *tl.Now != 12 || !strings.Contains(tl.Verdict.Headline, "terminating for 12s; app is killed with SIGKILL at 30s") {
		t.Errorf("%v %q", tl.Now, tl.Verdict.Headline)
	}
	if tl = at(50, ""); !strings.Contains(tl.Verdict.Headline, "overdue") {
		t.Errorf("%q", tl.Verdict.Headline)
	}
	if tl = at(50, `, finalizers: [a.b/c]`); !strings.Contains(tl.Verdict.Headline, "a.b/c") {
		t.Errorf("%q", tl.Verdict.Headline)
	}
}

func TestTraffic(t *testing.T) {
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "web", Namespace: "default", Labels: map[string]string{"app": "web"}}}
	pod.Spec.Containers = []corev1.Container{{Name: "app", Image: "x"}}
	svc := &corev1.Service{ObjectMeta: metav1.ObjectMeta{Name: "web", Namespace: "default"}, Spec: corev1.ServiceSpec{Selector: map[string]string{"app": "web"}}}
	s, o := snapshotOf(pod, svc)
	a, err := ParseAssumptions([]string{"defaults.lbLag=4s", "app.stop=1s"}, nil, "")
	if err != nil {
		t.Fatal(err)
	}
	tl, err := Terminate(s, o, Scenario{Assumptions: a})
	if err != nil {
		t.Fatal(err)
	}
	if e := find(tl, "", analyze.EndpointNotReady); e == nil || e.At.Likely > 0.5 {
		t.Errorf("the endpoint turns with the deletion: %+v", e)
	}
	advice, _ := json.Marshal(tl.Verdict.Advice)
	if !strings.Contains(string(advice), "preStop hook of 5s") {
		t.Errorf("advice %s", advice)
	}
	s, o = snapshotOf(pod)
	if tl, err = Terminate(s, o, Scenario{}); err != nil || find(tl, "", analyze.EndpointNotReady) != nil || len(tl.Gaps) > 0 {
		t.Errorf("no Service selects it, and the input is complete: %+v %v", tl.Gaps, err)
	}
}

func TestMinimumGrace(t *testing.T) {
	const pod = "metadata: {name: web}\nspec:\n  containers:\n  - {name: app, image: x, lifecycle: {preStop: {sleep: {seconds: 10}}}}\n"
	tl := terminate(t, pod, Scenario{}, "app.stop=25s")
	if n := tl.Verdict.MinimumGraceSeconds; n == nil || *n != 36 || *tl.Verdict.SlackSeconds >= 0 {
		t.Errorf("minimum %v, slack %v", n, tl.Verdict.SlackSeconds)
	}
	if tl = terminate(t, pod, Scenario{}, "app.stop=never"); tl.Verdict.MinimumGraceSeconds != nil {
		t.Error("no grace period helps")
	}
}
