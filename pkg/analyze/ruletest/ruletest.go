// Package ruletest runs the examples of a rule. A rule's txtar is its
// documentation (the comment of the archive) and its test (the files): a line
// that the rule must report ends in
//
//	# want KL101 `regexp`
//
// where the regexp matches the finding's message. Files called bad… need at
// least one, files called good… have none. An example in a folder k8s1.33/ is
// judged for that version. Rules that need to see everything get it; an example
// in a folder partial/ does not say that it is all there is.
//
// The package is for tests; it knows no rule.
package ruletest

import (
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/lint"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/load"
	"golang.org/x/tools/txtar"
)

var want = regexp.MustCompile("# want (KL\\d+) `([^`]+)`")

// An expectation is one # want comment.
type expectation struct {
	line    int
	rule    string
	message *regexp.Regexp
	met     bool
}

// Run runs the examples of a rule against that rule, and the good ones against
// all rules: what is good for one must not be an error or warning for another.
func Run(t *testing.T, rule *analyze.Rule, archive *txtar.Archive, all []*analyze.Rule) {
	t.Helper()
	for _, f := range archive.Files {
		t.Run(f.Name, func(t *testing.T) {
			Example(t, rule, f)
			if strings.HasPrefix(path.Base(f.Name), "good") {
				silent(t, f, all)
			}
		})
	}
}

// Example runs one example against one rule.
func Example(t *testing.T, rule *analyze.Rule, f txtar.File) {
	t.Helper()
	expected := expectations(t, f)
	if bad := strings.HasPrefix(path.Base(f.Name), "bad"); bad != (len(expected) > 0) {
		t.Errorf("%s: bad examples have # want comments, good ones have none", f.Name)
	}
	report := lint.Run(Snapshot(t, f), []*analyze.Rule{rule}, lint.Config{})
	for _, got := range report.Findings {
		if !meet(expected, got) {
			t.Errorf("unexpected: %s: %s[%s]: %s (%s)", got.Position, got.Severity, got.Rule, got.Message, got.Path)
		}
	}
	for _, e := range expected {
		if !e.met {
			t.Errorf("%s:%d: no finding of %s that matches %q", f.Name, e.line, e.rule, e.message)
		}
	}
}

func silent(t *testing.T, f txtar.File, all []*analyze.Rule) {
	t.Helper()
	for _, got := range lint.Run(Snapshot(t, txtar.File{Name: "partial/" + f.Name, Data: f.Data}), all, lint.Config{}).Findings {
		if got.Severity >= analyze.Warning {
			t.Errorf("a good example is bad for another rule: %s: %s[%s]: %s", got.Position, got.Severity, got.Rule, got.Message)
		}
	}
}

func meet(expected []*expectation, f analyze.Finding) bool {
	for _, e := range expected {
		if !e.met && e.line == f.Line && e.rule == f.Rule && e.message.MatchString(f.Message) {
			e.met = true
			return true
		}
	}
	return false
}

func expectations(t *testing.T, f txtar.File) []*expectation {
	t.Helper()
	var out []*expectation
	for i, line := range strings.Split(string(f.Data), "\n") {
		for _, m := range want.FindAllStringSubmatch(line, -1) {
			re, err := regexp.Compile(m[2])
			if err != nil {
				t.Fatalf("%s:%d: %v", f.Name, i+1, err)
			}
			out = append(out, &expectation{line: i + 1, rule: m[1], message: re})
		}
	}
	return out
}

// Snapshot reads an example.
func Snapshot(t *testing.T, f txtar.File) *analyze.Snapshot {
	t.Helper()
	result, err := load.Bytes(f.Name, f.Data)
	if err != nil {
		t.Fatalf("%s: %v", f.Name, err)
	}
	for _, e := range result.Errors {
		t.Fatalf("%s: %v", f.Name, e.Error())
	}
	in := analyze.SnapshotInput{
		Taken: result.Snapshot.Taken, Version: result.Snapshot.Version, Objects: result.Snapshot.Objects(),
		Knowledge: analyze.Knowledge{Complete: !strings.HasPrefix(f.Name, "partial/")},
	}
	if v, ok := strings.CutPrefix(strings.TrimPrefix(f.Name, "partial/"), "k8s"); ok {
		v, _, _ = strings.Cut(v, "/")
		if in.Version, _, err = analyze.ParseVersion(v); err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
	}
	return analyze.NewSnapshot(in)
}
