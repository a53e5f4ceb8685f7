package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	corev1 "k8s.io/api/core/v1"
)

func failedLogsLost() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL507", Name: "failed-logs-lost",
		Title:    "the logs of a failed Job are deleted with its pod",
		Severity: analyze.Info,
		Kinds:    kinds(analyze.KindJob, analyze.KindCronJob),
		Sources:  []analyze.Citation{behaviour("C189"), behaviour("C190"), page("concepts/workloads/controllers/job/#pod-backoff-failure-policy")},
		Check: func(p *analyze.Pass) {
			if p.Pod.Spec.RestartPolicy == corev1.RestartPolicyOnFailure {
				p.Report(p.Pod.SpecPath().Child("restartPolicy"), "when the Job gives up, the running pod is deleted").
					Fix("use restartPolicy: Never to keep the failed pods and their logs")
			}
		},
	}
}
