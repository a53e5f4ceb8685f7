package simulate

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// A replacement is when the pod's controller makes another pod (C11–C16).
type replacement struct {
	Owner string `json:"owner"`
	// When is "at-once", "when-gone", "when-finished" or "never".
	When string `json:"when"`
	Why  string `json:"why"`
	Rule string `json:"rule"`
}

// replacement says in the verdict's extra figures what the controller does.
func (p *termination) replacement(v *analyze.Verdict) {
	kind, name := p.o.Kind, p.o.Name
	if p.pod != nil {
		c := metav1.GetControllerOfNoCopy(p.pod)
		if c == nil {
			if p.live.recorded {
				v.Extra["replacement"] = replacement{"", "never", "no controller owns the pod", "C11"}
			}
			return
		}
		kind, name = c.Kind, c.Name
	}
	r := replacement{Owner: kind + "/" + name}
	switch kind {
	case "ReplicaSet", "Deployment", "ReplicationController":
		r.When, r.Why, r.Rule = "at-once", "a pod that is being deleted does not count, so its replacement starts while it stops", "C12"
		if p.sc.byKubelet() {
			r.When, r.Why, r.Rule = "when-finished", "the pod counts until its phase is Failed or Succeeded", "C18"
		}
	case "StatefulSet":
		r.When, r.Why, r.Rule = "when-gone", "the new pod has the same name, so the old object must be gone first", "C13"
	case "DaemonSet":
		r.When, r.Why, r.Rule = "when-gone", "without surge the node counts as occupied until then", "C14"
	case "Job":
		r.When, r.Why, r.Rule = "at-once", "unless podReplacementPolicy is Failed: then when it has finished", "C15"
	default:
		return
	}
	v.Extra["replacement"] = r
}

// budgetGaps says when an eviction would be refused, so that nothing of the
// forecast comes (K8, C290–C293).
func (p *termination) budgetGaps() []analyze.Gap {
	if p.trigger != OnEvict && p.trigger != OnDrain {
		return nil
	}
	if p.pod != nil && (p.live.immediate || p.live.terminating || p.pod.Status.Phase == corev1.PodPending) {
		return nil
	}
	var out []analyze.Gap
	for _, o := range p.s.Of(analyze.KindPDB, p.o.Namespace) {
		b, ok := o.API.(*policyv1.PodDisruptionBudget)
		if !ok || b.Namespace != p.o.Namespace {
			continue
		}
		sel, err := metav1.LabelSelectorAsSelector(b.Spec.Selector)
		if err != nil || !sel.Matches(labels.Set(p.t.Meta.Labels)) {
			continue
		}
		if why := refusal(o, b); why != "" {
			out = append(out, analyze.Gap{What: "whether the eviction is let through", Why: fmt.Sprintf("poddisruptionbudget/%s %s", b.Name, why)})
		}
	}
	return out
}

// refusal says what the budget does, or may do, to an eviction now; "" where it
// lets it through.
func refusal(o *analyze.Object, b *policyv1.PodDisruptionBudget) string {
	switch {
	case o.Recorded() && b.Status.DisruptionsAllowed == 0:
		return "allows no disruption now: it is refused with 429 until that changes, and nothing is stopped (C293)"
	case neverAllows(b):
		return "never allows a disruption (maxUnavailable is 0): it is refused with 429, and nothing is stopped (C293)"
	case !o.Recorded():
		return "decides, by the pods that are healthy then (C293)"
	}
	return ""
}

// neverAllows says that the budget refuses every eviction, whatever its pods do.
func neverAllows(b *policyv1.PodDisruptionBudget) bool {
	limit := b.Spec.MaxUnavailable
	return limit != nil && (limit.String() == "0" || limit.String() == "0%")
}
