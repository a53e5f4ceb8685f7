package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/record"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/testkit"
)

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

// order lists pairs of predicted events at least three seconds apart, both
// certain. Of what repeats only the first counts.
func order(p testkit.Timeline) [][2]testkit.TimelineEvent {
	var firsts []testkit.TimelineEvent
	for _, e := range p.Events {
		if !slices.ContainsFunc(firsts, func(f testkit.TimelineEvent) bool { return e.Type == f.Type && e.Container == f.Container }) {
			firsts = append(firsts, e)
		}
	}
	var pairs [][2]testkit.TimelineEvent
	for _, a := range firsts {
		for _, b := range firsts {
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
