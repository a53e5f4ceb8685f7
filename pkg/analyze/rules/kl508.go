package rules

import (
	"fmt"
	"math"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func podDeadlineInJob() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL508", Name: "retries-without-time",
		Title:    "the Job's time is up before its retries are",
		Severity: analyze.Info,
		Kinds:    kinds(analyze.KindJob, analyze.KindCronJob),
		Sources:  []analyze.Citation{behaviour("C192"), page("concepts/workloads/controllers/job/#job-termination-and-cleanup")},
		Check: func(p *analyze.Pass) {
			s, path, ok := jobSpec(p.Object)
			if !ok || s.ActiveDeadlineSeconds == nil || s.BackoffLimitPerIndex != nil {
				return
			}
			retries := int32(6) // the default (C446)
			if s.BackoffLimit != nil {
				retries = *s.BackoffLimit
			}
			waiting := jobBackoff(retries)
			if waiting <= float64(*s.ActiveDeadlineSeconds) {
				return
			}
			p.Report(path.Child("activeDeadlineSeconds"), "%s for everything, but the pauses between %s alone take %s", span(float64(*s.ActiveDeadlineSeconds)), retryCount(retries), span(waiting)).
				Fix("raise activeDeadlineSeconds, or lower backoffLimit to what fits")
		},
	}
}

// jobBackoff sums the pauses before so many retries in seconds: 10, 20, 40 … up
// to 10 minutes each (C192).
func jobBackoff(retries int32) float64 {
	total, pause := 0.0, 10.0
	for range min(retries, 1000) {
		total += pause
		pause = math.Min(pause*2, 600)
	}
	return total
}

func retryCount(n int32) string {
	if n == 1 {
		return "1 retry"
	}
	return fmt.Sprintf("%d retries", n)
}
