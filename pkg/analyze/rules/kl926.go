package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func claimRefused() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL926", Name: "claim-refused",
		Title:        "the API refuses this volume claim",
		Severity:     analyze.Error,
		Kinds:        kinds(analyze.KindPVC),
		SkipRecorded: true,
		Sources:      []analyze.Citation{behaviour("C468"), source("pkg/apis/core/validation/validation.go")},
		Check: func(p *analyze.Pass) {
			refuse(p, claimErrors(p.Object.API))
		},
	}
}
