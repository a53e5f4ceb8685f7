package rules

import (
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// fillIn is the help for templates: what stands for a value is no mistake, but
// nothing can be said before it is filled in.
const fillIn = "a placeholder: fill it in first, as with `envsubst < FILE | kubectl lifecycle lint -f -`"

// problems reports what strict decoding refused, of one kind. Of the placeholders
// in a template one is enough.
func problems(p *analyze.Pass, kind, help string) {
	templated := false
	for _, problem := range p.Object.Problems {
		if problem.Kind != kind || strings.Contains(problem.Path, "$patch") {
			continue
		}
		template := kind == "wrong-type" && templateMark.MatchString(problem.Message)
		if template && templated {
			continue
		}
		d := p.Report(parsePath(problem.Path), "%s", problem.Message)
		if template {
			templated = true
			d.At(analyze.Warning).Fix(fillIn)
		}
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
