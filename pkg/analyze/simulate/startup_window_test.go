package simulate

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// probedPlan has one app container with a startup probe of 2s and a readiness
// probe of 4s after a sidecar with a startup probe of 10s.
func probedPlan(known analyze.Bounds) *startPlan {
	container := func(name string, typ analyze.ContainerType, startup, readiness int32) planned {
		c := &corev1.Container{Name: name}
		if startup > 0 {
			c.StartupProbe = &corev1.Probe{PeriodSeconds: startup}
		}
		if readiness > 0 {
			c.ReadinessProbe = &corev1.Probe{PeriodSeconds: readiness}
		}
		return planned{
			Container: analyze.Container{Container: c, Type: typ},
			runs:      analyze.At(analyze.Never), startupAfter: known, stop: assumedStop,
		}
	}
	return &startPlan{inits: 1, containers: []planned{
		container("side", analyze.SidecarContainer, 10, 0),
		container("app", analyze.AppContainer, 2, 4),
	}}
}

func TestWidestRange(t *testing.T) {
	second := analyze.Bounds{Earliest: 3, Likely: 3.5, Latest: 4}
	wide := analyze.Bounds{Earliest: 3, Likely: 5, Latest: 7}
	for _, test := range []struct {
		name  string
		known analyze.Bounds
		key   eventKey
		rule  string
		want  float64
	}{
		{"no probe decides the sandbox", second, eventKey{analyze.SandboxReady, noContainer, 1}, "", 1.5},
		{"nor the first container's start", second, eventKey{analyze.ContainerStarted, 0, 1}, "", 1.5},
		{"its own startup probe", second, eventKey{analyze.ContainerStartedStatus, 0, 1}, "", 11},
		{"the sidecar before holds it back", second, eventKey{analyze.ContainerStarted, 1, 1}, "", 11},
		{"the slowest of all", second, eventKey{analyze.PodReady, noContainer, 1}, "", 11},
		{"an application that is known to 4s", wide, eventKey{analyze.ContainerStartedStatus, 0, 1}, "", 14},
		{"two of them, one after the other", wide, eventKey{analyze.ContainerReady, 1, 1}, "", 17},
		{"a kill may wait for a stop that nobody knows", second, eventKey{analyze.ContainerExited, 1, 1}, "K135", math.Inf(1)},
	} {
		got := probedPlan(test.known).widest(&merged{key: test.key, rule: test.rule})
		if math.Abs(got-test.want) > 1e-9 && got != test.want {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}

func TestDensestWindow(t *testing.T) {
	key := eventKey{analyze.SandboxReady, noContainer, 1} // 1.5s wide at most
	for _, test := range []struct {
		name   string
		times  []float64
		likely float64
		want   [2]float64
	}{
		{"all that fits", []float64{1, 1.2, 2.4}, 1.2, [2]float64{1, 2.4}},
		{"without a late straggler", []float64{1, 1.1, 1.2, 4}, 1.1, [2]float64{1, 1.2}},
		{"without an early one", []float64{1, 4, 4.1, 4.2}, 4.1, [2]float64{4, 4.2}},
		{"with the likely moment", []float64{1, 1.1, 1.2, 4, 4.1}, 4, [2]float64{4, 4.1}},
		{"of equals the tightest", []float64{1, 2, 4, 4.2}, analyze.Never, [2]float64{4, 4.2}},
	} {
		f := &forecast{plan: &startPlan{}, times: map[eventKey][]float64{key: test.times}}
		w := f.windowOf(&merged{key: key}, test.likely)
		if d := cmp.Diff(test.want, [2]float64{w.from, w.to}); d != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, d)
		}
	}
}

// TestRangesKeepToTheProbesPeriod looks at all events of first starts, those
// that were not recorded too.
func TestRangesKeepToTheProbesPeriod(t *testing.T) {
	for _, file := range []string{"startup.json", "recorded-startup.json"} {
		for _, rec := range readStarts(t, file) {
			s, o := podSnapshot(&rec.Manifest)
			tl, err := Start(s, o, rec.scenario(t))
			if err != nil {
				t.Fatal(err)
			}
			for i := range tl.Events {
				e := &tl.Events[i]
				allowed := allowedWidth(&rec.Manifest, startEvent{Type: e.Type, Container: e.Container})
				if e.Attempt <= 1 && e.Rule != "K135" && e.At.Width() > allowed {
					t.Errorf("%s: %s has %v, wider than %.1fs", rec.Name, e.ID, e.At, allowed)
				}
				if e.At.Likely < e.At.Earliest || e.At.Likely > e.At.Latest && !math.IsInf(e.At.Likely, 1) {
					t.Errorf("%s: %s is likely outside its range: %v", rec.Name, e.ID, e.At)
				}
			}
		}
	}
}
