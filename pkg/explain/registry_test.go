package explain_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/explain"
)

// TestRegistryIsClosed reads the package's source: every reason id is a
// constant, has exactly one page, and is given by at least one cause.
func TestRegistryIsClosed(t *testing.T) {
	ids, used := map[string]string{}, map[string]bool{}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				for i, id := range n.Names {
					if name == "reason_ids.go" {
						ids[id.Name], _ = strconv.Unquote(n.Values[i].(*ast.BasicLit).Value)
					}
				}
				return name != "reason_ids.go"
			case *ast.Ident:
				used[n.Name] = used[n.Name] || !strings.HasPrefix(name, "registry")
			}
			return true
		})
	}
	if len(ids) < 100 {
		t.Fatalf("found only %d ids", len(ids))
	}
	pages := map[string]int{}
	for _, e := range explain.Registry() {
		pages[e.Term]++
	}
	for name, id := range ids {
		if pages[id] != 1 {
			t.Errorf("%s = %q has %d pages in the registry", name, id, pages[id])
		}
		if !used[name] {
			t.Errorf("no cause gives %s = %q", name, id)
		}
	}
	if len(pages) != len(ids) {
		t.Errorf("%d pages for %d ids", len(pages), len(ids))
	}
}

// TestEveryReasonHasACase: each reason is what an archive of testdata/causes
// wants, or the decisive one of a recording in testdata/real.
func TestEveryReasonHasACase(t *testing.T) {
	wanted := map[string]bool{}
	archives, err := filepath.Glob("testdata/causes/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range archives {
		for _, line := range readCase(t, file).want {
			if word, id, _ := strings.Cut(line, " "); word == "reason" || word == "also" {
				wanted[id] = true
			}
		}
	}
	recordings, err := filepath.Glob("testdata/real/*.expect.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range recordings {
		if id := readExpectation(t, file).Reason; id != nil {
			wanted[*id] = true
		}
	}
	for _, e := range explain.Registry() {
		if !wanted[e.Term] {
			t.Errorf("no case in testdata/causes or testdata/real wants %s", e.Term)
		}
	}
}

// TestGlossaryReadsWell holds what every page must have.
func TestGlossaryReadsWell(t *testing.T) {
	rule := regexp.MustCompile(`^[KC]\d+$`)
	kebab := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	for _, e := range explain.Glossary("").Items {
		if e.Term == "" || e.Kind == "" || e.Short == "" {
			t.Errorf("incomplete: %+v", e)
		}
		if strings.HasSuffix(e.Short, ".") || e.Short != strings.TrimSpace(e.Short) {
			t.Errorf("%s: %q is no plain sentence", e.Term, e.Short)
		}
		for _, r := range e.Rules {
			if !rule.MatchString(r) {
				t.Errorf("%s cites %q", e.Term, r)
			}
		}
		if e.Kind == "reason" && (e.Next == "" || !kebab.MatchString(e.Term)) {
			t.Errorf("reason %s lacks its next step, or is not in kebab case", e.Term)
		}
	}
}

func TestGlossaryFinds(t *testing.T) {
	for _, c := range []struct{ term, first, kind string }{
		{"CrashLoopBackOff", "CrashLoopBackOff", "status"},
		{"crashloopbackoff", "CrashLoopBackOff", "status"},
		{"137", "137", "exit code"},
		{"77", "77", "exit code"},
		{"160", "160", "exit code"},
		{"SIGTERM", "SIGTERM", "signal"},
		{"term", "SIGTERM", "signal"},
		{"oom-killed", "oom-killed", "reason"},
		{"OOMKilled", "OOMKilled", "status"},
		{"Pending", "Pending", "phase"},
		{"Ready", "Ready", "condition"},
		{"FailedAttachVolume", "multi-attach", "reason"},
		{"grace period", "grace period", "word"},
		{"grace-period", "grace period", "word"},
		{"terminationGracePeriodSeconds", "grace period", "word"},
		{"maxSurge", "surge", "word"},
		{"sidecars", "sidecar", "word"},
		{"running", "Running", "phase"},
		{"terminated", "Terminated", "status"},
	} {
		page := explain.Glossary(c.term)
		if len(page.Items) == 0 || page.Items[0].Term != c.first || page.Items[0].Kind != c.kind {
			t.Errorf("glossary %s: %+v", c.term, page.Items)
		}
	}
	if page := explain.Glossary("nonsense-word"); len(page.Items) != 0 {
		t.Errorf("glossary nonsense-word: %+v", page.Items)
	}
	if near := explain.GlossaryNear("CrashLopBackOff"); !slices.Contains(near, "CrashLoopBackOff") {
		t.Errorf("near CrashLopBackOff: %v", near)
	}
	if terms := explain.GlossaryTerms("oom"); !slices.Equal(terms, []string{"OOMKilled", "oom-killed", "oom-node"}) {
		t.Errorf("terms oom…: %v", terms)
	}
}

// TestGlossaryKnowsTheSentences: the names of fields and kinds that sentences
// use are found.
func TestGlossaryKnowsTheSentences(t *testing.T) {
	name := regexp.MustCompile(`\b[A-Za-z]?[a-z]+[A-Z][A-Za-z]+\b`)
	ours := []string{"answerTARGET", "connectionTARGET", "routeTARGET"} // filled in before they are said
	looked := map[string]bool{}
	for _, pattern := range []string{"*.go", "../analyze/simulate/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(f, func(n ast.Node) bool {
				lit, ok := n.(*ast.BasicLit)
				if !ok || lit.Kind != token.STRING {
					return true
				}
				text, _ := strconv.Unquote(lit.Value)
				for _, word := range name.FindAllString(text, -1) {
					if !strings.Contains(text, " ") || slices.Contains(ours, word) || looked[word] {
						continue
					}
					looked[word] = true
					if len(explain.Glossary(word).Items) == 0 {
						t.Errorf("%s: %q is not in the glossary: %s", file, word, text)
					}
				}
				return true
			})
		}
	}
	if len(looked) < 80 {
		t.Errorf("only %d names were looked at", len(looked))
	}
}

// TestNoTreacherousWords keeps words out of the package's sentences that hold
// another cause's name: a reader who searches for it must not be misled.
func TestNoTreacherousWords(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	bad := regexp.MustCompile(`(?i)"[^"]*\b(room|zoom|bloom)s?\b[^"]*"`)
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if m := bad.FindString(string(data)); m != "" && !strings.HasSuffix(name, "_test.go") {
			t.Errorf("%s: %s", name, m)
		}
	}
}
