package lint_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/lint"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/load"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/rules"
)

// Well-made manifests pass without an error or a warning, each alone and said to
// be all there is, and all in one run.
func TestGoodManifests(t *testing.T) {
	const dir = "testdata/good"
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range append(files, dir) {
		for _, complete := range []bool{false, true} {
			if complete && file == dir {
				continue
			}
			result, err := load.Load(context.Background(), load.Request{Filenames: []string{file}, Complete: complete, Question: load.Lint})
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range result.Errors {
				t.Errorf("%s: %s", file, e.Error())
			}
			for _, f := range lint.Run(result.Snapshot, rules.All(), lint.Config{}).Findings {
				if f.Severity >= analyze.Warning {
					t.Errorf("%s: %s[%s]: %s", f.Position, f.Severity, f.Rule, f.Message)
				}
			}
		}
	}
}
