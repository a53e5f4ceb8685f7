package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func unusedSuppression() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL001", Name: "unused-suppression",
		Title:    "a suppression mutes nothing",
		Severity: analyze.Info,
		Sources:  []analyze.Citation{{Text: "this program: kept by the driver of the rules"}},
	}
}
