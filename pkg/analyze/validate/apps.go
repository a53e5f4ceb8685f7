package validate

import (
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Workload refuses what is wrong with a Deployment, ReplicaSet, StatefulSet,
// DaemonSet or ReplicationController around its pod template
// (pkg/apis/apps/validation/validation.go@v1.36.3).
func Workload(api runtime.Object) field.ErrorList {
	var e errs
	p := field.NewPath("spec")
	switch o := api.(type) {
	case *appsv1.Deployment:
		e.deployment(p, &o.Spec)
	case *appsv1.ReplicaSet:
		e.replicaSet(p, &o.Spec)
	case *appsv1.StatefulSet:
		e.statefulSet(p, &o.Spec)
	case *appsv1.DaemonSet:
		e.daemonSet(p, &o.Spec)
	case *corev1.ReplicationController:
		e.replicationController(p, &o.Spec)
	}
	return e.list
}

func (e *errs) deployment(p *field.Path, s *appsv1.DeploymentSpec) {
	numberPtr(e, p.Child("replicas"), s.Replicas)
	e.ownSelector(p, s.Selector, &s.Template, "deployment")
	e.endless(p.Child("template", "spec"), &s.Template.Spec, "ReplicaSet")
	number(e, p.Child("minReadySeconds"), s.MinReadySeconds)
	numberPtr(e, p.Child("revisionHistoryLimit"), s.RevisionHistoryLimit)
	deadline := int32(600) // the default (C438)
	if s.ProgressDeadlineSeconds != nil {
		deadline = *s.ProgressDeadlineSeconds
		number(e, p.Child("progressDeadlineSeconds"), deadline)
	}
	if deadline <= s.MinReadySeconds {
		invalid(e, p.Child("progressDeadlineSeconds"), deadline, "must be greater than minReadySeconds")
	}
	at := p.Child("strategy")
	r := s.Strategy.RollingUpdate
	switch s.Strategy.Type {
	case appsv1.RecreateDeploymentStrategyType:
		if r != nil {
			e.forbidden(at.Child("rollingUpdate"), "may not be specified when strategy `type` is 'Recreate'")
		}
	case appsv1.RollingUpdateDeploymentStrategyType, "":
		if r != nil {
			e.rollingDeployment(at.Child("rollingUpdate"), r)
		}
	default:
		e.add(field.NotSupported(at, s.Strategy.Type, []string{"Recreate", "RollingUpdate"}))
	}
}

func (e *errs) rollingDeployment(p *field.Path, r *appsv1.RollingUpdateDeployment) {
	quarter := intstr.FromString("25%") // the default of each (C438)
	unavailable, surge := or(r.MaxUnavailable, quarter), or(r.MaxSurge, quarter)
	e.share(p.Child("maxUnavailable"), unavailable)
	e.share(p.Child("maxSurge"), surge)
	if percent(unavailable) == 0 && percent(surge) == 0 {
		invalid(e, p.Child("maxUnavailable"), unavailable, "may not be 0 when `maxSurge` is 0")
	}
	e.upTo100(p.Child("maxUnavailable"), unavailable)
}

func or[T any](written *T, byDefault T) T {
	if written != nil {
		return *written
	}
	return byDefault
}

func (e *errs) replicaSet(p *field.Path, s *appsv1.ReplicaSetSpec) {
	numberPtr(e, p.Child("replicas"), s.Replicas)
	number(e, p.Child("minReadySeconds"), s.MinReadySeconds)
	e.ownSelector(p, s.Selector, &s.Template, "deployment")
	e.endless(p.Child("template", "spec"), &s.Template.Spec, "ReplicaSet")
}

func (e *errs) replicationController(p *field.Path, s *corev1.ReplicationControllerSpec) {
	numberPtr(e, p.Child("replicas"), s.Replicas)
	number(e, p.Child("minReadySeconds"), s.MinReadySeconds)
	if s.Template == nil {
		e.required(p.Child("template"), "")
		return
	}
	selector := s.Selector
	if len(selector) == 0 {
		selector = s.Template.Labels // the default
	}
	if len(selector) == 0 {
		e.required(p.Child("selector"), "")
	} else if !labels.SelectorFromSet(selector).Matches(labels.Set(s.Template.Labels)) {
		invalid(e, p.Child("template", "metadata", "labels"), s.Template.Labels, "`selector` does not match template `labels`")
	}
	e.endless(p.Child("template", "spec"), &s.Template.Spec, "ReplicationController")
}

// ownSelector refuses a selector that is missing, empty, malformed, or does not
// match the pods that the template makes.
func (e *errs) ownSelector(p *field.Path, s *metav1.LabelSelector, t *corev1.PodTemplateSpec, kind string) {
	at := p.Child("selector")
	if s == nil {
		e.required(at, "")
		return
	}
	before := len(e.list)
	e.selector(at, s)
	if empty(s) {
		invalid(e, at, "", fmt.Sprintf("empty selector is invalid for %s", kind))
		return
	}
	if len(e.list) > before {
		return
	}
	if selector, err := metav1.LabelSelectorAsSelector(s); err == nil && !selector.Matches(labels.Set(t.Labels)) {
		invalid(e, p.Child("template", "metadata", "labels"), t.Labels, "`selector` does not match template `labels`")
	}
}

// empty says whether the selector asks for nothing.
func empty(s *metav1.LabelSelector) bool { return len(s.MatchLabels)+len(s.MatchExpressions) == 0 }

// endless refuses templates whose pods may end by themselves (C460, C461).
func (e *errs) endless(p *field.Path, s *corev1.PodSpec, kind string) {
	optional(e, p.Child("restartPolicy"), s.RestartPolicy, corev1.RestartPolicyAlways)
	if s.ActiveDeadlineSeconds != nil {
		e.forbidden(p.Child("activeDeadlineSeconds"), "activeDeadlineSeconds in "+kind+" is not Supported")
	}
}

func (e *errs) statefulSet(p *field.Path, s *appsv1.StatefulSetSpec) {
	if m := s.PodManagementPolicy; m != "" && m != appsv1.OrderedReadyPodManagement && m != appsv1.ParallelPodManagement {
		invalid(e, p.Child("podManagementPolicy"), m, "must be 'OrderedReady' or 'Parallel'")
	}
	e.statefulUpdate(p.Child("updateStrategy"), s.UpdateStrategy)
	if r := s.PersistentVolumeClaimRetentionPolicy; r != nil {
		at := p.Child("persistentVolumeClaimRetentionPolicy")
		optional(e, at.Child("whenDeleted"), r.WhenDeleted, appsv1.RetainPersistentVolumeClaimRetentionPolicyType, appsv1.DeletePersistentVolumeClaimRetentionPolicyType)
		optional(e, at.Child("whenScaled"), r.WhenScaled, appsv1.RetainPersistentVolumeClaimRetentionPolicyType, appsv1.DeletePersistentVolumeClaimRetentionPolicyType)
	}
	for i := range s.VolumeClaimTemplates {
		at := p.Child("volumeClaimTemplates").Index(i)
		e.claim(at.Child("spec"), &s.VolumeClaimTemplates[i].Spec)
		if name := s.VolumeClaimTemplates[i].Name; name != "" {
			e.label1123(at.Child("metadata", "name"), name) // it becomes a volume of the pod
		}
	}
	numberPtr(e, p.Child("replicas"), s.Replicas)
	number(e, p.Child("minReadySeconds"), s.MinReadySeconds)
	if s.Ordinals != nil {
		number(e, p.Child("ordinals.start"), s.Ordinals.Start)
	}
	if s.ServiceName != "" {
		e.label1123(p.Child("serviceName"), s.ServiceName)
	}
	e.ownSelector(p, s.Selector, &s.Template, "statefulset")
	e.endless(p.Child("template", "spec"), &s.Template.Spec, "StatefulSet")
}

func (e *errs) statefulUpdate(p *field.Path, u appsv1.StatefulSetUpdateStrategy) {
	r := u.RollingUpdate
	switch u.Type {
	case appsv1.OnDeleteStatefulSetStrategyType:
		if r != nil {
			invalid(e, p.Child("rollingUpdate"), "", "only allowed for updateStrategy 'RollingUpdate'")
		}
	case appsv1.RollingUpdateStatefulSetStrategyType, "":
		if r == nil {
			return
		}
		numberPtr(e, p.Child("rollingUpdate", "partition"), r.Partition)
		// maxUnavailable is dropped where its gate is off, as it is by default (C533)
	default:
		invalid(e, p, u.Type, "must be 'RollingUpdate' or 'OnDelete'")
	}
}

func (e *errs) daemonSet(p *field.Path, s *appsv1.DaemonSetSpec) {
	e.selector(p.Child("selector"), s.Selector)
	switch selector, err := metav1.LabelSelectorAsSelector(s.Selector); {
	case err == nil && !selector.Matches(labels.Set(s.Template.Labels)):
		invalid(e, p.Child("template", "metadata", "labels"), s.Template.Labels, "`selector` does not match template `labels`")
	case s.Selector != nil && len(s.Selector.MatchLabels)+len(s.Selector.MatchExpressions) == 0:
		invalid(e, p.Child("selector"), "", "empty selector is invalid for daemonset")
	}
	e.endless(p.Child("template", "spec"), &s.Template.Spec, "DaemonSet")
	number(e, p.Child("minReadySeconds"), s.MinReadySeconds)
	numberPtr(e, p.Child("revisionHistoryLimit"), s.RevisionHistoryLimit)
	at := p.Child("updateStrategy")
	switch s.UpdateStrategy.Type {
	case appsv1.OnDeleteDaemonSetStrategyType:
	case appsv1.RollingUpdateDaemonSetStrategyType, "":
		if r := s.UpdateStrategy.RollingUpdate; r != nil {
			e.rollingDaemonSet(at.Child("rollingUpdate"), r)
		}
	default:
		e.add(field.NotSupported(at, s.UpdateStrategy.Type, []string{"RollingUpdate", "OnDelete"}))
	}
}

// rollingDaemonSet: exactly one of the two numbers may be above zero (C469).
func (e *errs) rollingDaemonSet(p *field.Path, r *appsv1.RollingUpdateDaemonSet) {
	unavailable, surge := or(r.MaxUnavailable, intstr.FromInt32(1)), or(r.MaxSurge, intstr.FromInt32(0))
	e.share(p.Child("maxUnavailable"), unavailable)
	e.share(p.Child("maxSurge"), surge)
	e.upTo100(p.Child("maxUnavailable"), unavailable)
	e.upTo100(p.Child("maxSurge"), surge)
	switch u, s := percent(unavailable) != 0, percent(surge) != 0; {
	case u && s:
		invalid(e, p.Child("maxSurge"), surge, "may not be set when maxUnavailable is non-zero")
	case !u && !s:
		e.required(p.Child("maxUnavailable"), "cannot be 0 when maxSurge is 0")
	}
}
