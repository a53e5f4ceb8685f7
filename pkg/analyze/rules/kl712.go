package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

var limitRange = schema.GroupKind{Kind: "LimitRange"}

func autoscalerWithoutRequest() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL712", Name: "autoscaler-without-request",
		Title:    "the autoscaler cannot tell how busy the pods are",
		Severity: analyze.Warning,
		Kinds:    kinds(analyze.KindHPA),
		Sources: []analyze.Citation{
			source("pkg/controller/podautoscaler/replica_calculator.go"),
			page("tasks/run-application/horizontal-pod-autoscale/#how-does-a-horizontalpodautoscaler-work"),
		},
		Check: func(p *analyze.Pass) {
			a, ok := autoscalerFrom(p.Object)
			if !ok || requestsComeFromElsewhere(p) {
				return
			}
			o := p.Find(schema.GroupKind{Group: "apps", Kind: a.kind}, a.name)
			if o == nil {
				return
			}
			pod, ok := analyze.PodTemplateOf(o.API)
			if !ok {
				return
			}
			for _, u := range utilizations(p.Object) {
				if c, found := requestless(pod, u); found {
					d := p.Report(u.path, "a share of a %s request that %s does not have", u.resource, c.Name).
						BecauseOf(o, c.Path.Child("name"), "no %s request or limit", u.resource).
						Fix("give every container a %s request, or aim at an AverageValue", u.resource)
					if !p.Sees(limitRange) {
						d.At(analyze.Info) // one that was not seen may give the pods requests
					}
				}
			}
		},
	}
}

// requestsComeFromElsewhere says whether something in the namespace gives pods requests
// that their manifest does not have.
func requestsComeFromElsewhere(p *analyze.Pass) bool {
	return len(p.Peers(limitRange)) > 0 ||
		len(p.Peers(schema.GroupKind{Group: "autoscaling.k8s.io", Kind: "VerticalPodAutoscaler"})) > 0
}

// A utilization is a metric that is a share of what pods request.
type utilization struct {
	resource  corev1.ResourceName
	container string // "" is all of them
	path      *field.Path
}

func utilizations(o *analyze.Object) []utilization {
	spec := field.NewPath("spec")
	switch a := o.API.(type) {
	case *autoscalingv1.HorizontalPodAutoscaler:
		return []utilization{{corev1.ResourceCPU, "", spec.Child("targetCPUUtilizationPercentage")}}
	case *autoscalingv2.HorizontalPodAutoscaler:
		if len(a.Spec.Metrics) == 0 { // the server then adds one, of the CPU
			return []utilization{{corev1.ResourceCPU, "", spec}}
		}
		var out []utilization
		for i, m := range a.Spec.Metrics {
			at := spec.Child("metrics").Index(i)
			switch {
			case m.Resource != nil && m.Resource.Target.AverageUtilization != nil:
				out = append(out, utilization{m.Resource.Name, "", at.Child("resource", "target", "averageUtilization")})
			case m.ContainerResource != nil && m.ContainerResource.Target.AverageUtilization != nil:
				out = append(out, utilization{m.ContainerResource.Name, m.ContainerResource.Container, at.Child("containerResource", "target", "averageUtilization")})
			}
		}
		return out
	}
	return nil
}

// requestless finds a container of the pod without the request that the autoscaler
// divides by. A limit is a request too.
func requestless(pod analyze.PodTemplate, u utilization) (analyze.Container, bool) {
	if r := pod.Spec.Resources; r != nil && u.container == "" {
		if has(*r, u.resource) {
			return analyze.Container{}, false
		}
	}
	for _, c := range pod.Containers() {
		if c.Type == analyze.InitContainer || (u.container != "" && u.container != c.Name) {
			continue
		}
		if !has(c.Resources, u.resource) {
			return c, true
		}
	}
	return analyze.Container{}, false
}

func has(r corev1.ResourceRequirements, name corev1.ResourceName) bool {
	_, requested := r.Requests[name]
	_, limited := r.Limits[name]
	return requested || limited
}
