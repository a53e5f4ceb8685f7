package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func serviceRefused() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL925", Name: "service-refused",
		Title:        "the API refuses this Service",
		Severity:     analyze.Error,
		Kinds:        kinds(analyze.KindService),
		SkipRecorded: true,
		Sources:      []analyze.Citation{behaviour("C449"), source("pkg/apis/core/validation/validation.go")},
		Check: func(p *analyze.Pass) {
			refuse(p, serviceErrors(p.Object.API))
		},
	}
}
