package simulate

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"pgregory.net/rapid"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

const eps = 1e-6

// nodeJitter is how far the stacked deviations of the node's latencies may
// move a bound when another of several causes becomes the decisive one.
const nodeJitter = 0.2

// drawPreStop draws a preStop hook, with none as a choice.
func drawPreStop(t *rapid.T, label string, grace int64) *corev1.Lifecycle {
	h := &corev1.LifecycleHandler{}
	switch rapid.IntRange(0, 5).Draw(t, label) {
	case 1:
		h.Sleep = &corev1.SleepAction{Seconds: rapid.Int64Range(0, grace).Draw(t, label+"sleep")}
	case 2:
		h.Exec = &corev1.ExecAction{Command: []string{"sh", "-c", fmt.Sprintf("sleep %d", rapid.IntRange(0, 60).Draw(t, label+"exec"))}}
	case 3:
		h.HTTPGet = &corev1.HTTPGetAction{Path: "/"}
	case 4:
		h.TCPSocket = &corev1.TCPSocketAction{}
	case 5:
		h.Exec = &corev1.ExecAction{Command: []string{"sh", "-c", "kill -TERM 1; sleep 3"}}
	default:
		return nil
	}
	return &corev1.Lifecycle{PreStop: h}
}

func drawStopping(t *rapid.T) *corev1.Pod {
	grace := rapid.Int64Range(0, 45).Draw(t, "grace")
	pod := &corev1.Pod{}
	pod.Name, pod.Spec.TerminationGracePeriodSeconds = "web", &grace
	always := corev1.ContainerRestartPolicyAlways
	commands := [][]string{
		nil,
		{"sleep", "100000"},
		{"sh", "-c", "trap 'sleep 2; exit 3' TERM; while :; do sleep 0.5; done"},
		{"sh", "-c", "trap 'echo x' TERM; sleep inf & wait; sleep 1"},
		{"sh", "-c", "./server"},
		{"sh", "-c", "sleep 5; exit 1"},
	}
	add := func(kind string, i int) corev1.Container {
		name := fmt.Sprintf("%s%d", kind, i)
		return corev1.Container{Name: name, Image: "x", Command: rapid.SampledFrom(commands).Draw(t, name), Lifecycle: drawPreStop(t, name+"hook", grace)}
	}
	for i := range rapid.IntRange(1, 3).Draw(t, "apps") {
		pod.Spec.Containers = append(pod.Spec.Containers, add("app", i))
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "sidecars") {
		c := add("side", i)
		c.RestartPolicy = &always
		pod.Spec.InitContainers = append(pod.Spec.InitContainers, c)
	}
	share := rapid.IntRange(0, 4).Draw(t, "share") == 0
	pod.Spec.ShareProcessNamespace = &share
	return pod
}

// drawRanges draws ranges, and for each a range inside it.
func drawRanges(t *rapid.T, pod *corev1.Pod) (wide, narrow *Assumptions) {
	wide, narrow = &Assumptions{Containers: map[string]ContainerAssumptions{}}, &Assumptions{Containers: map[string]ContainerAssumptions{}}
	draw := func(label string) (a, b *analyze.Bounds) {
		if rapid.Bool().Draw(t, label+"given") {
			return nil, nil
		}
		n := []float64{
			rapid.Float64Range(0, 50).Draw(t, label+"1"), rapid.Float64Range(0, 50).Draw(t, label+"2"),
			rapid.Float64Range(0, 50).Draw(t, label+"3"), rapid.Float64Range(0, 50).Draw(t, label+"4"),
		}
		slices.Sort(n)
		return &analyze.Bounds{Earliest: n[0], Likely: (n[0] + n[3]) / 2, Latest: n[3]}, &analyze.Bounds{Earliest: n[1], Likely: (n[1] + n[2]) / 2, Latest: n[2]}
	}
	for _, list := range [][]corev1.Container{pod.Spec.InitContainers, pod.Spec.Containers} {
		for _, c := range list {
			var w, n ContainerAssumptions
			w.Stop, n.Stop = draw(c.Name + "stop")
			w.PreStop, n.PreStop = draw(c.Name + "preStop")
			wide.Containers[c.Name], narrow.Containers[c.Name] = w, n
		}
	}
	return wide, narrow
}

func drawTrigger(t *rapid.T) Scenario {
	sc := Scenario{Trigger: rapid.SampledFrom([]string{"", OnDelete, OnEvict, OnDeadline, OnHardEviction, OnSoftEviction, OnNodeShutdown, OnPreempt}).Draw(t, "trigger")}
	if rapid.Bool().Draw(t, "asked") {
		n := rapid.Int64Range(-1, 60).Draw(t, "asked grace")
		sc.GracePeriod = &n
	}
	return sc
}

func mustTerminate(t *rapid.T, pod *corev1.Pod, sc Scenario) *analyze.Timeline {
	s, o := snapshotOf(pod)
	tl, err := Terminate(s, o, sc)
	if err != nil {
		t.Fatal(err)
	}
	return tl
}

func ordered(b analyze.Bounds) bool {
	return b.Earliest <= b.Likely+eps && b.Likely <= b.Latest+eps && b.Earliest >= 0 && !math.IsInf(b.Earliest, 0)
}

func TestTimelineProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pod := drawStopping(t)
		before := pod.DeepCopy()
		sc := drawTrigger(t)
		sc.Assumptions, _ = drawRanges(t, pod)
		tl := mustTerminate(t, pod, sc)
		first, err := json.Marshal(tl)
		if err != nil {
			t.Fatal(err)
		}
		if again, _ := json.Marshal(mustTerminate(t, pod, sc)); string(first) != string(again) {
			t.Fatal("the same question has two answers")
		}
		if diff := cmp.Diff(before, pod); diff != "" {
			t.Fatalf("the pod was changed: %s", diff)
		}
		at := map[string]analyze.Event{}
		for i, e := range tl.Events {
			if at[e.ID].ID != "" {
				t.Fatalf("event %s twice", e.ID)
			}
			at[e.ID] = e
			if !ordered(e.At) && !math.IsInf(e.At.Likely, 1) {
				t.Fatalf("%s: bounds %+v", e.ID, e.At)
			}
			if i > 0 && tl.Events[i-1].At.Likely > e.At.Likely {
				t.Fatalf("not sorted at %s", e.ID)
			}
		}
		for _, e := range tl.Events {
			for _, id := range e.Because {
				cause, ok := at[id]
				if !ok {
					t.Fatalf("%s because of %s, which is not in the timeline", e.ID, id)
				}
				if cause.At.Likely > e.At.Likely+eps && !math.IsInf(cause.At.Likely, 1) {
					t.Fatalf("%s at %v before its cause %s at %v", e.ID, e.At.Likely, id, cause.At.Likely)
				}
			}
		}
		for _, sp := range tl.Spans {
			if sp.Start.Earliest > sp.End.Latest+eps || sp.Start.Likely > sp.End.Likely+eps {
				t.Fatalf("span %s ends before it starts: %+v", sp.ID, sp)
			}
		}
		for i, id := range tl.CriticalChain {
			if at[id].ID == "" || (i > 0 && !slices.Contains(at[id].Because, tl.CriticalChain[i-1])) {
				t.Fatalf("the chain %v has a gap at %s", tl.CriticalChain, id)
			}
		}
		checkGrace(t, tl)
	})
}

// checkGrace: nobody outlives the grace period by more than the 2 s that the
// kubelet leaves and the fractions of seconds it does not count, and the slack
// is negative iff somebody is killed.
func checkGrace(t *rapid.T, tl *analyze.Timeline) {
	g := math.Max(1, float64(*tl.Trigger.GracePeriodSeconds))
	lastMain := 0.0
	for _, e := range tl.Events {
		if e.Type != analyze.ContainerExited {
			continue
		}
		if e.At.Latest > g+4.5 {
			t.Fatalf("%s at %+v with a grace of %v", e.ID, e.At, g)
		}
		if strings.HasPrefix(e.Container, "app") {
			lastMain = math.Max(lastMain, e.At.Likely)
		}
	}
	for _, e := range tl.Events {
		if e.Type == analyze.SignalSent && strings.HasPrefix(e.Container, "side") && e.At.Likely < math.Min(lastMain, g-0.001) && *tl.Trigger.GracePeriodSeconds > 0 {
			t.Fatalf("%s at %v, before the last app ended at %v", e.ID, e.At.Likely, lastMain)
		}
	}
	if s := tl.Verdict.SlackSeconds; s != nil && *s < -eps && len(tl.Verdict.Killed) == 0 {
		t.Fatalf("slack %v, and nobody is killed", *s)
	} else if s != nil && *s > eps && len(tl.Verdict.Killed) > 0 {
		t.Fatalf("slack %v, and %v killed", *s, tl.Verdict.Killed)
	}
}

// TestNarrowerAssumptions: what is assumed inside the bounds gives a timeline inside them.
func TestNarrowerAssumptions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pod, sc := drawStopping(t), drawTrigger(t)
		wide, narrow := drawRanges(t, pod)
		sc.Assumptions = wide
		outer := mustTerminate(t, pod, sc)
		sc.Assumptions = narrow
		for _, e := range mustTerminate(t, pod, sc).Events {
			i := indexOf(outer.Events, e.ID)
			if i < 0 {
				t.Fatalf("%s is not in the wider forecast", e.ID)
			}
			o := outer.Events[i]
			if e.At.Earliest < o.At.Earliest-nodeJitter || e.At.Latest > o.At.Latest+nodeJitter {
				t.Fatalf("%s: %+v is not inside %+v", e.ID, e.At, o.At)
			}
			for _, code := range e.ExitCodes {
				if !slices.Contains(o.ExitCodes, code) {
					t.Fatalf("%s: %v is not among %v", e.ID, e.ExitCodes, o.ExitCodes)
				}
			}
		}
	})
}

// TestMoreIsNeverSooner: more grace, a longer hook or a slower stop never end
// the pod earlier, but for the part of a second that the kubelet does not count (K33).
func TestMoreIsNeverSooner(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pod := drawStopping(t)
		grace := rapid.Int64Range(1, 40).Draw(t, "first")
		more := grace + rapid.Int64Range(0, 20).Draw(t, "more")
		stop := rapid.Float64Range(0, 30).Draw(t, "stop")
		slower := stop + rapid.Float64Range(0, 10).Draw(t, "slower")
		end := func(grace int64, stop float64) float64 {
			a := &Assumptions{Containers: map[string]ContainerAssumptions{}}
			b := analyze.At(stop)
			a.Containers["app0"] = ContainerAssumptions{Stop: &b}
			return mustTerminate(t, pod, Scenario{GracePeriod: &grace, Assumptions: a}).Verdict.ObjectGone.Likely
		}
		base := end(grace, stop)
		if later := end(more, stop); later < base-1-eps {
			t.Fatalf("with %d s of grace it ends at %v, with %d s at %v", grace, base, more, later)
		}
		if later := end(grace, slower); later < base-1-eps {
			t.Fatalf("with %v s to stop it ends at %v, with %v s at %v", stop, base, slower, later)
		}
	})
}

// TestOddPods: what no API server would accept must not break the forecast.
func TestOddPods(t *testing.T) {
	for name, pod := range map[string]string{
		"nothing":       "metadata: {name: web}\n",
		"empty hook":    "metadata: {name: web}\nspec: {containers: [{name: a, lifecycle: {preStop: {}}}]}\n",
		"same names":    "metadata: {name: web}\nspec: {containers: [{name: a}, {name: a}], initContainers: [{name: a, restartPolicy: Always}]}\n",
		"negative":      "metadata: {name: web}\nspec: {terminationGracePeriodSeconds: -5, containers: [{name: a, lifecycle: {preStop: {sleep: {seconds: -3}}}}]}\n",
		"huge":          "metadata: {name: web}\nspec: {terminationGracePeriodSeconds: 9223372036854775807, containers: [{name: a, lifecycle: {preStop: {sleep: {seconds: 9223372036854775807}}}}]}\n",
		"windows":       "metadata: {name: web}\nspec: {os: {name: windows}, containers: [{name: a, lifecycle: {stopSignal: SIGNONSENSE}}]}\n",
		"empty command": "metadata: {name: web}\nspec: {containers: [{name: a, command: [''], lifecycle: {preStop: {exec: {command: ['', sh]}}}}, {name: b, command: [sh, -c]}]}\n",
	} {
		t.Run(name, func(t *testing.T) {
			for _, trigger := range Triggers() {
				at := 3 * time.Second
				for _, sc := range []Scenario{{Trigger: trigger}, {Trigger: trigger, At: &at}} {
					s, o := podOf(t, pod)
					tl, err := Terminate(s, o, sc)
					if err != nil {
						continue
					}
					if _, err := json.Marshal(tl); err != nil {
						t.Errorf("%s: %v", trigger, err)
					}
				}
			}
		})
	}
}

func BenchmarkTerminate(b *testing.B) {
	s, o := podOf(b, `
metadata: {name: web}
spec:
  initContainers:
  - {name: proxy, image: x, restartPolicy: Always, command: [sleep, "100000"]}
  containers:
  - {name: app, image: x, command: [sh, -c, "trap 'sleep 3; exit 2' TERM; while :; do sleep 0.1; done"], lifecycle: {preStop: {exec: {command: [sh, -c, "sleep 5"]}}}}
  - {name: log, image: x, lifecycle: {preStop: {sleep: {seconds: 3}}}}
`)
	for b.Loop() {
		if _, err := Terminate(s, o, Scenario{}); err != nil {
			b.Fatal(err)
		}
	}
}
