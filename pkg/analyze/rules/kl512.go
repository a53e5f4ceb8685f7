package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	batchv1 "k8s.io/api/batch/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func finishedJobGone() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL512", Name: "finished-job-gone",
		Title:    "a finished Job is deleted before anyone can look at it",
		Severity: analyze.Info,
		Kinds:    kinds(analyze.KindJob, analyze.KindCronJob),
		Sources:  []analyze.Citation{behaviour("C207"), page("concepts/workloads/controllers/ttlafterfinished/")},
		Check: func(p *analyze.Pass) {
			if s, path, ok := jobSpec(p.Object); ok && s.TTLSecondsAfterFinished != nil && *s.TTLSecondsAfterFinished == 0 {
				p.Report(path.Child("ttlSecondsAfterFinished"), "its result and its logs go with it").Fix("keep it for some minutes")
			}
			c, ok := p.Object.API.(*batchv1.CronJob)
			if ok && c.Spec.FailedJobsHistoryLimit != nil && *c.Spec.FailedJobsHistoryLimit == 0 {
				p.Report(field.NewPath("spec", "failedJobsHistoryLimit"), "a failed run leaves nothing to look at").Fix("keep at least 1")
			}
		},
	}
}
