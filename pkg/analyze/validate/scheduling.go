package validate

import (
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Scheduling refuses tolerations, gates, selectors, affinity and spreading of a
// pod.
func Scheduling(t analyze.PodTemplate) field.ErrorList {
	var e errs
	s, p := t.Spec, t.SpecPath()
	e.labels(p.Child("nodeSelector"), s.NodeSelector)
	for i, g := range s.ReadinessGates {
		e.qualified(p.Child("readinessGates").Index(i).Child("conditionType"), string(g.ConditionType))
	}
	seen := map[string]bool{}
	for i, g := range s.SchedulingGates {
		at := p.Child("schedulingGates").Index(i)
		e.qualified(at, g.Name)
		if seen[g.Name] {
			e.duplicate(at, g.Name)
		}
		seen[g.Name] = true
	}
	for i, tol := range s.Tolerations {
		e.toleration(p.Child("tolerations").Index(i), tol)
	}
	e.affinity(p.Child("affinity"), s.Affinity)
	e.spread(p.Child("topologySpreadConstraints"), s.TopologySpreadConstraints)
	return e.list
}

func (e *errs) toleration(p *field.Path, t corev1.Toleration) {
	if t.Key != "" {
		e.labelName(p.Child("key"), t.Key)
	} else if t.Operator != corev1.TolerationOpExists {
		invalid(e, p.Child("operator"), t.Operator, "operator must be Exists when `key` is empty, which means \"match all values and all keys\"")
	}
	if t.TolerationSeconds != nil && t.Effect != corev1.TaintEffectNoExecute {
		invalid(e, p.Child("effect"), t.Effect, "effect must be 'NoExecute' when `tolerationSeconds` is set")
	}
	switch t.Operator {
	case corev1.TolerationOpEqual, "":
		if bad := validation.IsValidLabelValue(t.Value); len(bad) > 0 {
			invalid(e, p.Child("operator"), t.Value, strings.Join(bad, ";"))
		}
	case corev1.TolerationOpExists:
		if t.Value != "" {
			invalid(e, p.Child("operator"), t.Value, "value must be empty when `operator` is 'Exists'")
		}
	default: // Lt and Gt need a gate that is off (C559)
		oneOf(e, p.Child("operator"), t.Operator, corev1.TolerationOpEqual, corev1.TolerationOpExists)
	}
	optional(e, p.Child("effect"), t.Effect, corev1.TaintEffectNoSchedule, corev1.TaintEffectPreferNoSchedule, corev1.TaintEffectNoExecute)
}

func (e *errs) affinity(p *field.Path, a *corev1.Affinity) {
	if a == nil {
		return
	}
	const required, preferred = "requiredDuringSchedulingIgnoredDuringExecution", "preferredDuringSchedulingIgnoredDuringExecution"
	if n := a.NodeAffinity; n != nil {
		at := p.Child("nodeAffinity")
		if s := n.RequiredDuringSchedulingIgnoredDuringExecution; s != nil {
			terms := at.Child(required, "nodeSelectorTerms")
			if len(s.NodeSelectorTerms) == 0 {
				e.required(terms, "must have at least one node selector term")
			}
			for i, term := range s.NodeSelectorTerms {
				e.nodeTerm(terms.Index(i), term, true)
			}
		}
		for i, term := range n.PreferredDuringSchedulingIgnoredDuringExecution {
			e.weight(at.Child(preferred).Index(i), term.Weight)
			e.nodeTerm(at.Child(preferred).Index(i).Child("preference"), term.Preference, false)
		}
	}
	pods := func(at *field.Path, must []corev1.PodAffinityTerm, should []corev1.WeightedPodAffinityTerm) {
		for i, term := range must {
			e.podTerm(at.Child(required).Index(i), term)
		}
		for i, term := range should {
			e.weight(at.Child(preferred).Index(i), term.Weight)
			e.podTerm(at.Child(preferred).Index(i).Child("podAffinityTerm"), term.PodAffinityTerm)
		}
	}
	if n := a.PodAffinity; n != nil {
		pods(p.Child("podAffinity"), n.RequiredDuringSchedulingIgnoredDuringExecution, n.PreferredDuringSchedulingIgnoredDuringExecution)
	}
	if n := a.PodAntiAffinity; n != nil {
		pods(p.Child("podAntiAffinity"), n.RequiredDuringSchedulingIgnoredDuringExecution, n.PreferredDuringSchedulingIgnoredDuringExecution)
	}
}

func (e *errs) weight(p *field.Path, w int32) {
	if w < 1 || w > 100 {
		invalid(e, p.Child("weight"), w, "must be in the range 1-100")
	}
}

func (e *errs) nodeTerm(p *field.Path, term corev1.NodeSelectorTerm, strict bool) {
	for i, r := range term.MatchExpressions {
		at := p.Child("matchExpressions").Index(i)
		switch r.Operator {
		case corev1.NodeSelectorOpIn, corev1.NodeSelectorOpNotIn:
			if len(r.Values) == 0 {
				e.required(at.Child("values"), "must be specified when `operator` is 'In' or 'NotIn'")
			}
		case corev1.NodeSelectorOpExists, corev1.NodeSelectorOpDoesNotExist:
			if len(r.Values) > 0 {
				e.forbidden(at.Child("values"), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")
			}
		case corev1.NodeSelectorOpGt, corev1.NodeSelectorOpLt:
			if len(r.Values) != 1 {
				e.required(at.Child("values"), "must be specified single value when `operator` is 'Lt' or 'Gt'")
			}
		default:
			invalid(e, at.Child("operator"), r.Operator, "not a valid selector operator")
		}
		e.labelName(at.Child("key"), r.Key)
		for j, v := range r.Values {
			if strict {
				invalid(e, at.Child("values").Index(j), v, validation.IsValidLabelValue(v)...)
			}
		}
	}
	e.nodeFields(p, term)
}

func (e *errs) nodeFields(p *field.Path, term corev1.NodeSelectorTerm) {
	for i, r := range term.MatchFields {
		at := p.Child("matchFields").Index(i)
		switch r.Operator {
		case corev1.NodeSelectorOpIn, corev1.NodeSelectorOpNotIn:
			if len(r.Values) != 1 {
				e.required(at.Child("values"), "must be only one value when `operator` is 'In' or 'NotIn' for node field selector")
			}
		default:
			invalid(e, at.Child("operator"), r.Operator, "not a valid selector operator")
		}
		if r.Key != metav1.ObjectNameField {
			invalid(e, at.Child("key"), r.Key, "not a valid field selector key")
		}
	}
}

func (e *errs) podTerm(p *field.Path, t corev1.PodAffinityTerm) {
	e.selector(p.Child("labelSelector"), t.LabelSelector)
	e.selector(p.Child("namespaceSelector"), t.NamespaceSelector)
	for _, ns := range t.Namespaces {
		e.label1123(p.Child("namespace"), ns)
	}
	e.matchKeys(p, t.MatchLabelKeys, t.MismatchLabelKeys, t.LabelSelector)
	if t.TopologyKey == "" {
		e.required(p.Child("topologyKey"), "can not be empty")
	}
	e.labelName(p.Child("topologyKey"), t.TopologyKey)
}

func (e *errs) matchKeys(p *field.Path, match, mismatch []string, s *metav1.LabelSelector) {
	for _, keys := range []struct {
		name string
		list []string
	}{{"matchLabelKeys", match}, {"mismatchLabelKeys", mismatch}} {
		at := p.Child(keys.name)
		if len(keys.list) > 0 && s == nil {
			e.forbidden(at, "must not be specified when labelSelector is not set")
			continue
		}
		for i, key := range keys.list {
			e.labelName(at.Index(i), key)
		}
	}
	for i, key := range match {
		for _, other := range mismatch {
			if key == other {
				invalid(e, p.Child("matchLabelKeys").Index(i), key, "exists in both matchLabelKeys and mismatchLabelKeys")
			}
		}
	}
}

func (e *errs) spread(p *field.Path, list []corev1.TopologySpreadConstraint) {
	for i, c := range list {
		at := p.Index(i)
		if c.MaxSkew <= 0 {
			invalid(e, at.Child("maxSkew"), c.MaxSkew, "must be greater than 0")
		}
		if c.TopologyKey == "" {
			e.required(at.Child("topologyKey"), "can not be empty")
		}
		oneOf(e, at.Child("whenUnsatisfiable"), c.WhenUnsatisfiable, corev1.DoNotSchedule, corev1.ScheduleAnyway)
		for _, other := range list[i+1:] {
			if c.TopologyKey == other.TopologyKey && c.WhenUnsatisfiable == other.WhenUnsatisfiable {
				e.duplicate(at.Child("{topologyKey, whenUnsatisfiable}"), c.TopologyKey+", "+string(c.WhenUnsatisfiable))
				break
			}
		}
		if c.MinDomains != nil {
			if *c.MinDomains <= 0 {
				invalid(e, at.Child("minDomains"), *c.MinDomains, "must be greater than 0")
			}
			if c.WhenUnsatisfiable != corev1.DoNotSchedule {
				invalid(e, at.Child("minDomains"), *c.MinDomains, "can only use minDomains if whenUnsatisfiable=DoNotSchedule")
			}
		}
		optionalPtr(e, at.Child("nodeAffinityPolicy"), c.NodeAffinityPolicy, corev1.NodeInclusionPolicyHonor, corev1.NodeInclusionPolicyIgnore)
		optionalPtr(e, at.Child("nodeTaintsPolicy"), c.NodeTaintsPolicy, corev1.NodeInclusionPolicyHonor, corev1.NodeInclusionPolicyIgnore)
		if len(c.MatchLabelKeys) > 0 && c.LabelSelector == nil {
			e.forbidden(at.Child("matchLabelKeys"), "must not be specified when labelSelector is not set")
		}
		e.selector(at.Child("labelSelector"), c.LabelSelector)
	}
}
