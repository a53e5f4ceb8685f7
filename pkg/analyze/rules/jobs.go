package rules

import (
	"time"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/cron"
	batchv1 "k8s.io/api/batch/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// jobSpec is the Job that the object is or makes, and where it stands.
func jobSpec(o *analyze.Object) (*batchv1.JobSpec, *field.Path, bool) {
	switch j := o.API.(type) {
	case *batchv1.Job:
		return &j.Spec, field.NewPath("spec"), true
	case *batchv1.CronJob:
		return &j.Spec.JobTemplate.Spec, field.NewPath("spec", "jobTemplate", "spec"), true
	}
	return nil, nil, false
}

// schedule is the CronJob's parsed schedule; ok is false for one that KL922
// refuses.
func schedule(o *analyze.Object) (*batchv1.CronJob, cron.Schedule, bool) {
	c, ok := o.API.(*batchv1.CronJob)
	if !ok {
		return nil, cron.Schedule{}, false
	}
	s, err := cron.Parse(c.Spec.Schedule)
	return c, s, err == nil && c.Spec.Schedule != ""
}

// interval is the shortest time between two of the next runs; ok is false if
// the schedule does not fire twice.
func interval(s cron.Schedule, from time.Time) (time.Duration, bool) {
	shortest := time.Duration(0)
	last, ok := s.Next(from)
	if !ok {
		return 0, false
	}
	for range 50 {
		next, ok := s.Next(last)
		if !ok {
			break
		}
		if d := next.Sub(last); shortest == 0 || d < shortest {
			shortest = d
		}
		last = next
	}
	return shortest, shortest > 0
}
