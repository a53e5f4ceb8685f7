package lint_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/lint"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/load"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/rules"
)

// corpus reads the folder named by the environment variable CORPUS.
func corpus(tb testing.TB) *load.Result {
	tb.Helper()
	dir := os.Getenv("CORPUS")
	if dir == "" {
		tb.Skip("CORPUS names no folder of manifests")
	}
	result, err := load.Load(context.Background(), load.Request{Filenames: []string{dir}, Recursive: true, Question: load.Lint})
	if err != nil {
		tb.Fatal(err)
	}
	return result
}

// Real manifests are linted without a crash, twice with the same result.
func TestCorpus(t *testing.T) {
	snapshot := corpus(t).Snapshot
	all := rules.All()
	first := lint.Run(snapshot, all, lint.Config{})
	counts := map[string]int{}
	for _, f := range first.Findings {
		counts[fmt.Sprintf("%s %-7s %s", f.Rule, f.Severity, f.Name)]++
		if os.Getenv("SHOW") == f.Rule || (os.Getenv("SHOW") == "all" && f.Severity > analyze.Info) {
			fmt.Printf("%s: %s[%s]: %s (%s %s)\n", f.Position, f.Severity, f.Rule, f.Message, f.Object.String(), f.Path)
		}
	}
	for _, k := range slices.Sorted(maps.Keys(counts)) {
		t.Logf("%5d %s", counts[k], k)
	}
	t.Logf("%+v", first.Counts)
	second := lint.Run(snapshot, all, lint.Config{})
	if a, b := fmt.Sprint(first.Findings), fmt.Sprint(second.Findings); a != b {
		t.Error("two runs differ")
	}
}

func BenchmarkCorpus(b *testing.B) {
	snapshot := corpus(b).Snapshot
	all := rules.All()
	for b.Loop() {
		lint.Run(snapshot, all, lint.Config{})
	}
}
