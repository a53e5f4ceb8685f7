package explain

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// syncFailed says that the disruption controller could not compute the budget (C284).
func syncFailed(b *policyv1.PodDisruptionBudget) bool {
	return slices.ContainsFunc(b.Status.Conditions, func(c conditionV1) bool {
		return c.Type == policyv1.DisruptionAllowedCondition && c.Reason == policyv1.SyncFailedReason
	})
}

// explainBudget tells whom a budget keeps from being evicted, and why (pain 4, 22, 76, 92).
func (w *world) explainBudget(o *analyze.Object, b *policyv1.PodDisruptionBudget) *Explanation {
	x := w.blank(o)
	st := b.Status
	var pods []*analyze.Object
	for _, mine := range w.budgets[o.Namespace] {
		if mine.o == o {
			pods = w.s.Selected(analyze.KindPod, o.Namespace, mine.selector)
		}
	}
	f := finding{Reason: Reason{
		Severity: analyze.Warning, Certainty: Certain, Rule: "C283",
		Evidence: []Evidence{
			proof(o.Ref, "status.disruptionsAllowed", itoa(st.DisruptionsAllowed)),
			proof(o.Ref, "status.currentHealthy", itoa(st.CurrentHealthy)),
			proof(o.Ref, "status.desiredHealthy", itoa(st.DesiredHealthy)),
		},
	}, state: Stuck}
	rule := budgetRule(b)
	switch {
	case syncFailed(b):
		f.ID, f.Severity, f.Rule = idBudgetSync, analyze.Error, "C284"
		f.Summary = "it cannot be computed, so it blocks every eviction and drain"
		f.Detail = "percentages and maxUnavailable need pods whose controller has a scale; DaemonSets, Jobs and bare pods have none"
	case st.ExpectedPods == 0 && st.CurrentHealthy == 0 && w.s.Sees(analyze.KindPod, o.Namespace) && len(pods) == 0:
		f.ID, f.Severity, f.state, f.Rule = idBudgetEmpty, analyze.Info, Waiting, "C280"
		f.Summary = "it selects no pod"
	case st.DisruptionsAllowed > 0:
		w.twoBudgets(x, pods, o)
		if len(x.Reasons) > 0 {
			return w.finish(x)
		}
		x.State, x.Severity = Healthy, analyze.OK
		x.Headline = fmt.Sprintf("%s is healthy: %s may be disrupted now (%d healthy, %d needed)", o.Ref, plural(int(st.DisruptionsAllowed), "pod"), st.CurrentHealthy, st.DesiredHealthy)
		return w.finish(x)
	case st.CurrentHealthy < st.DesiredHealthy:
		w.unhealthyBudget(&f, b, pods)
	case st.DesiredHealthy >= st.ExpectedPods:
		f.ID = idBudgetNever
		f.Summary = fmt.Sprintf("it never allows a disruption: %s wants %d healthy of %s", rule, st.DesiredHealthy, plural(int(st.ExpectedPods), "pod"))
		f.Detail = "a drain of a node with such a pod waits for ever; use maxUnavailable 1, or more replicas"
	default:
		f.ID, f.Severity, f.state = idBudgetBlocks, analyze.Info, Waiting
		f.Summary = fmt.Sprintf("it allows no disruption now: %d healthy, %d needed (%s)", st.CurrentHealthy, st.DesiredHealthy, rule)
	}
	f.says = "blocks evictions: " + f.Summary
	if f.ID == idBudgetEmpty {
		f.says = "protects nothing: " + f.Summary
	}
	f.actions = append(f.actions, look("kubectl describe pdb "+shell(o.Name)+inNamespace(o.Namespace), "the budget and its events"))
	x.apply([]finding{f})
	w.twoBudgets(x, pods, o)
	x.Events = w.eventLines([]finding{f}, o.Ref)
	return w.finish(x)
}

func budgetRule(b *policyv1.PodDisruptionBudget) string {
	switch {
	case b.Spec.MinAvailable != nil:
		return "minAvailable " + b.Spec.MinAvailable.String()
	case b.Spec.MaxUnavailable != nil:
		return "maxUnavailable " + b.Spec.MaxUnavailable.String()
	}
	return "a budget without minAvailable and maxUnavailable"
}

// unhealthyBudget is a budget whose own pods are broken: they cannot even be
// evicted themselves (pain 22; C292).
func (w *world) unhealthyBudget(f *finding, b *policyv1.PodDisruptionBudget, pods []*analyze.Object) {
	f.ID, f.Rule = idBudgetUnhealthy, "C292"
	f.Summary = fmt.Sprintf("only %d of the %d pods it needs %s healthy, so nothing may be evicted", b.Status.CurrentHealthy, b.Status.DesiredHealthy, are(int(b.Status.CurrentHealthy), "is", "are"))
	if p := b.Spec.UnhealthyPodEvictionPolicy; p == nil || *p == policyv1.IfHealthyBudget {
		f.Detail = "the pods that are not ready block their own eviction too; unhealthyPodEvictionPolicy AlwaysAllow lets them go"
	}
	c := w.crewOf(pods)
	for _, p := range c.causes(c.live) {
		if p.Severity >= analyze.Warning {
			f.Evidence = append(f.Evidence, p.Evidence...)
			f.Detail = joinDetail(fmt.Sprintf("%s: %s", p.first.name(), p.Summary), f.Detail)
			f.actions = append(f.actions, p.actions...)
			break
		}
	}
}

// twoBudgets warns of a second budget over the same pods.
func (w *world) twoBudgets(x *Explanation, pods []*analyze.Object, mine *analyze.Object) {
	for _, o := range pods {
		p, ok := o.API.(*corev1.Pod)
		if !ok {
			continue
		}
		for _, other := range w.budgets[o.Namespace] {
			if other.o == mine || !other.selector.Matches(labels.Set(p.Labels)) {
				continue
			}
			f := finding{Reason: Reason{
				ID: idBudgetTwo, Severity: analyze.Warning, Certainty: Certain, Rule: "C291",
				Summary:  fmt.Sprintf("PodDisruptionBudget %s selects %s too: a pod with two budgets cannot be evicted at all", other.o.Name, o.Ref),
				Evidence: []Evidence{proof(other.o.Ref, "spec.selector", other.selector.String()), proof(o.Ref, "metadata.labels", labels.Set(p.Labels).String())},
			}, state: Stuck, says: fmt.Sprintf("blocks evictions together with PodDisruptionBudget %s: both select %s", other.o.Name, o.Ref)}
			first := len(x.Reasons) == 0
			x.Reasons = append(x.Reasons, f.Reason)
			if first {
				x.State, x.Headline = f.state, x.Subject.String()+" "+f.says
			}
			x.Severity = max(x.Severity, f.Severity)
			return
		}
	}
}
