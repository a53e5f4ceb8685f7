package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func duplicateKey() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL903", Name: "duplicate-key",
		Title:    "a field is written twice",
		Severity: analyze.Error,
		Partial:  true,
		Sources:  []analyze.Citation{page("reference/using-api/api-concepts/#field-validation")},
		Check: func(p *analyze.Pass) {
			problems(p, "duplicate-key", "keep one of them: kustomize and strict readers refuse the file, kubectl apply -f takes the last one without a word")
		},
	}
}
