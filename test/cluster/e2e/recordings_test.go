package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/gen"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/record"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/testkit"
)

// TestRecordings ends twenty new random pods, records it, and compares the
// record with the recordings we keep (its shape) and with what the plugin
// predicts from manifest and assumptions alone (who is killed, exit codes,
// signals, order; never milliseconds).
func TestRecordings(t *testing.T) {
	env := cluster(t)
	seed := uint64(20)
	if text := os.Getenv("LIFECYCLE_SEED"); text != "" {
		if _, err := fmt.Sscan(text, &seed); err != nil {
			t.Fatalf("LIFECYCLE_SEED=%q is not a number", text)
		}
	}
	t.Logf("seed %d", seed)
	cases := gen.Cases(record.Termination, gen.Options{Seed: seed, Count: 20})
	done, err := record.Record(t.Context(), env.Cluster, shared.node, cases,
		record.Batch{Namespace: "recordings", Parallel: 8, Every: 500 * time.Millisecond}, t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	if len(done) < 18 { // an active deadline can pass before a very slow machine has the pod up
		t.Errorf("only %d of 20 pods were recorded", len(done))
	}
	for _, c := range done {
		sameShape(t, c)
		t.Run(c.Name, func(t *testing.T) { predicted(t, env, c) })
	}
}

// sameShape holds a fresh recording against those in testdata/truth.
func sameShape(t *testing.T, c *record.Case) {
	t.Helper()
	kept := keptShape(t)
	b, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var fresh map[string]json.RawMessage
	var events struct{ Observed []map[string]json.RawMessage }
	if err := json.Unmarshal(b, &fresh); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &events); err != nil {
		t.Fatal(err)
	}
	for key := range kept.keys {
		if _, ok := fresh[key]; !ok && key != "delete" {
			t.Errorf("%s: the recording has no %q", c.Name, key)
		}
	}
	for _, e := range events.Observed {
		for key := range e {
			if !kept.eventKeys[key] {
				t.Errorf("%s: an event has the key %q, which recordings do not have", c.Name, key)
			}
		}
	}
	if !slices.IsSortedFunc(c.Observed, func(a, b record.Event) int {
		return int(a.T*1000) - int(b.T*1000)
	}) {
		t.Errorf("%s: the events are not in order", c.Name)
	}
	if len(c.Observed) == 0 {
		t.Errorf("%s: nothing was observed", c.Name)
	}
}

type shape struct{ keys, eventKeys map[string]bool }

func keptShape(t *testing.T) shape {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "testdata", "truth", "recorded-termination.json"))
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Observed []map[string]json.RawMessage
	}
	if err := json.Unmarshal(b, &cases); err != nil {
		t.Fatal(err)
	}
	s := shape{keys: map[string]bool{"name": true, "manifest": true, "assumptions": true, "observed": true}, eventKeys: map[string]bool{}}
	for _, c := range cases {
		for _, e := range c.Observed {
			for key := range e {
				s.eventKeys[key] = true
			}
		}
	}
	return s
}

// predicted compares the recording with the plugin's own idea of it.
func predicted(t *testing.T, env *testkit.Env, c *record.Case) {
	dir := t.TempDir()
	write := func(name string, v any) string {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	args := []string{"termination-timeline", "-o", "json", "-f", write("pod.json", c.Manifest), "--assumptions", write("assume.json", c.Assumptions)}
	out := env.Run(t, env.Cluster.Kubeconfig, append(args, c.Flags...)...)
	if out.Code != 0 {
		t.Fatalf("%s: exit code %d\n%s", strings.Join(args, " "), out.Code, out.Stderr)
	}
	var timeline testkit.Timeline
	out.JSON(t, &timeline)
	if diff := compare(timeline, c); diff != "" {
		t.Errorf("the prediction and the node differ:\n%s\nobserved: %s\npredicted: %s", diff, brief(c.Observed), out.Stdout)
	}
}

func brief(events []record.Event) string {
	var parts []string
	for _, e := range events {
		s := fmt.Sprintf("%.1f %s %s %s", e.T, e.Type, e.Container, e.Signal)
		if e.ExitCode != nil {
			s += fmt.Sprint(*e.ExitCode)
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, " | ")
}

// compare tells where the outcome of a recording contradicts a prediction. Only
// what cannot depend on the machine's speed counts.
func compare(p testkit.Timeline, c *record.Case) string {
	var diffs []string
	for _, o := range c.Observed {
		if o.Type != "ContainerExited" {
			continue
		}
		i := slices.IndexFunc(p.Events, func(e testkit.TimelineEvent) bool { return e.Type == o.Type && e.Container == o.Container })
		switch {
		case i < 0:
			diffs = append(diffs, fmt.Sprintf("%s exited with %d, which is not predicted at all", o.Container, *o.ExitCode))
		case len(p.Events[i].ExitCodes) > 0 && !slices.Contains(p.Events[i].ExitCodes, *o.ExitCode) && decided(p, o.Container):
			diffs = append(diffs, fmt.Sprintf("%s exited with %d, predicted %v", o.Container, *o.ExitCode, p.Events[i].ExitCodes))
		}
	}
	for _, a := range order(p) {
		first, second := find(c.Observed, a[0]), find(c.Observed, a[1])
		if first != nil && second != nil && first.T > second.T {
			diffs = append(diffs, fmt.Sprintf("%s %s should come before %s %s", a[0].Type, a[0].Container, a[1].Type, a[1].Container))
		}
	}
	return strings.Join(diffs, "\n")
}

// decided tells whether a container's own end and its kill are predicted far
// enough apart that a busy machine cannot turn one into the other.
func decided(p testkit.Timeline, container string) bool {
	for _, e := range p.Events {
		if e.Type == "ContainerExited" && e.Container == container {
			return len(e.ExitCodes) == 1
		}
	}
	return false
}

// order lists pairs of predicted events at least three seconds apart, both certain.
func order(p testkit.Timeline) [][2]testkit.TimelineEvent {
	var pairs [][2]testkit.TimelineEvent
	for _, a := range p.Events {
		for _, b := range p.Events {
			if a.At.Latest != nil && a.At.Likely != nil && b.At.Likely != nil && *a.At.Latest+3 < b.At.Earliest {
				pairs = append(pairs, [2]testkit.TimelineEvent{a, b})
			}
		}
	}
	return pairs
}

func find(events []record.Event, p testkit.TimelineEvent) *record.Event {
	for i, e := range events {
		if e.Type == p.Type && e.Container == p.Container {
			return &events[i]
		}
	}
	return nil
}
