package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/gen"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/record"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/testkit"
)

// TestRecordings asks the plugin what the end of twenty new random live pods
// will be like, ends them, records it, and compares: the record with the
// recordings we keep (its shape), and with the prediction (who is killed, exit
// codes, order; never milliseconds). It is not parallel: a recording made while
// the machine stalls says little.
func TestRecordings(t *testing.T) {
	env := cluster(t)
	seed := seedOf(t)
	t.Logf("seed %d", seed)
	predictions := &forecasts{env: env, t: t, of: map[string]testkit.Output{}}
	done, err := record.Record(t.Context(), env.Cluster, shared.node, gen.Cases(record.Termination, gen.Options{Seed: seed, Count: 20}),
		record.Batch{Namespace: "recordings", Parallel: 8, Every: 500 * time.Millisecond, Again: 2, Before: predictions.ask}, t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	if len(done) < 18 { // an active deadline can pass before a very slow machine has the pod up
		t.Errorf("only %d of 20 pods were recorded", len(done))
	}
	compared := 0
	for _, c := range done {
		sameShape(t, c)
		if c.Stall > stalled {
			t.Logf("%s is not compared: the machine stalled for %.1f s", c.Name, c.Stall)
			continue
		}
		compared++
		t.Run(c.Name, func(t *testing.T) {
			var p testkit.Timeline
			out := predictions.of[c.Name]
			if out.Code != 0 {
				t.Fatalf("termination-timeline: exit code %d\n%s", out.Code, out.Stderr)
			}
			out.JSON(t, &p)
			if diff := compare(p, c); diff != "" {
				t.Errorf("the prediction and the node differ:\n%s\nobserved: %s\npredicted: %s", diff, brief(c.Observed), out.Stdout)
			}
		})
	}
	t.Logf("%d of %d recordings compared with predictions", compared, len(done))
}

// seedOf is LIFECYCLE_SEED, or always the same.
func seedOf(t *testing.T) uint64 {
	t.Helper()
	seed := uint64(20)
	if text := os.Getenv("LIFECYCLE_SEED"); text != "" {
		if _, err := fmt.Sscan(text, &seed); err != nil {
			t.Fatalf("LIFECYCLE_SEED=%q is not a number", text)
		}
	}
	return seed
}

// stalled is the delay, in seconds, from which a recording is not compared.
const stalled = 0.4

// forecasts are what the plugin says of live pods right before their end.
type forecasts struct {
	env *testkit.Env
	t   *testing.T
	mu  sync.Mutex
	of  map[string]testkit.Output
}

func (f *forecasts) ask(_ context.Context, c *record.Case) {
	file := writeJSON(f.t, "assume.json", c.Assumptions)
	live, err := f.env.Cluster.Client.CoreV1().Pods("").List(f.t.Context(), metav1.ListOptions{FieldSelector: "metadata.name=" + c.Name})
	if err != nil || len(live.Items) == 0 {
		f.t.Errorf("looking for the live pod %s: %v", c.Name, err)
		return
	}
	ns := live.Items[len(live.Items)-1].Namespace
	args := append([]string{"termination-timeline", "pod/" + c.Name, "-n", ns, "-o", "json", "--assumptions", file}, c.Flags...)
	out := f.env.Run(f.t, f.env.Cluster.Kubeconfig, args...)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.of[c.Name] = out
}

// TestStartups does the same with the start of ten new random pods. The plugin
// is asked about the manifest, as somebody would before applying it.
func TestStartups(t *testing.T) {
	env := cluster(t)
	done, err := record.Record(t.Context(), env.Cluster, shared.node, gen.Cases(record.Startup, gen.Options{Seed: seedOf(t), Count: 10}),
		record.Batch{Namespace: "startups", Parallel: 10, Every: 300 * time.Millisecond, Horizon: 25 * time.Second, Again: 1}, t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	if len(done) != 10 {
		t.Errorf("only %d of 10 pods were recorded", len(done))
	}
	for _, c := range done {
		sameShape(t, c)
		if c.Stall > stalled {
			t.Logf("%s is not compared: the machine stalled for %.1f s", c.Name, c.Stall)
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			var p testkit.Timeline
			out := env.Run(t, env.Cluster.Kubeconfig, "startup-timeline", "pod/"+c.Name, "-o", "json",
				"-f", writeJSON(t, "pod.json", c.Manifest), "--assumptions", writeJSON(t, "assume.json", c.Assumptions))
			if out.Code != 0 {
				t.Fatalf("startup-timeline: exit code %d\n%s", out.Code, out.Stderr)
			}
			out.JSON(t, &p)
			if diff := compare(p, c) + readiness(p, c); diff != "" {
				t.Errorf("the prediction and the node differ:\n%s\nobserved: %s\npredicted: %s", diff, brief(c.Observed), out.Stdout)
			}
		})
	}
}

// readiness compares whether the pod gets ready at all while it is watched.
func readiness(p testkit.Timeline, c *record.Case) string {
	i := slices.IndexFunc(p.Events, func(e testkit.TimelineEvent) bool { return e.Type == "PodReady" && e.At.Likely != nil })
	seen := slices.ContainsFunc(c.Observed, func(e record.Event) bool { return e.Type == "PodReady" })
	switch {
	case seen && i < 0:
		return "the pod got ready, which is not predicted"
	case !seen && i >= 0 && p.Events[i].At.Latest != nil && *p.Events[i].At.Latest+3 < c.Until:
		return "the pod did not get ready, which is predicted"
	}
	return ""
}

func writeJSON(t *testing.T, name string, v any) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	b, err := json.Marshal(v)
	if err == nil {
		err = os.WriteFile(file, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return file
}
