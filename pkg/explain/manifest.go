package explain

import (
	"fmt"
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// onlyManifest says that no server has seen the object: it is a wish without a
// status, and there is nothing to explain about it.
func onlyManifest(o *analyze.Object) bool {
	if o.Recorded() || o.Meta == nil || !o.Meta.GetCreationTimestamp().Time.IsZero() {
		return false
	}
	empty := func(status, zero any) bool { return equality.Semantic.DeepEqual(status, zero) } // two values of one status type
	switch t := o.API.(type) {
	case *corev1.Pod:
		return empty(t.Status, corev1.PodStatus{})
	case *appsv1.Deployment:
		return empty(t.Status, appsv1.DeploymentStatus{})
	case *appsv1.ReplicaSet:
		return empty(t.Status, appsv1.ReplicaSetStatus{})
	case *corev1.ReplicationController:
		return empty(t.Status, corev1.ReplicationControllerStatus{})
	case *appsv1.StatefulSet:
		return empty(t.Status, appsv1.StatefulSetStatus{})
	case *appsv1.DaemonSet:
		return empty(t.Status, appsv1.DaemonSetStatus{})
	case *batchv1.Job:
		return empty(t.Status, batchv1.JobStatus{})
	case *batchv1.CronJob:
		return empty(t.Status, batchv1.CronJobStatus{})
	}
	return false
}

// explainManifest says that there is nothing to explain, and what can be asked instead.
func (w *world) explainManifest(o *analyze.Object) *Explanation {
	x := w.blank(o)
	x.Severity = analyze.Info
	x.Headline = fmt.Sprintf("%s is only a manifest: it has no status, so there is nothing to explain", o.Ref)
	x.Owners[0].Summary, x.Owners[0].State = "a manifest", Unknown
	file := ""
	if o.File != "" && o.File != "-" {
		file = " -f " + shell(o.File)
	}
	where := ""
	if w.sharesName(o) {
		where = inNamespace(o.Namespace)
	}
	x.Actions = []Action{
		look("kubectl lifecycle explain "+shell(o.String())+inNamespace(o.Namespace), "how it does in the cluster"),
		look("kubectl lifecycle lint"+file, "what is wrong in the manifest"),
		look("kubectl lifecycle termination-timeline"+file+" "+shell(o.String())+where, "what would happen when it stops"),
	}
	return w.finish(x)
}

// sharesName says whether the input has the same kind and name in another
// namespace, so that the name alone is not enough.
func (w *world) sharesName(o *analyze.Object) bool {
	return slices.ContainsFunc(w.s.Of(o.GroupKind(), ""), func(other *analyze.Object) bool {
		return other.Name == o.Name && other.Namespace != o.Namespace
	})
}
