package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/validate"
)

func podRefused() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL911", Name: "pod-refused",
		Title:        "the API refuses this pod",
		Severity:     analyze.Error,
		Kinds:        podHolders(),
		SkipRecorded: true,
		Sources:      []analyze.Citation{behaviour("C460"), source("pkg/apis/core/validation/validation.go")},
		Check: func(p *analyze.Pass) {
			refuse(p, validate.Pod(p.Pod, p.Object.GroupKind() == analyze.KindStatefulSet))
		},
	}
}
