package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/validate"
)

func volumesRefused() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL916", Name: "volumes-refused",
		Title:        "the API refuses this volume or mount",
		Severity:     analyze.Error,
		Kinds:        podHolders(),
		SkipRecorded: true,
		Sources:      []analyze.Citation{behaviour("C435"), source("pkg/apis/core/validation/validation.go")},
		Check: func(p *analyze.Pass) {
			refuse(p, validate.Volumes(p.Pod, p.Pod.Path == nil, claimNames(p.Object.API)))
		},
	}
}
