package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func budgetRefused() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL923", Name: "budget-refused",
		Title:        "the API refuses this disruption budget",
		Severity:     analyze.Error,
		Kinds:        kinds(analyze.KindPDB),
		SkipRecorded: true,
		Sources:      []analyze.Citation{behaviour("C472"), source("pkg/apis/policy/validation/validation.go")},
		Check: func(p *analyze.Pass) {
			refuse(p, budgetErrors(p.Object.API))
		},
	}
}
