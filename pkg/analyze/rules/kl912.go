package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/validate"
)

func containerRefused() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL912", Name: "container-refused",
		Title:        "the API refuses this container",
		Severity:     analyze.Error,
		Kinds:        podHolders(),
		SkipRecorded: true,
		Sources:      []analyze.Citation{behaviour("C464"), source("pkg/apis/core/validation/validation.go")},
		Check: func(p *analyze.Pass) {
			refuse(p, validate.Containers(p.Pod, p.Pod.Path == nil, validateOptions(p)))
		},
	}
}
