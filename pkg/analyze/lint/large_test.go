package lint_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/lint"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/load"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/rules"
)

// BenchmarkLarge lints one file of n Services and n Deployments. The time per
// object must not grow with n, whether each has its own name, all are copies of
// one, or all select each other's pods.
func BenchmarkLarge(b *testing.B) {
	text, err := os.ReadFile("../../../testdata/examples/preview/web.yaml")
	if err != nil {
		b.Fatal(err)
	}
	shapes := []struct {
		name string
		vary func(i int) *strings.Replacer
	}{
		{"names", func(i int) *strings.Replacer {
			return strings.NewReplacer("name: web\n", fmt.Sprintf("name: web-%d\n", i), "app: web\n", fmt.Sprintf("app: web-%d\n", i))
		}},
		{"copies", func(int) *strings.Replacer { return strings.NewReplacer() }},
		{"one-selector", func(i int) *strings.Replacer {
			return strings.NewReplacer("name: web\n", fmt.Sprintf("name: web-%d\n", i))
		}},
	}
	for _, shape := range shapes {
		for _, n := range []int{500, 5000} {
			b.Run(fmt.Sprintf("%s/%d", shape.name, n), func(b *testing.B) {
				var file strings.Builder
				for i := range n {
					file.WriteString(shape.vary(i).Replace(string(text)) + "\n---\n")
				}
				name := filepath.Join(b.TempDir(), "large.yaml")
				if err := os.WriteFile(name, []byte(file.String()), 0o600); err != nil {
					b.Fatal(err)
				}
				for b.Loop() {
					result, err := load.Load(context.Background(), load.Request{Filenames: []string{name}, Question: load.Lint})
					if err != nil {
						b.Fatal(err)
					}
					if report := lint.Run(result.Snapshot, rules.All(), lint.Config{}); report.Counts.Objects != 2*n {
						b.Fatalf("%d objects, want %d", report.Counts.Objects, 2*n)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*2*n), "µs/object")
			})
		}
	}
}
