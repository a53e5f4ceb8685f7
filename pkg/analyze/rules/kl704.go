package rules

import (
	"maps"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func overlappingSelectors() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL704", Name: "overlapping-selectors",
		Title:    "two workloads claim the same pods",
		Severity: analyze.Warning,
		Kinds:    kinds(analyze.KindDeployment, analyze.KindStatefulSet, analyze.KindDaemonSet),
		Sources:  []analyze.Citation{behaviour("C7"), page("concepts/workloads/controllers/deployment/#selector")},
		Check: func(p *analyze.Pass) {
			selector := workloadSelector(p.Object)
			sel, err := metav1.LabelSelectorAsSelector(selector)
			if err != nil || selector == nil || sel.Empty() {
				return
			}
			for _, o := range p.Selected(sel) {
				if o == p.Object || o.GroupKind() != p.Object.GroupKind() || o.Name == p.Object.Name {
					continue
				}
				other := workloadSelector(o)
				if o.File != p.Object.File && !p.Sees(o.GroupKind()) {
					continue // perhaps an alternative, not a neighbour
				}
				if other == nil || o.Name < p.Object.Name && mutual(other, selector, p) {
					continue
				}
				p.Report(field.NewPath("spec", "selector"), "also matches the pods of %s", o.String()).
					BecauseOf(o, field.NewPath("spec", "template", "metadata", "labels"), "labels that match").
					Fix("add a label that tells the two apart to both selectors and templates")
				return
			}
		},
	}
}

// mutual says whether the other selector matches our pods too: then one finding
// is enough.
func mutual(other, mine *metav1.LabelSelector, p *analyze.Pass) bool {
	if len(other.MatchExpressions)+len(mine.MatchExpressions) == 0 && maps.Equal(other.MatchLabels, mine.MatchLabels) {
		return true
	}
	sel, err := metav1.LabelSelectorAsSelector(other)
	return err == nil && sel.Matches(labels.Set(p.Pod.Meta.Labels))
}

func workloadSelector(o *analyze.Object) *metav1.LabelSelector {
	switch w := o.API.(type) {
	case *appsv1.Deployment:
		return w.Spec.Selector
	case *appsv1.StatefulSet:
		return w.Spec.Selector
	case *appsv1.DaemonSet:
		return w.Spec.Selector
	}
	return nil
}
