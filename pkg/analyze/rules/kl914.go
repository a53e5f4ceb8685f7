package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/validate"
)

func hookRefused() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL914", Name: "hook-refused",
		Title:        "the API refuses this lifecycle hook",
		Severity:     analyze.Error,
		Kinds:        podHolders(),
		SkipRecorded: true,
		Sources:      []analyze.Citation{behaviour("C463"), source("pkg/apis/core/validation/validation.go")},
		Check: func(p *analyze.Pass) {
			refuse(p, validate.Hooks(p.Pod, validateOptions(p)))
		},
	}
}
