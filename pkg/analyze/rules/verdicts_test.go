package rules_test

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/lint"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/load"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/rules"
)

// A verdict is what a real API server said to a manifest.
type verdict struct {
	Manifest json.RawMessage
	Accepted bool
	Causes   []struct{ Field, Message string }
}

// The KL9xx rules say what a real API server said: none that it took is called
// refused, at least 99 in 100 that it refused are, and at a field it names.
func TestAPIVerdicts(t *testing.T) {
	data, err := os.ReadFile("../../../testdata/truth/api-verdicts.json")
	if err != nil {
		t.Fatal(err)
	}
	var verdicts []verdict
	if err := json.Unmarshal(data, &verdicts); err != nil {
		t.Fatal(err)
	}
	family := refusals()
	missed, misplaced := 0, 0
	for i, v := range verdicts {
		found := refused(t, fmt.Sprintf("%d.json", i), v.Manifest, family)
		switch {
		case v.Accepted && len(found) > 0:
			t.Errorf("%d: the server accepts it; we say %s: %s", i, found[0].Path, found[0].Message)
		case v.Accepted:
		case len(found) == 0:
			missed++
			t.Logf("%d: missed %v", i, v.Causes)
		case !placed(found, v):
			misplaced++
			t.Logf("%d: %s (%s) is not among %v", i, found[0].Path, found[0].Message, v.Causes)
		}
	}
	if most := len(verdicts) / 100; missed > most || misplaced > most {
		t.Errorf("missed %d, misplaced %d of %d; at most %d are allowed", missed, misplaced, len(verdicts), most)
	}
	t.Logf("%d manifests: missed %d, misplaced %d", len(verdicts), missed, misplaced)
}

func refusals() []*analyze.Rule {
	var out []*analyze.Rule
	for _, r := range rules.All() {
		if strings.HasPrefix(r.ID, "KL9") {
			out = append(out, r)
		}
	}
	return out
}

func refused(t *testing.T, name string, manifest []byte, family []*analyze.Rule) []analyze.Finding {
	t.Helper()
	result, err := load.Bytes(name, manifest)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return lint.Run(result.Snapshot, family, lint.Config{}).Findings
}

var unknown = regexp.MustCompile(`unknown field "([^"]+)"|Go struct field (\S+) of`)

// placed says whether every field we name is one that the server names.
func placed(found []analyze.Finding, v verdict) bool {
	fields := map[string]bool{}
	var typed []string
	for _, c := range v.Causes {
		if c.Field != "" {
			fields[c.Field] = true
		}
		for _, m := range unknown.FindAllStringSubmatch(c.Message, -1) {
			fields[m[1]] = true
			if _, path, ok := strings.Cut(m[2], "."); ok {
				typed = append(typed, path)
			}
		}
	}
	for _, f := range found {
		ok := fields[f.Path]
		for _, path := range typed { // the decoder leaves out the indexes
			ok = ok || regexp.MustCompile(`\[\d+\]`).ReplaceAllString(f.Path, "") == path
		}
		if !ok {
			return false
		}
	}
	return true
}
