package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// levels is the order of the rooms; see pkg/analyze/doc.go.
var levels = map[string]int{
	"cmd/kubectl-lifecycle":     5,
	"pkg/render":                4,
	"pkg/explain":               3,
	"pkg/analyze/lint":          3,
	"pkg/analyze/rules":         2,
	"pkg/analyze/load":          1,
	"pkg/analyze/cron":          0, // leaf libraries: import nothing of ours
	"pkg/analyze/validate":      1,
	"pkg/analyze/simulate":      1,
	"pkg/analyze":               0,
	"pkg/analyze/ruletest":      4, // test support
	"pkg/analyze/load/apitest":  2, // test support
	"pkg/analyze/rules/newrule": 5, // a tool: writes the skeletons of a rule
}

// TestImportLaw holds the direction of imports: a package imports only packages
// of a lower level.
func TestImportLaw(t *testing.T) {
	const module = "github.com/kubectl-lifecycle/kubectl-lifecycle/"
	root := filepath.Join("..", "..")
	seen := 0
	for _, top := range []string{"cmd", "pkg"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			rel, err := filepath.Rel(root, filepath.Dir(path))
			if err != nil {
				return err
			}
			from := filepath.ToSlash(rel)
			level, known := levels[from]
			if !known {
				t.Errorf("%s: package %s has no level; add it to the table", path, from)
				return nil
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
			if err != nil {
				return err
			}
			seen++
			for _, imp := range file.Imports {
				name, err := strconv.Unquote(imp.Path.Value)
				if err != nil {
					return err
				}
				to, ours := strings.CutPrefix(name, module)
				if ours && levels[to] >= level {
					t.Errorf("%s: level %d imports %s of level %d", path, level, to, levels[to])
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if seen == 0 {
		t.Fatal("no Go file was looked at")
	}
}
