package validate

import (
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	"k8s.io/apimachinery/pkg/api/validate/content"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// AutoscalerV1 refuses what is wrong with a HorizontalPodAutoscaler of
// autoscaling/v1.
func AutoscalerV1(a *autoscalingv1.HorizontalPodAutoscaler, o Options) field.ErrorList {
	var e errs
	p := field.NewPath("spec")
	e.scale(p, a.Spec.MinReplicas, a.Spec.MaxReplicas)
	if t := a.Spec.TargetCPUUtilizationPercentage; t != nil && *t < 1 {
		invalid(&e, p.Child("targetCPUUtilizationPercentage"), *t, "must be greater than 0")
	}
	e.target(p.Child("scaleTargetRef"), a.Spec.ScaleTargetRef.APIVersion, a.Spec.ScaleTargetRef.Kind, a.Spec.ScaleTargetRef.Name, o.StrictTarget)
	return e.list
}

// Autoscaler refuses what is wrong with a HorizontalPodAutoscaler of
// autoscaling/v2 (pkg/apis/autoscaling/validation/validation.go@v1.36.3).
func Autoscaler(a *autoscalingv2.HorizontalPodAutoscaler, o Options) field.ErrorList {
	var e errs
	s, p := &a.Spec, field.NewPath("spec")
	e.scale(p, s.MinReplicas, s.MaxReplicas)
	e.target(p.Child("scaleTargetRef"), s.ScaleTargetRef.APIVersion, s.ScaleTargetRef.Kind, s.ScaleTargetRef.Name, o.StrictTarget)
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

func (e *errs) target(p *field.Path, apiVersion, kind, name string, grouped bool) {
	for _, part := range []struct{ field, value string }{{"kind", kind}, {"name", name}} {
		if part.value == "" {
			e.required(p.Child(part.field), "")
			continue
		}
		invalid(e, p.Child(part.field), part.value, content.IsPathSegmentName(part.value)...)
	}
	switch gv, err := schema.ParseGroupVersion(apiVersion); {
	case err != nil:
		invalid(e, p.Child("apiVersion"), apiVersion, err.Error())
	case grouped && gv.Group == "":
		invalid(e, p.Child("apiVersion"), apiVersion, "apiVersion must specify API group")
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
	if r.Policies != nil && len(r.Policies) == 0 {
		e.required(p.Child("policies"), "must specify at least one Policy")
	}
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
	e.metricSource(p, m)
}

// metricSource looks at the first source that is written, as the API does.
func (e *errs) metricSource(p *field.Path, m *autoscalingv2.MetricSpec) {
	switch {
	case m.Object != nil:
		at := p.Child("object")
		e.target(at.Child("describedObject"), m.Object.DescribedObject.APIVersion, m.Object.DescribedObject.Kind, m.Object.DescribedObject.Name, false)
		e.identifier(at, m.Object.Metric)
		e.metricTarget(at.Child("target"), m.Object.Target)
		if m.Object.Target.Value == nil && m.Object.Target.AverageValue == nil {
			e.required(at.Child("target", "averageValue"), "must set either a target value or averageValue")
		}
	case m.External != nil:
		at := p.Child("external")
		e.identifier(at, m.External.Metric)
		e.metricTarget(at.Child("target"), m.External.Target)
		switch one, two := m.External.Target.Value != nil, m.External.Target.AverageValue != nil; {
		case !one && !two:
			e.required(at.Child("target", "averageValue"), "must set either a target value for metric or a per-pod target")
		case one && two:
			e.forbidden(at.Child("target", "value"), "may not set both a target value for metric and a per-pod target")
		}
	case m.Pods != nil:
		at := p.Child("pods")
		e.identifier(at, m.Pods.Metric)
		e.metricTarget(at.Child("target"), m.Pods.Target)
		if m.Pods.Target.AverageValue == nil {
			e.required(at.Child("target", "averageValue"), "must specify a positive target averageValue")
		}
	case m.Resource != nil:
		e.requiredName(p.Child("resource", "name"), string(m.Resource.Name))
		e.usage(p.Child("resource", "target"), m.Resource.Target)
	case m.ContainerResource != nil:
		e.requiredName(p.Child("containerResource", "name"), string(m.ContainerResource.Name))
		e.requiredName(p.Child("containerResource", "container"), m.ContainerResource.Container)
		e.usage(p.Child("containerResource", "target"), m.ContainerResource.Target)
	}
}

func (e *errs) identifier(p *field.Path, m autoscalingv2.MetricIdentifier) {
	at := p.Child("metric", "name")
	if m.Name == "" {
		e.required(at, "must specify a metric name")
		return
	}
	invalid(e, at, m.Name, content.IsPathSegmentName(m.Name)...)
}

func (e *errs) metricTarget(p *field.Path, t autoscalingv2.MetricTarget) {
	if t.Type == "" {
		e.required(p.Child("type"), "must specify a metric target type")
	}
	if t.Type != autoscalingv2.UtilizationMetricType && t.Type != autoscalingv2.ValueMetricType && t.Type != autoscalingv2.AverageValueMetricType {
		invalid(e, p.Child("type"), t.Type, "must be either Utilization, Value, or AverageValue")
	}
	if t.Value != nil && t.Value.Sign() != 1 {
		invalid(e, p.Child("value"), t.Value.String(), "must be positive")
	}
	if t.AverageValue != nil && t.AverageValue.Sign() != 1 {
		invalid(e, p.Child("averageValue"), t.AverageValue.String(), "must be positive")
	}
	if t.AverageUtilization != nil && *t.AverageUtilization < 1 {
		invalid(e, p.Child("averageUtilization"), *t.AverageUtilization, "must be greater than 0")
	}
}

func (e *errs) usage(p *field.Path, t autoscalingv2.MetricTarget) {
	e.metricTarget(p, t)
	switch {
	case t.AverageUtilization == nil && t.AverageValue == nil:
		e.required(p.Child("averageUtilization"), "must set either a target raw value or a target utilization")
	case t.AverageUtilization != nil && t.AverageValue != nil:
		e.forbidden(p.Child("averageValue"), "may not set both a target raw value and a target utilization")
	}
}
