package rules

import (
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// problems reports what strict decoding refused, of one kind.
func problems(p *analyze.Pass, kind, help string) {
	for _, problem := range p.Object.Problems {
		if problem.Kind != kind || strings.Contains(problem.Path, "$patch") {
			continue
		}
		d := p.Report(parsePath(problem.Path), "%s", problem.Message)
		d.Pos = problem.Pos
		d.Container = containerAt(p, problem.Path)
		if help != "" {
			d.Fix("%s", help)
		}
	}
}
