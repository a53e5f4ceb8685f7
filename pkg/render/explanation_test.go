package render

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/explain"
)

func TestExplanationText(t *testing.T) {
	for name, e := range sampleExplanations() {
		for _, columns := range []int{50, 80, 120} {
			got := twice(t, func(b *bytes.Buffer) error {
				return Explanations(b, []*explain.Explanation{e}, false, Style{Width: columns})
			})
			fits(t, got, columns)
			golden(t, fmt.Sprintf("explanation/%s.%d.txt", name, columns), got)
		}
	}
	styles := map[string]Style{
		"wide": {Width: 120, Wide: true}, "wide80": {Width: 80, Format: "wide"}, "colour": {Width: 80, Color: true}, "ascii": {Width: 80, ASCII: true},
		"zone": {Width: 80, Location: time.FixedZone("CET", 3600)},
	}
	for name, st := range styles {
		got := twice(t, func(b *bytes.Buffer) error {
			return Explanations(b, []*explain.Explanation{crashExplanation()}, false, st)
		})
		golden(t, "explanation/crash."+name+".txt", got)
	}
}

func TestHealthyTakesThreeLines(t *testing.T) {
	var b bytes.Buffer
	if err := Explanations(&b, []*explain.Explanation{healthyExplanation()}, false, Style{Width: 80}); err != nil {
		t.Fatal(err)
	}
	want := "pod/api-7d4b9c-k8x2p is healthy: ready for 3h20m\n" +
		"owned by ReplicaSet api-7d4b9c, that by Deployment api\n" +
		"nothing to do (as of 2026-11-21 18:54:31 UTC, the newest time in the input)\n"
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
}

func TestCommandsAreBrokenOutsideQuotes(t *testing.T) {
	command := `kubectl get pods -o jsonpath='{range .items[*]}{.metadata.name}{" "}{end}' --field-selector "a b" -n shop`
	var got string
	for _, l := range commandLines(nil, 2, command, 40) {
		got += paint(l, false) + "\n"
	}
	want := "kubectl get pods -o \\\n" +
		"  jsonpath='{range .items[*]}{.metadata.name}{\" \"}{end}' \\\n" +
		"  --field-selector \"a b\" -n shop\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
