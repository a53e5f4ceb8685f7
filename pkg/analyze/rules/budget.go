package rules

import (
	"path"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// budget is the object as a disruption budget with its selector; an empty
// selector selects all pods of the namespace.
func budget(o *analyze.Object) (*policyv1.PodDisruptionBudget, labels.Selector, bool) {
	b, ok := o.API.(*policyv1.PodDisruptionBudget)
	if !ok || b.Spec.Selector == nil {
		return nil, nil, false
	}
	sel, err := metav1.LabelSelectorAsSelector(b.Spec.Selector)
	return b, sel, err == nil
}

type sized struct {
	object *analyze.Object
	path   *field.Path
	n      int32
}

// expected sums the sizes of the workloads that a budget's selector matches; 0
// if one of them has no size, or there is none.
func expected(p *analyze.Pass, sel labels.Selector) (total int32, by []sized) {
	for _, o := range p.Selected(sel) {
		n, object, path, ok := fewest(p, o)
		if !ok {
			return 0, nil
		}
		total += n
		by = append(by, sized{object, path, n})
	}
	return total, by
}

// budgetsFor lists the budgets that select the pod, and no alternatives to them.
func budgetsFor(p *analyze.Pass) []*analyze.Object {
	var out []*analyze.Object
	for _, o := range p.Budgets() {
		if path.Dir(o.File) == path.Dir(p.Object.File) || p.Sees(analyze.KindPDB) {
			out = append(out, o)
		}
	}
	return out
}
