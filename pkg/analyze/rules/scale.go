package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// replicas is how many pods the object wants, and where that is written; ok is
// false for kinds without a number.
func replicas(o *analyze.Object) (n int32, path *field.Path, ok bool) {
	path = field.NewPath("spec", "replicas")
	var written *int32
	switch w := o.API.(type) {
	case *appsv1.Deployment:
		written = w.Spec.Replicas
	case *appsv1.StatefulSet:
		written = w.Spec.Replicas
	case *appsv1.ReplicaSet:
		written = w.Spec.Replicas
	case *corev1.ReplicationController:
		written = w.Spec.Replicas
	default:
		return 0, nil, false
	}
	if written == nil {
		return 1, path, true
	}
	return *written, path, true
}

// An autoscaler is a HorizontalPodAutoscaler of any version.
type autoscaler struct {
	object   *analyze.Object
	min, max int32
	kind     string
	name     string
}

func autoscalerFrom(o *analyze.Object) (autoscaler, bool) {
	low := func(n *int32) int32 {
		if n == nil {
			return 1
		}
		return *n
	}
	switch a := o.API.(type) {
	case *autoscalingv2.HorizontalPodAutoscaler:
		return autoscaler{o, low(a.Spec.MinReplicas), a.Spec.MaxReplicas, a.Spec.ScaleTargetRef.Kind, a.Spec.ScaleTargetRef.Name}, true
	case *autoscalingv1.HorizontalPodAutoscaler:
		return autoscaler{o, low(a.Spec.MinReplicas), a.Spec.MaxReplicas, a.Spec.ScaleTargetRef.Kind, a.Spec.ScaleTargetRef.Name}, true
	}
	return autoscaler{}, false
}

// autoscalerOf finds the autoscaler of a workload among the peers.
func autoscalerOf(p *analyze.Pass, o *analyze.Object) (autoscaler, bool) {
	for _, peer := range p.Autoscalers(o.Kind, o.Name) {
		if a, ok := autoscalerFrom(peer); ok {
			return a, true
		}
	}
	return autoscaler{}, false
}

// fewest is the smallest number of pods the workload is meant to have, and the
// object and field that say so.
func fewest(p *analyze.Pass, o *analyze.Object) (n int32, by *analyze.Object, path *field.Path, ok bool) {
	n, path, ok = replicas(o)
	if !ok {
		return 0, nil, nil, false
	}
	if a, found := autoscalerOf(p, o); found {
		return a.min, a.object, field.NewPath("spec", "minReplicas"), true
	}
	return n, o, path, true
}

// rolling is what a Deployment's rolling update may do with so many pods (C40).
func rolling(d *appsv1.Deployment, pods int32) (surge, unavailable int) {
	quarter := intstr.FromString("25%")
	s, u := &quarter, &quarter
	if r := d.Spec.Strategy.RollingUpdate; r != nil {
		if r.MaxSurge != nil {
			s = r.MaxSurge
		}
		if r.MaxUnavailable != nil {
			u = r.MaxUnavailable
		}
	}
	surge, _ = intstr.GetScaledValueFromIntOrPercent(s, int(pods), true)
	unavailable, _ = intstr.GetScaledValueFromIntOrPercent(u, int(pods), false)
	if surge == 0 && unavailable == 0 {
		unavailable = 1
	}
	return surge, min(unavailable, int(pods))
}

// rollingDeployment is the object as a Deployment that updates by rolling.
func rollingDeployment(p *analyze.Pass) (*appsv1.Deployment, bool) {
	d, ok := p.Object.API.(*appsv1.Deployment)
	if !ok || d.Spec.Strategy.Type == appsv1.RecreateDeploymentStrategyType {
		return nil, false
	}
	return d, true
}

func strategyPath(name string) *field.Path {
	return field.NewPath("spec", "strategy", "rollingUpdate", name)
}
