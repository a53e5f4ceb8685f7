package rules

import (
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func dayOrDay() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL510", Name: "day-of-month-or-week",
		Title:    "the two day fields of the schedule are joined by or",
		Severity: analyze.Warning,
		Kinds:    kinds(analyze.KindCronJob),
		Sources:  []analyze.Citation{behaviour("C231"), page("concepts/workloads/controllers/cron-jobs/#schedule-syntax")},
		Check: func(p *analyze.Pass) {
			c, s, ok := schedule(p.Object)
			if !ok || s.Every > 0 || s.AnyDayOfMonth || s.AnyDayOfWeek {
				return
			}
			fields := strings.Fields(c.Spec.Schedule)
			if len(fields) != 5 {
				return
			}
			p.Report(field.NewPath("spec", "schedule"), "fires on days of the month %s and also on days of the week %s", fields[2], fields[4]).
				Fix("put * in one of the two, and test the other day in the command")
		},
	}
}
