package validate

import (
	"regexp"
	"strings"
	"time"
	_ "time/tzdata" // the names of time zones must not depend on the machine

	batchv1 "k8s.io/api/batch/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/cron"
)

// CronJob refuses what is wrong with a CronJob around its pod template.
func CronJob(c *batchv1.CronJob) field.ErrorList {
	var e errs
	s, p := &c.Spec, field.NewPath("spec")
	if len(c.Name) > 52 {
		invalid(&e, field.NewPath("metadata", "name"), c.Name, "must be no more than 52 characters")
	}
	if s.Schedule == "" {
		e.required(p.Child("schedule"), "")
	} else {
		if _, err := cron.Parse(s.Schedule); err != nil {
			invalid(&e, p.Child("schedule"), s.Schedule, err.Error())
		}
		if strings.Contains(s.Schedule, "TZ") {
			invalid(&e, p.Child("schedule"), s.Schedule, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead")
		}
	}
	if s.TimeZone != nil {
		e.timeZone(p.Child("timeZone"), *s.TimeZone)
	}
	numberPtr(&e, p.Child("startingDeadlineSeconds"), s.StartingDeadlineSeconds)
	numberPtr(&e, p.Child("successfulJobsHistoryLimit"), s.SuccessfulJobsHistoryLimit)
	numberPtr(&e, p.Child("failedJobsHistoryLimit"), s.FailedJobsHistoryLimit)
	optional(&e, p.Child("concurrencyPolicy"), s.ConcurrencyPolicy, batchv1.AllowConcurrent, batchv1.ForbidConcurrent, batchv1.ReplaceConcurrent)
	job := p.Child("jobTemplate", "spec")
	e.job(job, &s.JobTemplate.Spec)
	if s.JobTemplate.Spec.Selector != nil {
		invalid(&e, job.Child("selector"), "", "`selector` will be auto-generated")
	}
	if m := s.JobTemplate.Spec.ManualSelector; m != nil && *m {
		e.add(field.NotSupported(job.Child("manualSelector"), *m, []string{"nil", "false"}))
	}
	return e.list
}

var zonePart = regexp.MustCompile(`^[A-Za-z._0-9+][A-Za-z.\-_0-9+]{0,13}$`)

// timeZone refuses what is no name of the IANA database. Which names there are
// comes with the program.
func (e *errs) timeZone(p *field.Path, zone string) {
	if zone == "" {
		invalid(e, p, zone, "timeZone must be nil or non-empty string")
		return
	}
	for _, part := range strings.Split(zone, "/") {
		if part == "." || part == ".." || !zonePart.MatchString(part) {
			invalid(e, p, zone, "unknown time zone "+zone)
			return
		}
	}
	if strings.EqualFold(zone, "Local") {
		invalid(e, p, zone, "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones")
		return
	}
	if _, err := time.LoadLocation(zone); err != nil {
		invalid(e, p, zone, "unknown time zone "+zone)
	}
}
