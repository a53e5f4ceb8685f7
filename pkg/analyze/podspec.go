package analyze

import (
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// A PodTemplate is the pod an object is, or makes, and where in the object it is written.
type PodTemplate struct {
	Meta *metav1.ObjectMeta
	Spec *corev1.PodSpec
	// Path of the pod (or template): nil for a Pod, "spec.template" for a Deployment.
	Path *field.Path
}

// PodTemplateOf returns the pod that the object is or makes; ok is false for
// kinds without one. The result points into the object: do not change it.
func PodTemplateOf(api runtime.Object) (t PodTemplate, ok bool) {
	template := func(p *corev1.PodTemplateSpec, path ...string) (PodTemplate, bool) {
		if p == nil {
			return PodTemplate{}, false
		}
		return PodTemplate{&p.ObjectMeta, &p.Spec, field.NewPath(path[0], path[1:]...)}, true
	}
	switch o := api.(type) {
	case *corev1.Pod:
		return PodTemplate{&o.ObjectMeta, &o.Spec, nil}, true
	case *corev1.PodTemplate:
		return template(&o.Template, "template")
	case *corev1.ReplicationController:
		return template(o.Spec.Template, "spec", "template")
	case *appsv1.Deployment:
		return template(&o.Spec.Template, "spec", "template")
	case *appsv1.ReplicaSet:
		return template(&o.Spec.Template, "spec", "template")
	case *appsv1.StatefulSet:
		return template(&o.Spec.Template, "spec", "template")
	case *appsv1.DaemonSet:
		return template(&o.Spec.Template, "spec", "template")
	case *batchv1.Job:
		return template(&o.Spec.Template, "spec", "template")
	case *batchv1.CronJob:
		return template(&o.Spec.JobTemplate.Spec.Template, "spec", "jobTemplate", "spec", "template")
	}
	return PodTemplate{}, false
}

// SpecPath is the path of the pod's spec inside the object.
func (t PodTemplate) SpecPath() *field.Path { return child(t.Path, "spec") }

// MetaPath is the path of the pod's metadata inside the object.
func (t PodTemplate) MetaPath() *field.Path { return child(t.Path, "metadata") }

func child(p *field.Path, name string) *field.Path {
	if p == nil {
		return field.NewPath(name)
	}
	return p.Child(name)
}

// ContainerType is what role a container has in its pod.
type ContainerType string

// The types of containers, as all documents name them.
const (
	InitContainer      ContainerType = "init"
	SidecarContainer   ContainerType = "sidecar" // an init container with restartPolicy Always
	AppContainer       ContainerType = "app"
	EphemeralContainer ContainerType = "ephemeral"
)

// A Container is one container of a pod, its role and its place.
type Container struct {
	*corev1.Container
	Type  ContainerType
	Index int // in its own list of the spec
	Path  *field.Path
}

// Containers lists all containers of the pod: init containers and sidecars in
// spec order, then app containers, then ephemeral ones.
func (t PodTemplate) Containers() []Container {
	var out []Container
	spec := t.SpecPath()
	for i := range t.Spec.InitContainers {
		c := &t.Spec.InitContainers[i]
		kind := InitContainer
		if IsSidecar(c) {
			kind = SidecarContainer
		}
		out = append(out, Container{c, kind, i, spec.Child("initContainers").Index(i)})
	}
	for i := range t.Spec.Containers {
		out = append(out, Container{&t.Spec.Containers[i], AppContainer, i, spec.Child("containers").Index(i)})
	}
	for i := range t.Spec.EphemeralContainers {
		c := corev1.Container(t.Spec.EphemeralContainers[i].EphemeralContainerCommon)
		out = append(out, Container{&c, EphemeralContainer, i, spec.Child("ephemeralContainers").Index(i)})
	}
	return out
}

// IsSidecar says whether an init container is a sidecar: restartPolicy Always (K50).
func IsSidecar(c *corev1.Container) bool {
	return c.RestartPolicy != nil && *c.RestartPolicy == corev1.ContainerRestartPolicyAlways
}

// DefaultGraceSeconds is what the API server writes where a pod says nothing
// (K3; pkg/apis/core/v1/defaults.go@v1.36.3).
const DefaultGraceSeconds int64 = 30

// GracePeriod is the pod's own grace period in seconds, as the API will hold
// it: 30 where nothing is written, 1 for a negative number (K3).
func (t PodTemplate) GracePeriod() Value[int64] {
	path := t.SpecPath().Child("terminationGracePeriodSeconds")
	written := t.Spec.TerminationGracePeriodSeconds
	switch {
	case written == nil:
		return DefaultOf(DefaultGraceSeconds, path, "K3")
	case *written < 0:
		return Value[int64]{V: 1, Basis: Written, At: path, Why: fmt.Sprintf("%d is stored as 1 (K3)", *written)}
	}
	return WrittenAt(*written, path)
}
