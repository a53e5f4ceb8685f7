package explain

import (
	"fmt"

	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// explainHPA tells whether an autoscaler can do its work (pain 59, 92), by its
// own conditions (pkg/controller/podautoscaler/horizontal.go@v1.36.3).
func (w *world) explainHPA(o *analyze.Object, h *autoscalingv2.HorizontalPodAutoscaler) *Explanation {
	x := w.blank(o)
	var fs []finding
	target := fmt.Sprintf("%s/%s", h.Spec.ScaleTargetRef.Kind, h.Spec.ScaleTargetRef.Name)
	for _, c := range h.Status.Conditions {
		info := Condition{
			Type: string(c.Type), Status: string(c.Status), Reason: c.Reason, Message: c.Message,
			Since: timeOf(c.LastTransitionTime), Meaning: shorten(c.Message, 160),
		}
		if f, ok := hpaFinding(o, c, target); ok {
			fs = append(fs, f)
			info.Bad = f.Severity > analyze.Info
		}
		x.Conditions = append(x.Conditions, info)
	}
	x.apply(fold(fs))
	if len(fs) == 0 {
		x.State, x.Severity = Healthy, analyze.OK
		x.Headline = fmt.Sprintf("%s is healthy: %s has %s, between %d and %d", o.Ref, target, plural(int(h.Status.CurrentReplicas), "replica"), wanted(h.Spec.MinReplicas), h.Spec.MaxReplicas)
	}
	x.Events = w.eventLines(fs, o.Ref)
	return w.finish(x)
}

// hpaFinding reads one condition of an autoscaler.
func hpaFinding(o *analyze.Object, c autoscalingv2.HorizontalPodAutoscalerCondition, target string) (finding, bool) {
	f := finding{Reason: Reason{
		Severity: analyze.Error, Certainty: Certain,
		Evidence: []Evidence{proof(o.Ref, fmt.Sprintf("status.conditions[%s]", c.Type), c.Reason+": "+c.Message).when(c.LastTransitionTime.Time)},
	}, state: Stuck}
	bad := c.Status != corev1.ConditionTrue
	switch {
	case c.Type == autoscalingv2.AbleToScale && bad:
		f.ID, f.Summary = idHPACannot, fmt.Sprintf("it cannot scale %s: %s", target, shorten(c.Message, 160))
	case c.Type == autoscalingv2.ScalingActive && bad && c.Reason == "ScalingDisabled":
		f.ID, f.Severity, f.state = idHPADisabled, analyze.Info, Waiting
		f.Summary = fmt.Sprintf("it does nothing while %s is scaled to zero", target)
	case c.Type == autoscalingv2.ScalingActive && bad:
		f.ID, f.Summary = idHPANoMetrics, fmt.Sprintf("it has no metrics for %s and does not scale: %s", target, shorten(c.Message, 160))
		f.Detail = "the metrics server may be missing, or the pods have no resource requests"
	case c.Type == autoscalingv2.ScalingLimited && !bad && c.Reason == "TooManyReplicas":
		f.ID, f.Severity, f.state = idHPALimited, analyze.Warning, Waiting
		f.Summary = fmt.Sprintf("it would like more replicas of %s than its maximum allows", target)
	default:
		return finding{}, false
	}
	f.says = "does not scale: " + f.Summary
	if f.ID == idHPALimited {
		f.says = "is at its limit: " + f.Summary
	}
	f.actions = []Action{look("kubectl describe hpa "+shell(o.Name)+inNamespace(o.Namespace), "its metrics and events")}
	return f, true
}
