package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func autoscalerRefused() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL924", Name: "autoscaler-refused",
		Title:        "the API refuses this autoscaler",
		Severity:     analyze.Error,
		Kinds:        kinds(analyze.KindHPA),
		SkipRecorded: true,
		Sources:      []analyze.Citation{behaviour("C450"), source("pkg/apis/autoscaling/validation/validation.go")},
		Check: func(p *analyze.Pass) {
			refuse(p, autoscalerErrors(p.Object.API, validateOptions(p)))
		},
	}
}
