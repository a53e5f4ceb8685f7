package explain

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// explainNamespace tells what keeps a namespace from going (pain 86).
func (w *world) explainNamespace(o *analyze.Object, ns *corev1.Namespace) *Explanation {
	x := w.blank(o)
	x.Phase = string(ns.Status.Phase)
	for _, c := range ns.Status.Conditions {
		i := Condition{Type: string(c.Type), Status: string(c.Status), Reason: c.Reason, Message: c.Message, Since: timeOf(c.LastTransitionTime)}
		i.Meaning, i.Bad = shorten(c.Message, 160), c.Status == corev1.ConditionTrue
		x.Conditions = append(x.Conditions, i)
	}
	if ns.DeletionTimestamp == nil {
		x.State, x.Severity = Healthy, analyze.OK
		x.Headline = fmt.Sprintf("%s is active", o.Ref)
		return w.finish(x)
	}
	since := w.since(ns.DeletionTimestamp.Time)
	f := finding{Reason: Reason{
		ID: idNamespaceStuck, Severity: analyze.Warning, Certainty: Certain, Rule: "K86",
		Summary:  fmt.Sprintf("it was deleted %s ago and still has content", span(since)),
		Detail:   "solve what is left instead of removing the namespace's own finalizer: that would leave objects behind that nobody sees",
		Evidence: []Evidence{proof(o.Ref, "metadata.deletionTimestamp", ns.DeletionTimestamp.UTC().Format("2006-01-02T15:04:05Z"))},
	}, state: Terminating}
	for _, c := range ns.Status.Conditions {
		if c.Status == corev1.ConditionTrue {
			f.Evidence = append(f.Evidence, proof(o.Ref, fmt.Sprintf("status.conditions[%s]", c.Type), c.Message).when(c.LastTransitionTime.Time))
			f.Summary = fmt.Sprintf("it was deleted %s ago: %s", span(since), shorten(c.Message, 200))
			if c.Type == corev1.NamespaceFinalizersRemaining || c.Type == corev1.NamespaceDeletionDiscoveryFailure || c.Type == corev1.NamespaceDeletionContentFailure {
				f.Severity, f.state = analyze.Error, Stuck
			}
		}
	}
	f.says = "is terminating: " + f.Summary
	f.actions = []Action{look("kubectl api-resources --verbs=list --namespaced -o name | xargs -n1 kubectl get --ignore-not-found -n "+shell(o.Name), "everything that is left in it")}
	x.apply([]finding{f})
	x.Events = w.eventLines([]finding{f}, o.Ref)
	return w.finish(x)
}
