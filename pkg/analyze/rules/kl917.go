package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/validate"
)

func schedulingRefused() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL917", Name: "scheduling-refused",
		Title:        "the API refuses these scheduling rules",
		Severity:     analyze.Error,
		Kinds:        podHolders(),
		SkipRecorded: true,
		Sources:      []analyze.Citation{behaviour("C473"), source("pkg/apis/core/validation/validation.go")},
		Check: func(p *analyze.Pass) {
			refuse(p, validate.Scheduling(p.Pod))
		},
	}
}
