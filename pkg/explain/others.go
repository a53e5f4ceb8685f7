package explain

import (
	"fmt"
	"slices"
	"strings"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func (w *world) explainCronJob(o *analyze.Object, j *batchv1.CronJob) *Explanation {
	x := w.blank(o)
	x.State, x.Severity = Healthy, analyze.OK
	x.Headline = fmt.Sprintf("%s is healthy: schedule %q", o.Ref, j.Spec.Schedule)
	return w.finish(x)
}

func (w *world) explainNode(o *analyze.Object, _ *corev1.Node) *Explanation {
	return w.finish(w.blank(o))
}

func (w *world) explainBudget(o *analyze.Object, _ *policyv1.PodDisruptionBudget) *Explanation {
	return w.finish(w.blank(o))
}

func (w *world) explainHPA(o *analyze.Object, _ *autoscalingv2.HorizontalPodAutoscaler) *Explanation {
	return w.finish(w.blank(o))
}

func (w *world) explainClaim(o *analyze.Object, _ *corev1.PersistentVolumeClaim) *Explanation {
	return w.finish(w.blank(o))
}

func (w *world) explainNamespace(o *analyze.Object, _ *corev1.Namespace) *Explanation {
	return w.finish(w.blank(o))
}

// syncFailed says that the disruption controller could not compute the budget (C284).
func syncFailed(b *policyv1.PodDisruptionBudget) bool {
	return slices.ContainsFunc(b.Status.Conditions, func(c conditionV1) bool {
		return c.Type == policyv1.DisruptionAllowedCondition && c.Reason == policyv1.SyncFailedReason
	})
}

var _ = strings.ToLower
