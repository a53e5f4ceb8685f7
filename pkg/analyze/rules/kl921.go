package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func jobRefused() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL921", Name: "job-refused",
		Title:        "the API refuses this Job",
		Severity:     analyze.Error,
		Kinds:        kinds(analyze.KindJob),
		SkipRecorded: true,
		Sources:      []analyze.Citation{behaviour("C470"), source("pkg/apis/batch/validation/validation.go")},
		Check: func(p *analyze.Pass) {
			refuse(p, jobErrors(p.Object.API))
		},
	}
}
