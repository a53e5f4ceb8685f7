package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func malformedSuppression() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL002", Name: "malformed-suppression",
		Title:    "a suppression cannot be understood",
		Severity: analyze.Warning,
		Sources:  []analyze.Citation{{Text: "this program: kept by the driver of the rules"}},
	}
}
