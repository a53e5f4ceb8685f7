package rules

import (
	"math"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/simulate"
)

func postStartBlocks() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL601", Name: "poststart-blocks",
		Title:    "the start of the pod waits for a postStart hook",
		Severity: analyze.Warning,
		Kinds:    podHolders(),
		Sources:  []analyze.Citation{behaviour("K119"), behaviour("K124"), behaviour("K417")},
		Params:   []analyze.Param{{Name: "seconds", Default: 10, Help: "how long a postStart hook may take"}},
		Check: func(p *analyze.Pass) {
			for _, c := range running(p) {
				if c.Lifecycle == nil || c.Lifecycle.PostStart == nil {
					continue
				}
				at := c.Path.Child("lifecycle", "postStart")
				d, _ := simulate.HandlerDuration(c, c.Lifecycle.PostStart, at)
				if d.V.Earliest < float64(p.Param("seconds")) {
					continue
				}
				if d.At != nil {
					at = d.At
				}
				draft := p.ReportIn(c, at, "takes %s: until then no later container starts, and the pod cannot be ready", span(d.V.Earliest)).
					Fix("start the work in the background, or do it in an init container")
				if math.IsInf(d.V.Earliest, 1) {
					draft.At(analyze.Error)
				}
			}
		},
	}
}
