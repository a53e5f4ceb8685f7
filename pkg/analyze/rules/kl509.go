package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	batchv1 "k8s.io/api/batch/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func hungRunBlocks() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL509", Name: "hung-run-blocks-schedule",
		Title:    "a run that hangs is the last one",
		Severity: analyze.Info,
		Kinds:    kinds(analyze.KindCronJob),
		Sources:  []analyze.Citation{behaviour("C237"), page("concepts/workloads/controllers/cron-jobs/#concurrency-policy")},
		Check: func(p *analyze.Pass) {
			c, ok := p.Object.API.(*batchv1.CronJob)
			if !ok || c.Spec.ConcurrencyPolicy != batchv1.ForbidConcurrent || c.Spec.JobTemplate.Spec.ActiveDeadlineSeconds != nil || c.Spec.JobTemplate.Spec.Template.Spec.ActiveDeadlineSeconds != nil {
				return
			}
			p.Report(field.NewPath("spec", "concurrencyPolicy"), "no run starts while one is active, and nothing ends one that hangs").
				Fix("set activeDeadlineSeconds in the jobTemplate")
		},
	}
}
