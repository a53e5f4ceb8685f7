package explain_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/load"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/explain"
)

// noon is the moment of all cases in testdata/causes.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// TestCauses runs testdata/causes: each archive is one situation with the exact
// strings of the cited source, and what must be said about it.
func TestCauses(t *testing.T) {
	files, err := filepath.Glob("testdata/causes/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			c := readCase(t, file)
			x := explain.Explain(c.snapshot, subjectOf(t, c.snapshot, c.subject()), explain.Options{})
			checkWellFormed(t, x)
			for _, want := range c.want {
				checkLine(t, x, want)
			}
			if t.Failed() {
				t.Log(x.Headline + "\n" + told(x))
			}
		})
	}
}

type causeCase struct {
	snapshot *analyze.Snapshot
	want     []string
}

func (c causeCase) subject() string {
	for _, line := range c.want {
		if s, ok := strings.CutPrefix(line, "subject "); ok {
			return s
		}
	}
	return ""
}

func readCase(t *testing.T, file string) causeCase {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var c causeCase
	var cluster []byte
	complete := true
	for _, f := range txtar.Parse(data).Files {
		switch f.Name {
		case "want":
			c.want = strings.Split(strings.TrimSpace(string(f.Data)), "\n")
			complete = !slices.Contains(c.want, "incomplete")
		case "cluster.yaml":
			cluster = f.Data
		}
	}
	res, err := load.Bytes("cluster.yaml", cluster, func(r *load.Request) {
		r.Question, r.Clock, r.Complete, r.Args = load.Explain, noon, complete, []string{c.subject()}
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(res.Errors) > 0 {
		t.Fatal(res.Errors)
	}
	for _, o := range res.Snapshot.Objects() {
		if len(o.Problems) > 0 {
			t.Fatalf("%s: %v", o.Ref, o.Problems)
		}
	}
	c.snapshot = res.Snapshot
	return c
}

func checkLine(t *testing.T, x *explain.Explanation, line string) {
	t.Helper()
	key, want, _ := strings.Cut(line, " ")
	has := slices.ContainsFunc[[]explain.Reason]
	switch key {
	case "subject", "incomplete":
	case "status":
		equal(t, key, x.Status, want)
	case "severity":
		equal(t, key, x.Severity.String(), want)
	case "state":
		equal(t, key, string(x.State), want)
	case "reason":
		if len(x.Reasons) == 0 || x.Reasons[0].ID != want {
			t.Errorf("the first reason is not %s: %v", want, ids(x))
		}
	case "also":
		if !has(x.Reasons, func(r explain.Reason) bool { return r.ID == want }) {
			t.Errorf("no reason %s: %v", want, ids(x))
		}
	case "certainty":
		equal(t, key, string(x.Reasons[0].Certainty), want)
	case "says":
		if !strings.Contains(told(x), strings.ToLower(want)) {
			t.Errorf("it does not say %q", want)
		}
	case "not":
		if strings.Contains(told(x), strings.ToLower(want)) {
			t.Errorf("it says %q", want)
		}
	case "next":
		if !slices.ContainsFunc(x.Outlook, func(o explain.Outlook) bool { return strings.Contains(o.What, want) }) {
			t.Errorf("no outlook %q: %v", want, x.Outlook)
		}
	case "try":
		if !slices.ContainsFunc(x.Actions, func(a explain.Action) bool { return strings.HasPrefix(a.Command, want) }) {
			t.Errorf("no action %q: %v", want, x.Actions)
		}
	case "gap":
		if !slices.ContainsFunc(x.Gaps, func(g analyze.Gap) bool { return g.Matters && strings.Contains(g.What, want) }) {
			t.Errorf("no gap %q: %v", want, x.Gaps)
		}
	case "effect":
		if !slices.ContainsFunc(x.Effects, func(e explain.Effect) bool { return strings.Contains(e.Summary, want) }) {
			t.Errorf("no effect %q: %v", want, x.Effects)
		}
	default:
		checkMore(t, x, key, want)
	}
}

func checkMore(t *testing.T, x *explain.Explanation, key, want string) {
	t.Helper()
	switch key {
	case "quiet":
		if len(x.Reasons)+len(x.Effects) > 0 {
			t.Errorf("alarm about a healthy thing: %v %v", ids(x), x.Effects)
		}
	case "count":
		equal(t, key, itoa(x.Reasons[0].Count), want)
	case "reasons":
		equal(t, key, itoa(len(x.Reasons)), want)
	case "owner":
		if x.Owners[0].Object.String() != want {
			t.Errorf("root owner %s, want %s", x.Owners[0].Object, want)
		}
	default:
		t.Fatalf("unknown expectation %q", key)
	}
}

func equal(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %q, want %q", what, got, want)
	}
}

func ids(x *explain.Explanation) []string {
	var out []string
	for _, r := range x.Reasons {
		out = append(out, r.ID)
	}
	return out
}

// TestCausesCite holds the head of every archive: a line that says what it is,
// and where its strings or its behaviour come from. make test-api compares the
// strings with those files.
func TestCausesCite(t *testing.T) {
	files, err := filepath.Glob("testdata/causes/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	said := regexp.MustCompile(`^# [^#]+$`)
	cites := regexp.MustCompile(`^# (?:(?:strings|behaviour) \S+@v\d\S* \S+\.go|elsewhere .+)$`)
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(string(txtar.Parse(data).Comment)), "\n")
		if len(lines) < 2 || !said.MatchString(lines[0]) || cites.MatchString(lines[0]) {
			t.Errorf("%s: want a line that says what it is, and lines that cite its source", file)
		}
		for _, line := range lines[1:] {
			if !cites.MatchString(line) {
				t.Errorf("%s: %q cites nothing", file, line)
			}
		}
	}
}
