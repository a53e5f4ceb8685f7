package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/validate"
)

func workloadRefused() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL920", Name: "workload-refused",
		Title:        "the API refuses this workload",
		Severity:     analyze.Error,
		Kinds:        servers(),
		SkipRecorded: true,
		Podless:      true,
		Sources:      []analyze.Citation{behaviour("C467"), source("pkg/apis/apps/validation/validation.go")},
		Check: func(p *analyze.Pass) {
			refuse(p, validate.Workload(p.Object.API))
		},
	}
}
