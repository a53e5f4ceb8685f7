package simulate

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"pgregory.net/rapid"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func drawProbe(t *rapid.T, name string, startup bool) *corev1.Probe {
	if !rapid.Bool().Draw(t, name) {
		return nil
	}
	p := &corev1.Probe{
		PeriodSeconds:       rapid.Int32Range(0, 6).Draw(t, name+".period"),
		InitialDelaySeconds: rapid.Int32Range(0, 5).Draw(t, name+".delay"),
		FailureThreshold:    rapid.Int32Range(0, 4).Draw(t, name+".failures"),
	}
	switch rapid.IntRange(0, 3).Draw(t, name+".handler") {
	case 0:
		p.Exec = &corev1.ExecAction{Command: []string{rapid.SampledFrom([]string{"false", "true", "check"}).Draw(t, name+".cmd")}}
	case 1:
		p.HTTPGet = &corev1.HTTPGetAction{}
	case 2:
		p.GRPC = &corev1.GRPCAction{}
	default:
		p.TCPSocket = &corev1.TCPSocketAction{}
	}
	if !startup {
		p.SuccessThreshold = rapid.Int32Range(0, 2).Draw(t, name+".successes")
	}
	return p
}

func drawContainer(t *rapid.T, name string, init bool, a *Assumptions) corev1.Container {
	c := corev1.Container{Name: name, Image: "r/i:1"}
	var said ContainerAssumptions
	duration := func(key string) *analyze.Bounds {
		from := float64(rapid.IntRange(0, 8).Draw(t, name+"."+key))
		to := from + float64(rapid.IntRange(0, 2).Draw(t, name+"."+key+".more"))
		return &analyze.Bounds{Earliest: from, Likely: (from + to) / 2, Latest: to}
	}
	always := corev1.ContainerRestartPolicyAlways
	sidecar := init && rapid.Bool().Draw(t, name+".sidecar")
	if sidecar {
		c.RestartPolicy = &always
	}
	if init && !sidecar || rapid.IntRange(0, 3).Draw(t, name+".ends") == 0 {
		said.Runs = duration("runs")
		code := int32(rapid.IntRange(0, 2).Draw(t, name+".code"))
		said.ExitCode = &code
	}
	if !init || sidecar {
		c.StartupProbe = drawProbe(t, name+".startup", true)
		c.ReadinessProbe = drawProbe(t, name+".readiness", false)
		c.LivenessProbe = drawProbe(t, name+".liveness", true)
		said.StartupAfter, said.ReadyAfter = duration("startupAfter"), duration("readyAfter")
		if rapid.Bool().Draw(t, name+".hook") {
			c.Lifecycle = &corev1.Lifecycle{PostStart: &corev1.LifecycleHandler{Exec: &corev1.ExecAction{Command: []string{"hook"}}}}
			said.PostStart = duration("postStart")
			fails := rapid.IntRange(0, 4).Draw(t, name+".hookFails") == 0
			said.PostStartFails = &fails
		}
	}
	if rapid.Bool().Draw(t, name+".said") {
		a.Containers[name] = said
	}
	return c
}

func drawPod(t *rapid.T) (*corev1.Pod, *Assumptions, analyze.Version) {
	a := &Assumptions{Containers: map[string]ContainerAssumptions{}}
	pod := &corev1.Pod{}
	pod.Name = "p"
	pod.Spec.RestartPolicy = rapid.SampledFrom([]corev1.RestartPolicy{"", "Always", "OnFailure", "Never"}).Draw(t, "policy")
	for i := range rapid.IntRange(0, 3).Draw(t, "inits") {
		pod.Spec.InitContainers = append(pod.Spec.InitContainers, drawContainer(t, fmt.Sprintf("init%d", i), true, a))
	}
	for i := range rapid.IntRange(1, 3).Draw(t, "apps") {
		pod.Spec.Containers = append(pod.Spec.Containers, drawContainer(t, fmt.Sprintf("app%d", i), false, a))
	}
	return pod, a, analyze.Version{Minor: rapid.IntRange(analyze.OldestMinor, analyze.NewestMinor).Draw(t, "minor")}
}

// checkTimeline holds for every forecast.
func checkTimeline(t *rapid.T, tl *analyze.Timeline) {
	at := map[string]analyze.Bounds{}
	for _, e := range tl.Events {
		if _, twice := at[e.ID]; twice {
			t.Fatalf("%s is there twice", e.ID)
		}
		at[e.ID] = e.At
	}
	ordered := func(what string, b analyze.Bounds) {
		if math.IsNaN(b.Earliest) || math.IsNaN(b.Likely) || math.IsNaN(b.Latest) || b.Earliest < 0 || b.Earliest > b.Latest ||
			b.Earliest > b.Likely || (b.Likely > b.Latest && !math.IsInf(b.Likely, 1)) {
			t.Fatalf("%s has bounds out of order: %v", what, b)
		}
	}
	last := math.Inf(-1)
	for _, e := range tl.Events {
		ordered(e.ID, e.At)
		if e.At.Likely < last {
			t.Fatalf("%s is not in the order of likely moments", e.ID)
		}
		last = e.At.Likely
		if e.Delay != nil {
			ordered(e.ID+" delay", *e.Delay)
		}
		for _, id := range e.Because {
			cause, ok := at[id]
			if !ok {
				t.Fatalf("%s is because of %s, which is not there", e.ID, id)
			}
			if cause.Earliest > e.At.Earliest+1e-9 || cause.Likely > e.At.Likely+1e-9 || cause.Latest > e.At.Latest+1e-9 {
				t.Fatalf("%s %v comes before its cause %s %v", e.ID, e.At, id, cause)
			}
		}
	}
	for _, sp := range tl.Spans {
		if sp.Start.Earliest > sp.End.Latest {
			t.Fatalf("span %s ends before it begins: %v %v", sp.ID, sp.Start, sp.End)
		}
	}
	for _, id := range tl.CriticalChain {
		if _, ok := at[id]; !ok {
			t.Fatalf("the critical chain names %s, which is not there", id)
		}
	}
	if tl.Verdict.Headline == "" {
		t.Fatal("no headline")
	}
	if _, err := json.Marshal(tl); err != nil {
		t.Fatalf("the timeline is no document: %v", err)
	}
}

func TestStartProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pod, a, v := drawPod(t)
		_, o := podSnapshot(pod)
		s := analyze.NewSnapshot(analyze.SnapshotInput{Version: v, Objects: []*analyze.Object{o}})
		before := pod.DeepCopy()
		for _, question := range []func(*analyze.Snapshot, *analyze.Object, Scenario) (*analyze.Timeline, error){Start, Restarts} {
			sc := Scenario{Assumptions: a, Horizon: 90 * time.Second}
			tl, err := question(s, o, sc)
			if err != nil {
				t.Fatal(err)
			}
			checkTimeline(t, tl)
			again, _ := question(s, o, sc)
			one, _ := json.Marshal(tl)
			two, _ := json.Marshal(again)
			if string(one) != string(two) {
				t.Fatal("the same question has two answers")
			}
		}
		if d := cmp.Diff(before, pod); d != "" {
			t.Fatalf("the pod was changed: %s", d)
		}
	})
}

func BenchmarkStart(b *testing.B) {
	rec := readStarts(b, "startup.json")[21]
	s, o := podSnapshot(&rec.Manifest)
	sc := rec.scenario(b)
	for b.Loop() {
		if _, err := Start(s, o, sc); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRestarts(b *testing.B) {
	rec := readStarts(b, "restarts.json")[4]
	s, o := podSnapshot(&rec.Manifest)
	sc := rec.scenario(b)
	for b.Loop() {
		if _, err := Restarts(s, o, sc); err != nil {
			b.Fatal(err)
		}
	}
}
