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
		if s, ok := suggest(p.Object.API, problem.Path); ok && kind == "unknown-field" {
			d.Fix("%s; %s", s.help, help)
			if s.name != "" && problem.Pos.Line > 0 {
				d.Fixes = append(d.Fixes, analyze.Edit{Position: problem.Pos, NewText: s.name})
			}
		}
	}
}
