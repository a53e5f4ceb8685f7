package explain

import (
	"fmt"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// owners is the ownership chain, root first, the object itself last (C1–C3).
func (w *world) owners(o *analyze.Object) []Owner {
	chain := []Owner{{Object: o.Ref, Summary: w.summaryOf(o), State: w.stateOf(o)}}
	for range 8 { // a chain is three long; a cycle must not hang us
		owner, ref, found := w.s.Controller(o)
		if !found {
			break
		}
		if owner == nil {
			chain = append([]Owner{w.unseenOwner(o, ref)}, chain...)
			if root, ok := guessedDeployment(o, ref); ok {
				chain = append([]Owner{root}, chain...)
			}
			break
		}
		if slices.ContainsFunc(chain, func(c Owner) bool { return c.Object == owner.Ref }) {
			break // a cycle
		}
		chain = append([]Owner{{Object: owner.Ref, Summary: w.summaryOf(owner), State: w.stateOf(owner)}}, chain...)
		o = owner
	}
	return chain
}

// root is the object at the top of the ownership chain, as far as it was seen.
func (w *world) root(o *analyze.Object) *analyze.Object {
	for range 8 { // a cycle must not hang us
		owner, _, found := w.s.Controller(o)
		if !found || owner == nil {
			break
		}
		o = owner
	}
	return o
}

// unseenOwner is an owner that is not in the snapshot.
func (w *world) unseenOwner(o *analyze.Object, ref metav1.OwnerReference) Owner {
	r := analyze.Ref{APIVersion: ref.APIVersion, Kind: ref.Kind, Name: ref.Name, UID: ref.UID, Namespace: o.Namespace}
	if ref.Kind == "Node" {
		r.Namespace = ""
		return Owner{Object: r, Summary: "static pod: the kubelet owns it, from a file on the node", State: Unknown}
	}
	text := "not seen"
	if w.s.Sees(r.GroupKind(), o.Namespace) {
		text = "does not exist (any more)"
	}
	return Owner{Object: r, Summary: text, State: Unknown, Missing: true}
}

// guessedDeployment names the Deployment of a ReplicaSet that was not seen: the
// ReplicaSet's name ends in the pod's template hash (C3).
func guessedDeployment(pod *analyze.Object, ref metav1.OwnerReference) (Owner, bool) {
	hash := pod.Meta.GetLabels()[appsv1.DefaultDeploymentUniqueLabelKey]
	name, ok := strings.CutSuffix(ref.Name, "-"+hash)
	if ref.Kind != "ReplicaSet" || hash == "" || !ok {
		return Owner{}, false
	}
	return Owner{
		Object:  analyze.Ref{APIVersion: "apps/v1", Kind: "Deployment", Namespace: pod.Namespace, Name: name},
		Summary: "not seen (its name follows from the ReplicaSet's)", State: Unknown, Missing: true,
	}, true
}

// ownerKind is the kind of the pod's controller, "" for a bare pod.
func (v *podView) ownerKind() string {
	if c := metav1.GetControllerOfNoCopy(v.pod); c != nil {
		return c.Kind
	}
	return ""
}

// rootCommandRef is how kubectl set would name the workload behind the pod:
// "deployment/web"; "" for bare pods and kinds whose template cannot be changed.
func (v *podView) rootCommandRef() string {
	o := v.root(v.o)
	switch o.Kind {
	case "Deployment", "StatefulSet", "DaemonSet", "ReplicationController", "CronJob":
		return shell(strings.ToLower(o.Kind) + "/" + o.Name)
	}
	return ""
}

// summaryOf is a few words about an object for the ownership chain.
func (w *world) summaryOf(o *analyze.Object) string {
	switch t := o.API.(type) {
	case *corev1.Pod:
		row := PrintPod(t, w.s.Version)
		return fmt.Sprintf("%s %s", row.Ready, row.Status)
	case *appsv1.Deployment:
		return fmt.Sprintf("%d of %d available%s", t.Status.AvailableReplicas, wanted(t.Spec.Replicas), rolloutWord(t))
	case *appsv1.ReplicaSet:
		return fmt.Sprintf("%d of %d available", t.Status.AvailableReplicas, wanted(t.Spec.Replicas))
	case *corev1.ReplicationController:
		return fmt.Sprintf("%d of %d available", t.Status.AvailableReplicas, wanted(t.Spec.Replicas))
	case *appsv1.StatefulSet:
		return fmt.Sprintf("%d of %d ready", t.Status.ReadyReplicas, wanted(t.Spec.Replicas))
	case *appsv1.DaemonSet:
		return fmt.Sprintf("%d of %d ready", t.Status.NumberReady, t.Status.DesiredNumberScheduled)
	case *batchv1.Job:
		return jobSummary(t)
	case *batchv1.CronJob:
		return fmt.Sprintf("schedule %q, %s", t.Spec.Schedule, plural(len(t.Status.Active), "active job"))
	case *corev1.Node:
		if c := nodeCondition(t, corev1.NodeReady); c != nil && c.Status == corev1.ConditionTrue {
			return "Ready"
		}
		return "NotReady"
	}
	return ""
}

func wanted(replicas *int32) int32 {
	if replicas == nil {
		return 1
	}
	return *replicas
}

func rolloutWord(d *appsv1.Deployment) string {
	switch {
	case d.Spec.Paused:
		return ", paused"
	case d.Status.UpdatedReplicas < wanted(d.Spec.Replicas):
		return fmt.Sprintf(", %d updated", d.Status.UpdatedReplicas)
	}
	return ""
}

func jobSummary(j *batchv1.Job) string {
	for _, c := range j.Status.Conditions {
		if c.Status == corev1.ConditionTrue && (c.Type == batchv1.JobFailed || c.Type == batchv1.JobComplete || c.Type == batchv1.JobSuspended) {
			return strings.TrimSpace(string(c.Type) + " " + c.Reason)
		}
	}
	return fmt.Sprintf("%d of %d completed, %d active", j.Status.Succeeded, wanted(j.Spec.Completions), j.Status.Active)
}

// stateOf is a rough state of an owner, for the chain only.
func (w *world) stateOf(o *analyze.Object) State {
	full := func(have, want int32) State {
		if have >= want {
			return Healthy
		}
		return Waiting
	}
	if o.Meta != nil && o.Meta.GetDeletionTimestamp() != nil {
		return Terminating
	}
	switch t := o.API.(type) {
	case *corev1.Pod:
		return podState(t)
	case *appsv1.Deployment:
		return full(t.Status.AvailableReplicas, wanted(t.Spec.Replicas))
	case *appsv1.ReplicaSet:
		return full(t.Status.AvailableReplicas, wanted(t.Spec.Replicas))
	case *corev1.ReplicationController:
		return full(t.Status.AvailableReplicas, wanted(t.Spec.Replicas))
	case *appsv1.StatefulSet:
		return full(t.Status.ReadyReplicas, wanted(t.Spec.Replicas))
	case *appsv1.DaemonSet:
		return full(t.Status.NumberReady, t.Status.DesiredNumberScheduled)
	case *batchv1.Job:
		return jobState(t)
	case *batchv1.CronJob:
		return Healthy
	}
	return Unknown
}

func jobState(j *batchv1.Job) State {
	for _, c := range j.Status.Conditions {
		switch {
		case c.Status != corev1.ConditionTrue:
		case c.Type == batchv1.JobFailed:
			return Failed
		case c.Type == batchv1.JobComplete:
			return Completed
		}
	}
	return Progressing
}

func podState(p *corev1.Pod) State {
	switch {
	case p.Status.Phase == corev1.PodSucceeded:
		return Completed
	case p.Status.Phase == corev1.PodFailed:
		return Failed
	case podReady(p):
		return Healthy
	}
	return Waiting
}
