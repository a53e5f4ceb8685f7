package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
)

func drainFailsJob() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL506", Name: "drain-fails-job",
		Title:    "one drained node fails the whole Job",
		Severity: analyze.Warning,
		Kinds:    kinds(analyze.KindJob, analyze.KindCronJob),
		Sources:  []analyze.Citation{behaviour("C188"), behaviour("C198"), page("concepts/workloads/controllers/job/#pod-failure-policy")},
		Check: func(p *analyze.Pass) {
			s, path, ok := jobSpec(p.Object)
			if !ok || s.BackoffLimit == nil || *s.BackoffLimit != 0 || ignoresDisruption(s) || p.Object.Meta != nil && helmHook(p.Object) {
				return
			}
			p.Report(path.Child("backoffLimit"), "a pod that is drained or evicted counts as the one failure too many").
				Fix("add a podFailurePolicy that ignores the condition DisruptionTarget, or allow a retry")
		},
	}
}

// ignoresDisruption says whether the Job does not count pods that were deleted
// from outside.
func ignoresDisruption(s *batchv1.JobSpec) bool {
	if s.PodFailurePolicy == nil {
		return false
	}
	for _, r := range s.PodFailurePolicy.Rules {
		for _, c := range r.OnPodConditions {
			if r.Action == batchv1.PodFailurePolicyActionIgnore && c.Type == corev1.DisruptionTarget {
				return true
			}
		}
	}
	return false
}
