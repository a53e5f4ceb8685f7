package rules

import (
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func localTimeWithoutZone() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL511", Name: "schedule-without-time-zone",
		Title:    "the hour of the schedule is that of the control plane",
		Severity: analyze.Info,
		Kinds:    kinds(analyze.KindCronJob),
		Sources:  []analyze.Citation{behaviour("C232"), page("concepts/workloads/controllers/cron-jobs/#time-zones")},
		Check: func(p *analyze.Pass) {
			c, s, ok := schedule(p.Object)
			const everyHour = 1<<24 - 1
			if !ok || c.Spec.TimeZone != nil || s.Every > 0 || s.Hour == everyHour || strings.Contains(c.Spec.Schedule, "TZ") {
				return
			}
			p.Report(field.NewPath("spec", "schedule"), "in the time zone of the kube-controller-manager, usually UTC").
				Fix("write timeZone: Etc/UTC, or the zone that is meant")
		},
	}
}
