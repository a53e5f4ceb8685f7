package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func unknownField() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL901", Name: "unknown-field",
		Title:    "the API knows no such field here",
		Severity: analyze.Error,
		Partial:  true,
		Sources:  []analyze.Citation{page("reference/using-api/api-concepts/#field-validation")},
		Check: func(p *analyze.Pass) {
			problems(p, "unknown-field", "kubectl refuses an unknown field; without that check it is dropped without a word")
		},
	}
}
