package validate

import (
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Budget refuses what is wrong with a PodDisruptionBudget
// (pkg/apis/policy/validation/validation.go@v1.36.3).
func Budget(b *policyv1.PodDisruptionBudget) field.ErrorList {
	var e errs
	s, p := &b.Spec, field.NewPath("spec")
	if s.MinAvailable != nil && s.MaxUnavailable != nil {
		invalid(&e, p, "", "minAvailable and maxUnavailable cannot be both set")
	}
	if v := s.MinAvailable; v != nil {
		e.share(p.Child("minAvailable"), *v)
		e.upTo100(p.Child("minAvailable"), *v)
	}
	if v := s.MaxUnavailable; v != nil {
		e.share(p.Child("maxUnavailable"), *v)
		e.upTo100(p.Child("maxUnavailable"), *v)
	}
	if s.Selector != nil {
		e.selector(p.Child("selector"), s.Selector)
	}
	optionalPtr(&e, p.Child("unhealthyPodEvictionPolicy"), s.UnhealthyPodEvictionPolicy, policyv1.AlwaysAllow, policyv1.IfHealthyBudget)
	return e.list
}
