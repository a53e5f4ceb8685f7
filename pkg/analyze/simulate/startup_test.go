package simulate

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// A recordedStart is a pod that a real node started.
type recordedStart struct {
	Name        string          `json:"name"`
	Manifest    corev1.Pod      `json:"manifest"`
	Assumptions json.RawMessage `json:"assumptions"`
	Observed    []startEvent    `json:"observed"`
}

type startEvent struct {
	T         float64           `json:"t"`
	Type      analyze.EventType `json:"type"`
	Container string            `json:"container"`
	ExitCode  *int32            `json:"exitCode"`
}

func podSnapshot(pod *corev1.Pod) (*analyze.Snapshot, *analyze.Object) {
	o := analyze.NewObject(analyze.Ref{APIVersion: "v1", Kind: "Pod", Namespace: pod.Namespace, Name: pod.Name, UID: pod.UID}, pod, pod, nil)
	return analyze.NewSnapshot(analyze.SnapshotInput{Version: analyze.DefaultVersion(), Objects: []*analyze.Object{o}}), o
}

func readStarts(t testing.TB, file string) []recordedStart {
	t.Helper()
	data, err := os.ReadFile("../../../testdata/truth/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var out []recordedStart
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func (r *recordedStart) scenario(t testing.TB) Scenario {
	t.Helper()
	text, err := yaml.JSONToYAML(r.Assumptions)
	if err != nil {
		t.Fatal(err)
	}
	a, err := ParseAssumptions(nil, text, r.Name)
	if err != nil {
		t.Fatal(err)
	}
	return Scenario{Assumptions: a}
}

// allowedWidth is how wide the bounds of an event may be: one period of the
// slowest probe that can decide it and a second, or 1.5s where none does. A
// probe decides what its container becomes, and through a sidecar's startup
// probe also all that follows that sidecar.
func allowedWidth(pod *corev1.Pod, e startEvent) float64 {
	width := 1.5
	consider := func(probes ...*corev1.Probe) {
		for _, p := range probes {
			if p != nil {
				width = math.Max(width, TimingOf(p).Period+1)
			}
		}
	}
	if e.Type == analyze.SandboxReady {
		return width
	}
	for i := range pod.Spec.InitContainers {
		c := &pod.Spec.InitContainers[i]
		if c.Name == e.Container {
			considerOwn(c, e, consider)
			return width
		}
		consider(c.StartupProbe)
		if e.Type == analyze.PodReady || e.Type == analyze.ContainersReady {
			consider(c.ReadinessProbe)
		}
	}
	for i := range pod.Spec.Containers {
		c := &pod.Spec.Containers[i]
		if c.Name == e.Container {
			considerOwn(c, e, consider)
		}
		if e.Type == analyze.PodReady || e.Type == analyze.ContainersReady {
			consider(c.StartupProbe, c.ReadinessProbe)
		}
	}
	return width
}

func considerOwn(c *corev1.Container, e startEvent, consider func(...*corev1.Probe)) {
	if e.Type == analyze.ContainerStartedStatus || e.Type == analyze.ContainerReady {
		consider(c.StartupProbe)
	}
	if e.Type == analyze.ContainerReady {
		consider(c.ReadinessProbe)
	}
	if e.Type == analyze.ContainerExited && analyze.IsSidecar(c) {
		consider(c.StartupProbe) // it is stopped when the pod fails, after all that its startup held back
	}
}

func TestRecordedStarts(t *testing.T) {
	for _, file := range []string{"startup.json", "recorded-startup.json"} {
		t.Run(file, func(t *testing.T) { judgeStarts(t, file) })
	}
}

func judgeStarts(t *testing.T, file string) {
	type tally struct {
		n, inside, good int
		width           []float64
		off             []float64
	}
	byType := map[analyze.EventType]*tally{}
	total := &tally{}
	orders, wrong := 0, 0
	for _, rec := range readStarts(t, file) {
		s, o := podSnapshot(&rec.Manifest)
		tl, err := Start(s, o, rec.scenario(t))
		if err != nil {
			t.Fatalf("%s: %v", rec.Name, err)
		}
		var matched []matchedEvent
		seen, happened := map[string]int{}, map[string]float64{}
		for _, r := range rec.Observed {
			if r.Type == analyze.PodScheduled {
				continue
			}
			key := r.Container + "/" + string(r.Type)
			e := nthEvent(tl, r, seen[key])
			seen[key]++
			ty := byType[r.Type]
			if ty == nil {
				ty = &tally{}
				byType[r.Type] = ty
			}
			ty.n++
			total.n++
			if e == nil {
				t.Logf("%s: %s at %.3f is not forecast", rec.Name, key, r.T)
				continue
			}
			width := e.At.Width()
			ty.width = append(ty.width, width)
			ty.off = append(ty.off, math.Abs(r.T-e.At.Likely))
			inside := r.T >= e.At.Earliest && r.T <= e.At.Latest
			narrow := width <= allowedWidth(&rec.Manifest, r)
			if e.Attempt > 1 && e.Delay != nil {
				// After a restart what counts is the time since what came before.
				if cause, ok := happened[e.Because[0]]; ok {
					inside = r.T-cause >= e.Delay.Earliest && r.T-cause <= e.Delay.Latest
					narrow = e.Type == analyze.ContainerStarted || e.Delay.Width() <= 1.5
				}
			}
			happened[e.ID] = r.T
			if inside {
				ty.inside++
				total.inside++
			}
			if inside && narrow {
				ty.good++
				total.good++
			} else if testing.Verbose() {
				t.Logf("%s: %s at %.3f, forecast %.3f %.3f %.3f (width %.2f of %.2f)", rec.Name, key, r.T, e.At.Earliest, e.At.Likely, e.At.Latest, width, allowedWidth(&rec.Manifest, r))
			}
			matched = append(matched, matchedEvent{e.ID, r.T, e.At.Likely})
		}
		for i, a := range matched {
			for _, b := range matched[i+1:] {
				if b.t-a.t > 1 {
					orders++
					if b.likely < a.likely {
						wrong++
						t.Logf("%s: order: %s at %.3f (likely %.3f) before %s at %.3f (likely %.3f)", rec.Name, a.id, a.t, a.likely, b.id, b.t, b.likely)
					}
				}
			}
		}
	}
	line := func(name string, y *tally) {
		slices.Sort(y.width)
		slices.Sort(y.off)
		med := func(l []float64, q float64) float64 {
			if len(l) == 0 {
				return math.NaN()
			}
			return l[min(len(l)-1, int(q*float64(len(l))))]
		}
		fmt.Printf("%-24s %4d events, inside %5.1f%%, inside and narrow %5.1f%%, width median %.2f p95 %.2f max %.2f; likely off by median %.2f p95 %.2f\n", name, y.n,
			100*float64(y.inside)/float64(y.n), 100*float64(y.good)/float64(y.n), med(y.width, 0.5), med(y.width, .95), med(y.width, 1), med(y.off, .5), med(y.off, .95))
	}
	for _, ty := range slices.Sorted(keysOf(byType)) {
		line(string(ty), byType[ty])
	}
	for _, ty := range byType {
		total.width, total.off = append(total.width, ty.width...), append(total.off, ty.off...)
	}
	line("total", total)
	fmt.Printf("order right in %d of %d pairs more than 1s apart\n", orders-wrong, orders)
	if share := float64(total.inside) / float64(total.n); share < 0.985 {
		t.Errorf("only %.1f%% of the events are inside their bounds, want 98.5%%", 100*share)
	}
	if share := float64(total.good) / float64(total.n); share < 0.985 {
		t.Errorf("only %.1f%% of the events are inside narrow bounds, want 98.5%%", 100*share)
	}
	if wrong*1000 > orders {
		t.Errorf("%d of %d pairs are in the wrong order", wrong, orders)
	}
}

type matchedEvent struct {
	id        string
	t, likely float64
}

func nthEvent(tl *analyze.Timeline, r startEvent, n int) *analyze.Event {
	for i := range tl.Events {
		e := &tl.Events[i]
		if e.Type == r.Type && e.Container == r.Container {
			if n == 0 {
				return e
			}
			n--
		}
	}
	return nil
}

func keysOf[K comparable, V any](m map[K]V) func(yield func(K) bool) {
	return func(yield func(K) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}
