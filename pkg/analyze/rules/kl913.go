package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/validate"
)

func probeRefused() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL913", Name: "probe-refused",
		Title:        "the API refuses this probe",
		Severity:     analyze.Error,
		Kinds:        podHolders(),
		SkipRecorded: true,
		Sources:      []analyze.Citation{behaviour("C462"), source("pkg/apis/core/validation/validation.go")},
		Check: func(p *analyze.Pass) {
			refuse(p, validate.Probes(p.Pod))
		},
	}
}
