package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func cronJobRefused() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL922", Name: "cronjob-refused",
		Title:        "the API refuses this CronJob",
		Severity:     analyze.Error,
		Kinds:        kinds(analyze.KindCronJob),
		SkipRecorded: true,
		Sources:      []analyze.Citation{behaviour("C471"), source("pkg/apis/batch/validation/validation.go")},
		Check: func(p *analyze.Pass) {
			refuse(p, cronJobErrors(p.Object.API))
		},
	}
}
