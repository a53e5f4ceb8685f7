package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	batchv1 "k8s.io/api/batch/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func suspended() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL513", Name: "suspended",
		Title:    "nothing is run until someone resumes it",
		Severity: analyze.Info,
		Kinds:    kinds(analyze.KindJob, analyze.KindCronJob),
		Sources:  []analyze.Citation{behaviour("C210"), page("concepts/workloads/controllers/cron-jobs/#schedule-suspension")},
		Check: func(p *analyze.Pass) {
			if c, ok := p.Object.API.(*batchv1.CronJob); ok && c.Spec.Suspend != nil && *c.Spec.Suspend {
				p.Report(field.NewPath("spec", "suspend"), "no run is started; missed ones are not made up for later than the deadline").Fix("remove it, or let `kubectl patch` suspend it for a while")
			}
			if s, path, ok := jobSpec(p.Object); ok && s.Suspend != nil && *s.Suspend {
				p.Report(path.Child("suspend"), "no pod is made until it is set to false").Fix("remove it, unless a queue resumes the Job")
			}
		},
	}
}
