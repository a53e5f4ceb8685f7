package rules

import (
	"time"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func startingDeadlineTooShort() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL504", Name: "starting-deadline-too-short",
		Title:    "runs are missed because they may hardly be late",
		Severity: analyze.Warning,
		Kinds:    kinds(analyze.KindCronJob),
		Sources:  []analyze.Citation{behaviour("C234"), behaviour("C235"), page("concepts/workloads/controllers/cron-jobs/#starting-deadline")},
		Check: func(p *analyze.Pass) {
			c, s, ok := schedule(p.Object)
			if !ok || c.Spec.StartingDeadlineSeconds == nil || c.Spec.Suspend != nil && *c.Spec.Suspend {
				return
			}
			deadline := *c.Spec.StartingDeadlineSeconds
			path := field.NewPath("spec", "startingDeadlineSeconds")
			switch {
			case deadline < 10:
				p.Report(path, "the controller looks every 10 seconds: a run %s late is never started", span(float64(deadline))).
					Fix("allow some minutes, or leave it out")
			case s.Every > 0 && time.Duration(deadline)*time.Second < s.Every:
				p.Report(path, "%s of every %s: the schedule counts from the deadline and never fires", span(float64(deadline)), span(s.Every.Seconds())).At(analyze.Error).
					Because(field.NewPath("spec", "schedule"), "such a schedule has no fixed times").
					Fix("write the schedule with five fields")
			}
		},
	}
}
