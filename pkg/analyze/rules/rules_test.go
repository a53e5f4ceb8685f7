package rules_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/rules"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/ruletest"
)

// Every rule is documented, sourced and shown to work, and its examples are true.
func TestRules(t *testing.T) {
	all := rules.All()
	for _, rule := range all {
		t.Run(rule.ID, func(t *testing.T) {
			t.Parallel()
			archive, ok := rules.Archive(rule.ID)
			if !ok {
				t.Fatal("there is no txtar")
			}
			if len(strings.TrimSpace(string(archive.Comment))) < 80 {
				t.Error("the archive's comment must explain the rule")
			}
			var good, bad bool
			for _, f := range archive.Files {
				good = good || strings.Contains(f.Name, "good")
				bad = bad || strings.Contains(f.Name, "bad")
			}
			if !good || !bad {
				t.Error("there must be a bad and a good example")
			}
			ruletest.Run(t, rule, archive, all)
		})
	}
}

// The registry is closed: ids are unique, of a known family and in order, names
// unique, titles sentences without a full stop, sources named.
func TestRegistry(t *testing.T) {
	names := map[string]bool{}
	name := regexp.MustCompile(`^[a-z][a-z0-9-]+$`)
	last := ""
	for _, r := range rules.All() {
		if r.ID <= last {
			t.Errorf("%s comes after %s", r.ID, last)
		}
		last = r.ID
		if !name.MatchString(r.Name) || names[r.Name] {
			t.Errorf("%s: the name %q is taken or badly formed", r.ID, r.Name)
		}
		names[r.Name] = true
		if r.Title == "" || strings.HasSuffix(r.Title, ".") {
			t.Errorf("%s: a title is a sentence without a full stop, not %q", r.ID, r.Title)
		}
		if len(r.Sources) == 0 || analyze.FamilyOf(r.ID) == "" || r.Severity == analyze.OK {
			t.Errorf("%s: needs a source, a family and a severity", r.ID)
		}
		if strings.Contains(r.Doc, "# want") || !strings.HasPrefix(r.Doc, "# ") {
			t.Errorf("%s: the documentation starts with a heading and holds no expectations", r.ID)
		}
	}
}
