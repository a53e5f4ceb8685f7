package validate

import (
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
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

// AutoscalerV1 refuses what is wrong with a HorizontalPodAutoscaler of
// autoscaling/v1.
func AutoscalerV1(a *autoscalingv1.HorizontalPodAutoscaler) field.ErrorList {
	var e errs
	p := field.NewPath("spec")
	e.scale(p, a.Spec.MinReplicas, a.Spec.MaxReplicas)
	e.target(p.Child("scaleTargetRef"), a.Spec.ScaleTargetRef.APIVersion, a.Spec.ScaleTargetRef.Kind, a.Spec.ScaleTargetRef.Name)
	return e.list
}

// Autoscaler refuses what is wrong with a HorizontalPodAutoscaler of
// autoscaling/v2 (pkg/apis/autoscaling/validation/validation.go@v1.36.3).
func Autoscaler(a *autoscalingv2.HorizontalPodAutoscaler) field.ErrorList {
	var e errs
	s, p := &a.Spec, field.NewPath("spec")
	e.scale(p, s.MinReplicas, s.MaxReplicas)
	e.target(p.Child("scaleTargetRef"), s.ScaleTargetRef.APIVersion, s.ScaleTargetRef.Kind, s.ScaleTargetRef.Name)
	for i := range s.Metrics {
		e.metric(p.Child("metrics").Index(i), &s.Metrics[i])
	}
	if b := s.Behavior; b != nil {
		e.scaling(p.Child("behavior", "scaleUp"), b.ScaleUp)
		e.scaling(p.Child("behavior", "scaleDown"), b.ScaleDown)
	}
	return e.list
}

func (e *errs) scale(p *field.Path, low *int32, high int32) {
	if low != nil && *low < 1 {
		invalid(e, p.Child("minReplicas"), *low, "must be greater than or equal to 1")
	}
	switch {
	case high == 0:
		e.required(p.Child("maxReplicas"), "must be set and greater than 0")
	case high < 0:
		invalid(e, p.Child("maxReplicas"), high, "must be greater than or equal to 1")
	}
	if low != nil && high < *low {
		invalid(e, p.Child("maxReplicas"), high, "must be greater than or equal to `minReplicas`")
	}
}

func (e *errs) target(p *field.Path, apiVersion, kind, name string) {
	if kind == "" {
		e.required(p.Child("kind"), "")
	}
	if name == "" {
		e.required(p.Child("name"), "")
	}
	if _, err := schema.ParseGroupVersion(apiVersion); err != nil {
		invalid(e, p.Child("apiVersion"), apiVersion, err.Error())
	}
}

func (e *errs) scaling(p *field.Path, r *autoscalingv2.HPAScalingRules) {
	if r == nil {
		return
	}
	if w := r.StabilizationWindowSeconds; w != nil {
		if *w < 0 {
			invalid(e, p.Child("stabilizationWindowSeconds"), *w, "must be greater than or equal to zero")
		}
		if *w > 3600 {
			invalid(e, p.Child("stabilizationWindowSeconds"), *w, "must be less than or equal to 3600")
		}
	}
	optionalPtr(e, p.Child("selectPolicy"), r.SelectPolicy, autoscalingv2.DisabledPolicySelect, autoscalingv2.MaxChangePolicySelect, autoscalingv2.MinChangePolicySelect)
	for i, policy := range r.Policies {
		at := p.Child("policies").Index(i)
		oneOf(e, at.Child("type"), policy.Type, autoscalingv2.PercentScalingPolicy, autoscalingv2.PodsScalingPolicy)
		if policy.Value <= 0 {
			invalid(e, at.Child("value"), policy.Value, "must be greater than zero")
		}
		if policy.PeriodSeconds <= 0 {
			invalid(e, at.Child("periodSeconds"), policy.PeriodSeconds, "must be greater than zero")
		}
		if policy.PeriodSeconds > 1800 {
			invalid(e, at.Child("periodSeconds"), policy.PeriodSeconds, "must be less than or equal to 1800")
		}
	}
	if r.Tolerance != nil && r.Tolerance.Sign() < 0 {
		invalid(e, p.Child("tolerance"), r.Tolerance.String(), "must be greater than or equal to 0")
	}
}

func (e *errs) metric(p *field.Path, m *autoscalingv2.MetricSpec) {
	written := map[autoscalingv2.MetricSourceType]bool{
		autoscalingv2.ObjectMetricSourceType:            m.Object != nil,
		autoscalingv2.PodsMetricSourceType:              m.Pods != nil,
		autoscalingv2.ResourceMetricSourceType:          m.Resource != nil,
		autoscalingv2.ExternalMetricSourceType:          m.External != nil,
		autoscalingv2.ContainerResourceMetricSourceType: m.ContainerResource != nil,
	}
	names := map[autoscalingv2.MetricSourceType]string{
		autoscalingv2.ObjectMetricSourceType: "object", autoscalingv2.PodsMetricSourceType: "pods",
		autoscalingv2.ResourceMetricSourceType: "resource", autoscalingv2.ExternalMetricSourceType: "external",
		autoscalingv2.ContainerResourceMetricSourceType: "containerResource",
	}
	present, known := written[m.Type]
	switch {
	case m.Type == "":
		e.required(p.Child("type"), "must specify a metric source type")
	case !known:
		e.add(field.NotSupported(p.Child("type"), m.Type, []autoscalingv2.MetricSourceType{"ContainerResource", "External", "Object", "Pods", "Resource"}))
	case !present:
		e.required(p.Child(names[m.Type]), "must populate information for the given metric source")
	}
	for t, name := range names {
		if known && written[t] && t != m.Type {
			e.forbidden(p.Child(name), "must populate the given metric source only")
		}
	}
	switch {
	case m.Resource != nil:
		e.requiredName(p.Child("resource", "name"), string(m.Resource.Name))
		e.usage(p.Child("resource", "target"), m.Resource.Target)
	case m.ContainerResource != nil:
		e.requiredName(p.Child("containerResource", "name"), string(m.ContainerResource.Name))
		e.requiredName(p.Child("containerResource", "container"), m.ContainerResource.Container)
		e.usage(p.Child("containerResource", "target"), m.ContainerResource.Target)
	}
}

func (e *errs) usage(p *field.Path, t autoscalingv2.MetricTarget) {
	if t.Type == "" {
		e.required(p.Child("type"), "must specify a metric target type")
	}
	if t.Type != autoscalingv2.UtilizationMetricType && t.Type != autoscalingv2.ValueMetricType && t.Type != autoscalingv2.AverageValueMetricType {
		invalid(e, p.Child("type"), t.Type, "must be either Utilization, Value, or AverageValue")
	}
	if t.AverageUtilization != nil && *t.AverageUtilization < 1 {
		invalid(e, p.Child("averageUtilization"), *t.AverageUtilization, "must be greater than 0")
	}
	if t.AverageValue != nil && t.AverageValue.Sign() != 1 {
		invalid(e, p.Child("averageValue"), t.AverageValue.String(), "must be positive")
	}
	switch {
	case t.AverageUtilization == nil && t.AverageValue == nil:
		e.required(p.Child("averageUtilization"), "must set either a target raw value or a target utilization")
	case t.AverageUtilization != nil && t.AverageValue != nil:
		e.forbidden(p.Child("averageValue"), "may not set both a target raw value and a target utilization")
	}
}
