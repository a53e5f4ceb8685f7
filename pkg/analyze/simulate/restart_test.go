package simulate

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func TestRecordedRestarts(t *testing.T) {
	for _, file := range []string{"restarts.json", "recorded-restarts.json"} {
		t.Run(file, func(t *testing.T) { judgeRestarts(t, file) })
	}
}

func judgeRestarts(t *testing.T, file string) {
	starts, inside := 0, 0
	var widths []float64
	for _, rec := range readStarts(t, file) {
		s, o := podSnapshot(&rec.Manifest)
		tl, err := Restarts(s, o, rec.scenario(t))
		if err != nil {
			t.Fatalf("%s: %v", rec.Name, err)
		}
		seen, exited := map[string]int{}, map[string]float64{}
		for _, r := range rec.Observed {
			if r.Type == analyze.ContainerExited {
				exited[r.Container] = r.T
			}
			if r.Type == analyze.ContainerStarted {
				seen[r.Container]++
				n := seen[r.Container]
				if n == 1 {
					continue
				}
				starts++
				e := nthEvent(tl, r, n-1)
				if e == nil || e.Attempt != n || e.Delay == nil {
					t.Errorf("%s: start %d of %s is not forecast: %+v", rec.Name, n, r.Container, e)
					continue
				}
				delay := r.T - exited[r.Container]
				ok := delay >= e.Delay.Earliest && delay <= e.Delay.Latest
				if ok {
					inside++
				}
				widths = append(widths, e.Delay.Width())
				t.Logf("%-14s %-4s start %d: %7.2fs after its exit, forecast %6.2f %6.2f %6.2f %v", rec.Name, r.Container, n, delay, e.Delay.Earliest, e.Delay.Likely, e.Delay.Latest, ok)
			}
		}
	}
	slices.Sort(widths)
	fmt.Printf("restarts: %d of %d starts inside their window; width of the windows: median %.1fs, largest %.1fs\n",
		inside, starts, widths[len(widths)/2], widths[len(widths)-1])
	if float64(inside) < 0.98*float64(starts) {
		t.Errorf("only %d of %d starts are inside", inside, starts)
	}
}

// A horizon beyond what can be replayed is brought nearer, and that is said.
func TestHorizonTooFar(t *testing.T) {
	pod := &corev1.Pod{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "app", Image: "r/a:1", Command: []string{"false"}}}}}
	s, o := podSnapshot(pod)
	p, err := planStart(s, o, Scenario{Horizon: 24 * time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	p.mostAlarms = 500
	f := p.forecast(3)
	if len(p.gaps) == 0 || !strings.Contains(p.gaps[len(p.gaps)-1].What, "--horizon") {
		t.Errorf("gaps: %+v", p.gaps)
	}
	for _, r := range f.runs {
		if r.cut() || r.horizon != p.horizon || p.horizon >= 86400 || p.horizon < 60 {
			t.Errorf("horizon %g of %g, cut: %v", r.horizon, p.horizon, r.cut())
		}
	}
}
