package rules

import (
	"time"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func scheduleNeverFires() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL503", Name: "schedule-never-fires",
		Title:    "the schedule names a day that does not exist",
		Severity: analyze.Error,
		Kinds:    kinds(analyze.KindCronJob),
		Sources:  []analyze.Citation{behaviour("C230"), page("concepts/workloads/controllers/cron-jobs/#schedule-syntax")},
		Check: func(p *analyze.Pass) {
			c, s, ok := schedule(p.Object)
			if !ok {
				return
			}
			if _, fires := s.Next(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)); !fires {
				p.Report(field.NewPath("spec", "schedule"), "%q never comes", c.Spec.Schedule).
					Fix("choose a day that its months have")
			}
		},
	}
}
