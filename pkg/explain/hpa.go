package explain

import (
	"fmt"
	"regexp"

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
	fs = append(fs, w.hpaFights(o, h)...)
	x.apply(fold(fs))
	if len(fs) == 0 {
		x.State, x.Severity = Healthy, analyze.OK
		x.Headline = fmt.Sprintf("%s is healthy: %s has %s, between %d and %d", o.Ref, target, plural(int(h.Status.CurrentReplicas), "replica"), wanted(h.Spec.MinReplicas), h.Spec.MaxReplicas)
	}
	x.Events = w.eventLines(fs, o.Ref)
	return w.finish(x)
}

// appliedReplicas finds spec.replicas in what kubectl apply has applied.
var appliedReplicas = regexp.MustCompile(`"spec":\{(?:[^{}]*,)?"replicas":(\d+)`)

// hpaFights is a target whose applied manifest sets replicas too: each apply
// undoes what the autoscaler did.
func (w *world) hpaFights(o *analyze.Object, h *autoscalingv2.HorizontalPodAutoscaler) []finding {
	for _, gk := range []kind{analyze.KindDeployment, analyze.KindStatefulSet} {
		target, _ := w.find(gk, o.Namespace, h.Spec.ScaleTargetRef.Name)
		if target == nil || gk.Kind != h.Spec.ScaleTargetRef.Kind {
			continue
		}
		m := appliedReplicas.FindStringSubmatch(target.Meta.GetAnnotations()[corev1.LastAppliedConfigAnnotation])
		if m == nil || h.Status.DesiredReplicas == 0 || m[1] == itoa(h.Status.DesiredReplicas) {
			continue
		}
		f := finding{Reason: Reason{
			ID: idHPAFights, Severity: analyze.Warning, Certainty: Likely, Object: &target.Ref,
			Why:      "the next kubectl apply decides",
			Summary:  fmt.Sprintf("the manifest of %s sets %s replicas, the autoscaler %d: each kubectl apply undoes its work", target.Ref, m[1], h.Status.DesiredReplicas),
			Evidence: []Evidence{proof(target.Ref, "metadata.annotations["+corev1.LastAppliedConfigAnnotation+"]", "spec.replicas: "+m[1]), proof(o.Ref, "status.desiredReplicas", itoa(h.Status.DesiredReplicas))},
		}, state: Failing}
		f.says = "competes with the manifest of its target: " + f.Summary
		return []finding{f}
	}
	return nil
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
		f.ID, f.Summary = idHPANoMetrics, fmt.Sprintf("it has no metrics for %s: %s", target, shorten(c.Message, 160))
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
