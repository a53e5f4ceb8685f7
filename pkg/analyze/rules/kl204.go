package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	corev1 "k8s.io/api/core/v1"
)

func probeSlowerThanPeriod() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL204", Name: "probe-timeout-over-period",
		Title:    "a probe may take longer than its period",
		Severity: analyze.Info,
		Kinds:    podHolders(),
		Sources:  []analyze.Citation{behaviour("K130"), behaviour("K133")},
		Check: func(p *analyze.Pass) {
			for _, c := range p.Containers {
				for name, probe := range map[string]*corev1.Probe{"livenessProbe": c.LivenessProbe, "readinessProbe": c.ReadinessProbe, "startupProbe": c.StartupProbe} {
					if probe == nil {
						continue
					}
					timeout, period := orDefault(probe.TimeoutSeconds, 1), orDefault(probe.PeriodSeconds, 10)
					if timeout <= period {
						continue
					}
					p.ReportIn(c, c.Path.Child(name, "timeoutSeconds"), "a probe may take %s, but one is due every %s", seconds(int64(timeout)), seconds(int64(period))).
						Because(c.Path.Child(name, "periodSeconds"), "the period").
						Fix("probes of one kind never overlap: the real period becomes %s; make timeoutSeconds at most periodSeconds", seconds(int64(timeout)))
				}
			}
		},
	}
}

// orDefault is what the API stores for a probe number: 0 means the default (C433).
func orDefault(n, byDefault int32) int32 {
	if n == 0 {
		return byDefault
	}
	return n
}
