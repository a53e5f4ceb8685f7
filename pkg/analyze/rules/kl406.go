package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func budgetCannotCount() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL406", Name: "budget-cannot-count",
		Title:    "the budget cannot tell how many pods there should be",
		Severity: analyze.Error,
		Kinds:    kinds(analyze.KindPDB),
		Sources:  []analyze.Citation{behaviour("C284"), behaviour("C592"), page("tasks/run-application/configure-pdb/#arbitrary-controllers-and-selectors")},
		Check: func(p *analyze.Pass) {
			b, sel, ok := budget(p.Object)
			if !ok || sel.Empty() {
				return
			}
			path := field.NewPath("spec", "maxUnavailable")
			if b.Spec.MaxUnavailable == nil {
				if b.Spec.MinAvailable == nil || b.Spec.MinAvailable.Type == intstr.Int {
					return
				}
				path = field.NewPath("spec", "minAvailable")
			}
			for _, o := range p.Selected(sel) {
				if !unscaled(o) {
					continue
				}
				p.Report(path, "%s has no number of replicas to reckon with: nothing may be evicted", o.String()).
					BecauseOf(o, field.NewPath("kind"), "the budget selects its pods").
					Fix("use minAvailable with a number, or leave these pods out of the budget")
				return
			}
		},
	}
}

// unscaled says whether the pods of the object belong to no controller that has
// a scale: bare pods, Jobs and DaemonSets (C284).
func unscaled(o *analyze.Object) bool {
	switch o.GroupKind() {
	case analyze.KindPod:
		return len(o.Meta.GetOwnerReferences()) == 0
	case analyze.KindJob, analyze.KindCronJob, analyze.KindDaemonSet:
		return true
	}
	return false
}
