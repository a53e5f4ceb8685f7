package rules

import (
	"time"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	batchv1 "k8s.io/api/batch/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func runsOverlap() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL505", Name: "runs-overlap",
		Title:    "a slow run is still there when the next one starts",
		Severity: analyze.Info,
		Kinds:    kinds(analyze.KindCronJob),
		Sources:  []analyze.Citation{behaviour("C237"), behaviour("C447"), page("concepts/workloads/controllers/cron-jobs/#concurrency-policy")},
		Check: func(p *analyze.Pass) {
			c, s, ok := schedule(p.Object)
			if !ok || (c.Spec.ConcurrencyPolicy != "" && c.Spec.ConcurrencyPolicy != batchv1.AllowConcurrent) {
				return
			}
			gap, ok := interval(s, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
			deadline := c.Spec.JobTemplate.Spec.ActiveDeadlineSeconds
			if !ok || (deadline != nil && float64(*deadline) <= gap.Seconds()) {
				return
			}
			p.Report(field.NewPath("spec", "schedule"), "a run starts every %s, however long the one before takes", span(gap.Seconds())).
				Fix("set concurrencyPolicy: Forbid, or activeDeadlineSeconds below %s in the jobTemplate", span(gap.Seconds()))
		},
	}
}
