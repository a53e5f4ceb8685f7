package rules

import (
	"strconv"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	corev1 "k8s.io/api/core/v1"
)

func zeroMeansDefault() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL213", Name: "zero-means-default",
		Title:    "0 is written and the default is used",
		Severity: analyze.Info,
		Kinds:    podHolders(),
		Sources:  []analyze.Citation{behaviour("C433"), behaviour("C604"), source("pkg/apis/core/v1/defaults.go")},
		Check: func(p *analyze.Pass) {
			if !p.Mentions("Seconds: 0", "Threshold: 0", `Seconds": 0`, `Threshold": 0`, `Seconds":0`, `Threshold":0`) {
				return
			}
			for _, c := range running(p) {
				for name, probe := range map[string]*corev1.Probe{"livenessProbe": c.LivenessProbe, "readinessProbe": c.ReadinessProbe, "startupProbe": c.StartupProbe} {
					if probe == nil {
						continue
					}
					for field, n := range map[string]struct{ value, used int32 }{
						"timeoutSeconds": {probe.TimeoutSeconds, 1}, "periodSeconds": {probe.PeriodSeconds, 10},
						"failureThreshold": {probe.FailureThreshold, 3},
					} {
						path := c.Path.Child(name, field)
						if _, written := p.Object.At(path); written && n.value == 0 {
							p.ReportIn(c, path, "0 is not kept: Kubernetes uses %d", n.used).Fix("write the number that is meant").
								Replace(path, strconv.Itoa(int(n.used)))
						}
					}
				}
			}
		},
	}
}
