package explain

import (
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// resize finds an in-place resize that waits or cannot be done (pain 72, 78; K250).
func resize(v *podView) []finding {
	var out []finding
	if c := v.condition(corev1.PodResizePending); c != nil && c.Status == corev1.ConditionTrue {
		f := finding{Reason: Reason{
			ID: idResizeDeferred, Severity: analyze.Info, Certainty: Certain, Rule: "K250",
			Summary:  "its in-place resize is deferred: " + shorten(c.Message, 160),
			Detail:   "it runs on with its old resources; the kubelet tries again when resources become free, at least every 3 minutes",
			Evidence: []Evidence{v.see(v.conditionPath(corev1.PodResizePending), c.Reason+": "+c.Message).when(c.LastTransitionTime.Time)},
		}, state: Waiting}
		if c.Reason == corev1.PodReasonInfeasible {
			f.ID, f.Severity, f.state = idResizeInfeasible, analyze.Warning, Stuck
			f.Summary = "its in-place resize is infeasible: " + shorten(c.Message, 160)
			f.Detail = "it runs on with its old resources; this request is not tried again"
		}
		f.says = "runs with its old resources: " + f.Summary
		f.actions = []Action{look("kubectl get pod "+shell(v.o.Name)+" -o yaml"+v.ns(), "compare spec.containers[].resources with status.containerStatuses[].resources")}
		out = append(out, f)
	}
	if c := v.condition(corev1.PodResizeInProgress); c != nil && c.Status == corev1.ConditionTrue {
		f := finding{Reason: Reason{
			ID: idResizeRunning, Severity: analyze.Info, Certainty: Certain, Rule: "K250",
			Summary:  "its in-place resize is being carried out",
			Evidence: []Evidence{v.see(v.conditionPath(corev1.PodResizeInProgress), strings.TrimSpace(c.Reason+" "+c.Message)).when(c.LastTransitionTime.Time)},
		}, state: Progressing}
		if c.Reason == "Error" {
			f.Severity, f.state = analyze.Warning, Failing
			f.Summary = "its in-place resize fails: " + shorten(c.Message, 160)
		}
		f.says = "is being resized: " + f.Summary
		out = append(out, f)
	}
	return out
}
