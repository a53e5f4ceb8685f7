package explain

import (
	"fmt"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// effects are what the pod's state does to Services and budgets.
func (v *podView) effects() []Effect {
	if completedFine(v) {
		return nil
	}
	if v.ready() && !v.deleting() {
		return v.budgetEffects([]*corev1.Pod{v.pod})
	}
	out := append(v.serviceEffects([]*corev1.Pod{v.pod}, "it"), v.budgetEffects([]*corev1.Pod{v.pod})...)
	return append(out, v.ownerEffects()...)
}

// ownerEffects tells what the workload lacks because of the pod: replicas, and
// where its rollout stands.
func (v *podView) ownerEffects() []Effect {
	if v.deleting() || terminal(v.pod) {
		return nil
	}
	root := v.root(v.o)
	if root == v.o || v.stateOf(root) != Waiting {
		return nil
	}
	return []Effect{{Object: root.Ref, Severity: analyze.OK, Rule: "C61", Summary: fmt.Sprintf("%s has %s", root.Ref, v.summaryOf(root))}}
}

// serviceEffects tells which Services miss these pods, and which have nobody
// left. it is what a single one of them is called in the sentence.
func (w *world) serviceEffects(pods []*corev1.Pod, it string) []Effect {
	missed := map[string][]*corev1.Pod{}
	var services []service
	for _, p := range pods {
		for _, s := range w.servicesOf(p) {
			if s.svc.Spec.PublishNotReadyAddresses {
				continue
			}
			if missed[s.o.Name] == nil {
				services = append(services, s)
			}
			missed[s.o.Name] = append(missed[s.o.Name], p)
		}
	}
	var out []Effect
	for _, s := range services {
		out = append(out, w.serviceEffect(s, missed[s.o.Name], it))
	}
	return out
}

func (w *world) serviceEffect(s service, pods []*corev1.Pod, it string) Effect {
	e := Effect{Object: s.o.Ref, Severity: analyze.Info, Rule: "K89", Summary: fmt.Sprintf("Service %s sends nothing to %s", s.o.Name, it)}
	if len(pods) > 1 {
		e.Summary = fmt.Sprintf("Service %s sends nothing to the %d pods that are not ready", s.o.Name, len(pods))
	}
	ready, _, known := w.endpoints(s, nil)
	switch {
	case known && ready == 0 && recentlyMade(w, pods):
		e.Summary = fmt.Sprintf("Service %s has no ready endpoint yet", s.o.Name)
	case known && ready == 0:
		e.Severity = analyze.Error
		e.Summary = fmt.Sprintf("Service %s has no ready endpoint: every connection to it fails", s.o.Name)
	case known:
		e.Summary += "; " + w.otherEndpoints(s, pods)
	}
	return e
}

// otherEndpoints counts who is left behind a Service without these pods.
func (w *world) otherEndpoints(s service, pods []*corev1.Pod) string {
	ready, total, _ := w.endpoints(s, pods)
	switch {
	case total == 0:
		return "it has no other endpoint"
	case ready == total:
		return fmt.Sprintf("its %s %s ready", plural(total, "other endpoint"), are(total, "is", "are"))
	}
	return fmt.Sprintf("%d of its %s %s ready", ready, plural(total, "other endpoint"), are(ready, "is", "are"))
}

// recentlyMade says that all pods are so young that nobody expects them to serve yet.
func recentlyMade(w *world, pods []*corev1.Pod) bool {
	for _, p := range pods {
		if w.since(p.CreationTimestamp.Time) > 30*time.Second {
			return false
		}
	}
	return true
}

// endpoints counts a Service's endpoints, those of some pods left out: from its
// EndpointSlices, or, where those were not seen, from the pods it selects.
func (w *world) endpoints(s service, without []*corev1.Pod) (ready, total int, known bool) {
	left := func(name string) bool {
		return slices.ContainsFunc(without, func(p *corev1.Pod) bool { return p.Name == name })
	}
	if endpoints := w.endpointsOf(s); endpoints != nil {
		for _, e := range endpoints {
			if e.TargetRef != nil && left(e.TargetRef.Name) {
				continue
			}
			total++
			if e.Conditions.Ready == nil || *e.Conditions.Ready {
				ready++
			}
		}
		return ready, total, true
	}
	if !w.s.Sees(analyze.KindPod, s.o.Namespace) {
		return 0, 0, false
	}
	for _, o := range w.s.Selected(analyze.KindPod, s.o.Namespace, s.selector) {
		p, ok := o.API.(*corev1.Pod)
		if !ok || terminal(p) || left(p.Name) {
			continue
		}
		total++
		if podReady(p) && p.DeletionTimestamp == nil {
			ready++
		}
	}
	return ready, total, true
}

// endpointsOf are the endpoints in a Service's EndpointSlices, each once; nil
// where no slice was seen.
func (w *world) endpointsOf(s service) []discoveryv1.Endpoint {
	seen := w.slices[nsName{s.o.Namespace, s.o.Name}]
	if len(seen) == 0 {
		return nil
	}
	out := []discoveryv1.Endpoint{}
	for _, slice := range seen {
		if slice.AddressType == discoveryv1.AddressTypeIPv6 && len(s.svc.Spec.IPFamilies) > 1 {
			continue // the same pods a second time
		}
		out = append(out, slice.Endpoints...)
	}
	return out
}

// budgetEffects tells which budgets over these pods block evictions now
// (pain 4, 22, 76; C283, C290–C293).
func (w *world) budgetEffects(pods []*corev1.Pod) []Effect {
	var out []Effect
	seen := map[string]bool{}
	for _, p := range pods {
		budgets := w.budgetsOf(p)
		if len(budgets) > 1 && !seen["two"] {
			seen["two"] = true
			out = append(out, Effect{
				Object: budgets[0].o.Ref, Severity: analyze.Warning, Rule: "C291",
				Summary: fmt.Sprintf("PodDisruptionBudgets %s and %s select the same pod: it cannot be evicted, a drain of its node fails", budgets[0].o.Name, budgets[1].o.Name),
			})
		}
		for _, b := range budgets {
			if seen[b.o.Name] || b.pdb.Status.DisruptionsAllowed > 0 || b.pdb.Status.ObservedGeneration == 0 && b.pdb.Status.ExpectedPods == 0 && !b.o.Recorded() {
				continue
			}
			seen[b.o.Name] = true
			out = append(out, w.blockingBudget(b))
		}
	}
	return out
}

// blockingBudget says why a budget allows no eviction.
func (w *world) blockingBudget(b budget) Effect {
	st := b.pdb.Status
	e := Effect{Object: b.o.Ref, Severity: analyze.Info, Rule: "C283"}
	switch {
	case syncFailed(b.pdb):
		e.Severity = analyze.Warning
		e.Summary = fmt.Sprintf("PodDisruptionBudget %s cannot be computed, so it blocks every eviction and drain", b.o.Name)
	case st.CurrentHealthy < st.DesiredHealthy:
		e.Severity = analyze.Warning
		e.Summary = fmt.Sprintf("PodDisruptionBudget %s blocks drains: %d healthy of %d needed", b.o.Name, st.CurrentHealthy, st.DesiredHealthy)
	case st.ExpectedPods > 0 && st.DesiredHealthy >= st.ExpectedPods:
		e.Summary = fmt.Sprintf("PodDisruptionBudget %s never allows a disruption: it wants %d healthy of %s, so a drain of the node waits for ever",
			b.o.Name, st.DesiredHealthy, plural(int(st.ExpectedPods), "pod"))
	default:
		e.Summary = fmt.Sprintf("PodDisruptionBudget %s allows no disruption now: %d healthy, %d needed", b.o.Name, st.CurrentHealthy, st.DesiredHealthy)
	}
	return e
}
