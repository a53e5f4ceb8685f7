package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func wrongType() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL902", Name: "wrong-type",
		Title:    "the API takes another type of value here",
		Severity: analyze.Error,
		Partial:  true,
		Sources:  []analyze.Citation{page("reference/using-api/api-concepts/#field-validation")},
		Check: func(p *analyze.Pass) {
			problems(p, "wrong-type", "")
		},
	}
}
