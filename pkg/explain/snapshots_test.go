package explain_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/load"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/explain"
)

// An expectation is what a recording of a real cluster must be explained as.
type expectation struct {
	Taken       time.Time  `json:"taken"`
	GetPods     []string   `json:"kubectl_get_pods"`
	Subject     string     `json:"subject"`
	Severity    []string   `json:"severity"`
	MustMention [][]string `json:"must_mention"`
	MustNotSay  []string   `json:"must_not_say"`
	// File and Reason are in testdata/real only: the recording, and the id of the
	// decisive reason, "" for none.
	File   string  `json:"file"`
	Reason *string `json:"reason"`
}

func readSnapshot(t *testing.T, file string, clock time.Time) *load.Result {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	res, err := load.Bytes(file, data, func(r *load.Request) { r.Question, r.Clock = load.Explain, clock })
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func subjectOf(t *testing.T, s *analyze.Snapshot, typeName string) *analyze.Object {
	t.Helper()
	kind, name, _ := strings.Cut(typeName, "/")
	for _, o := range s.Objects() {
		if strings.EqualFold(o.Kind, kind) && o.Name == name {
			return o
		}
	}
	t.Fatalf("no %s in the snapshot", typeName)
	return nil
}

// told is what the expectation speaks of: headline, reasons and effects.
func told(x *explain.Explanation) string {
	parts := []string{x.Headline}
	for _, r := range x.Reasons {
		parts = append(parts, r.Summary, r.Detail)
		for _, e := range r.Evidence {
			parts = append(parts, e.Value)
		}
	}
	for _, e := range x.Effects {
		parts = append(parts, e.Summary)
	}
	return strings.ToLower(strings.Join(parts, "\n"))
}

func TestSnapshots(t *testing.T) {
	files, err := filepath.Glob("../../testdata/cluster/*.expect.json")
	if err != nil || len(files) < 20 {
		t.Fatalf("found %d expectations: %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".expect.json")
		t.Run(name, func(t *testing.T) {
			want := readExpectation(t, file)
			res := readSnapshot(t, strings.TrimSuffix(file, ".expect.json")+".yaml", want.Taken)
			x := explain.Explain(res.Snapshot, subjectOf(t, res.Snapshot, want.Subject), explain.Options{})
			check(t, x, want)
			checkColumns(t, res.Snapshot, want, true)
			checkWellFormed(t, x)
			if strings.HasPrefix(name, "healthy") || name == "completed" {
				if x.Severity != analyze.OK || len(x.Reasons)+len(x.Effects)+len(x.Outlook)+len(x.Actions) > 0 {
					t.Errorf("alarm about a healthy thing: %s %+v", x.Headline, x)
				}
			}
		})
	}
}

// TestRealClusters explains more recordings of real clusters: testdata/real.
func TestRealClusters(t *testing.T) {
	files, err := filepath.Glob("testdata/real/*.expect.json")
	if err != nil || len(files) < 50 {
		t.Fatalf("found %d expectations: %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".expect.json"), func(t *testing.T) {
			want := readExpectation(t, file)
			res := readSnapshot(t, filepath.Join("testdata/real", want.File), want.Taken)
			x := explain.Explain(res.Snapshot, subjectOf(t, res.Snapshot, want.Subject), explain.Options{})
			check(t, x, want)
			checkColumns(t, res.Snapshot, want, false)
			checkWellFormed(t, x)
			id := ""
			if len(x.Reasons) > 0 {
				id = x.Reasons[0].ID
			}
			if want.Reason == nil || id != *want.Reason {
				t.Errorf("the decisive reason is %q, want %v: %s", id, want.Reason, x.Headline)
			}
		})
	}
}

func readExpectation(t *testing.T, file string) expectation {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var want expectation
	if err := json.Unmarshal(data, &want); err != nil {
		t.Fatal(err)
	}
	return want
}

func check(t *testing.T, x *explain.Explanation, want expectation) {
	t.Helper()
	if !slices.Contains(want.Severity, x.Severity.String()) {
		t.Errorf("severity %s, want one of %v: %s", x.Severity, want.Severity, x.Headline)
	}
	text := told(x)
	for _, any := range want.MustMention {
		if !slices.ContainsFunc(any, func(w string) bool { return strings.Contains(text, w) }) {
			t.Errorf("none of %q in:\n%s", any, text)
		}
	}
	for _, word := range want.MustNotSay {
		if strings.Contains(text, word) {
			t.Errorf("it says %q in:\n%s", word, text)
		}
	}
}

// checkColumns compares with what kubectl printed at that moment; ages only
// where it printed in the very second of the recording.
func checkColumns(t *testing.T, s *analyze.Snapshot, want expectation, ages bool) {
	t.Helper()
	columns := regexp.MustCompile(`\s{2,}`)
	for _, line := range want.GetPods[min(1, len(want.GetPods)):] {
		f := columns.Split(line, -1)
		x := explain.Explain(s, subjectOf(t, s, "pod/"+f[0]), explain.Options{})
		pod := explain.PrintPod(podOf(t, s, f[0]), s.Version)
		cell, printed := pod.RestartsCell(want.Taken), f[3]
		if !ages {
			cell, _, _ = strings.Cut(cell, " ")
			printed, _, _ = strings.Cut(printed, " ")
		}
		if x.Ready != f[1] || x.Status != f[2] || cell != printed {
			t.Errorf("%s prints %s %s %s, kubectl printed %q", f[0], x.Ready, x.Status, cell, line)
		}
	}
}

// checkWellFormed holds what is true of every explanation.
func checkWellFormed(t *testing.T, x *explain.Explanation) {
	t.Helper()
	ids := map[string]bool{}
	for _, e := range explain.Registry() {
		ids[e.Term] = true
	}
	if x.Headline == "" || !strings.HasPrefix(x.Headline, x.Subject.String()) || strings.Contains(x.Headline, "\n") {
		t.Errorf("headline %q", x.Headline)
	}
	for _, r := range x.Reasons {
		if !ids[r.ID] {
			t.Errorf("reason %q is not in the registry", r.ID)
		}
		if len(r.Evidence) == 0 || r.Summary == "" || r.Certainty == "" {
			t.Errorf("reason %q lacks evidence, summary or certainty: %+v", r.ID, r)
		}
		if r.Certainty != explain.Certain && r.Why == "" {
			t.Errorf("reason %q is %s but does not say why", r.ID, r.Certainty)
		}
	}
	if _, err := json.Marshal(x); err != nil {
		t.Error(err)
	}
}
