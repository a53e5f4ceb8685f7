package lint

import (
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// partial says whether the object is a patch for kustomize or kubectl patch: a
// part of an object, which is never applied as it stands. Patches are told by
// their directives ($patch), by "patch" in the name of their file or folder, or by
// lacking what every workload has: a selector and labels, or any image.
func partial(o *analyze.Object) bool {
	if o.Recorded() {
		return false
	}
	for _, p := range o.Problems {
		if strings.HasPrefix(p.Path[strings.LastIndexByte(p.Path, '.')+1:], "$") {
			return true
		}
	}
	if o.File == "" {
		return false
	}
	if strings.Contains(strings.ToLower(lastTwo(o.File)), "patch") {
		return true
	}
	t, ok := analyze.PodTemplateOf(o.API)
	if !ok {
		return false
	}
	selector, has := selectorOf(o)
	if has {
		return selector == nil && (len(t.Meta.Labels) == 0 || (imageless(t.Spec) && len(o.Meta.GetLabels()) == 0))
	}
	isJob := o.GroupKind() == analyze.KindJob || o.GroupKind() == analyze.KindCronJob
	return isJob && t.Spec.RestartPolicy == "" && imageless(t.Spec)
}

// lastTwo are the file's name and that of its folder.
func lastTwo(file string) string {
	parts := strings.Split(file, "/")
	return strings.Join(parts[max(len(parts)-2, 0):], "/")
}

func selectorOf(o *analyze.Object) (*metav1.LabelSelector, bool) {
	switch w := o.API.(type) {
	case *appsv1.Deployment:
		return w.Spec.Selector, true
	case *appsv1.ReplicaSet:
		return w.Spec.Selector, true
	case *appsv1.StatefulSet:
		return w.Spec.Selector, true
	case *appsv1.DaemonSet:
		return w.Spec.Selector, true
	}
	return nil, false
}

func imageless(s *corev1.PodSpec) bool {
	for _, c := range s.Containers {
		if c.Image != "" {
			return false
		}
	}
	return true
}

// partialGaps says once per patch that it was not judged.
func (r *run) partialGaps() []analyze.Gap {
	var out []analyze.Gap
	for _, o := range r.snapshot.Objects() {
		if r.partial[o] {
			out = append(out, analyze.Gap{
				What: o.String() + " in " + o.File, Kind: o.GroupKind(), Namespace: o.Namespace,
				Why: "it is a patch, not a whole object: only its fields and types were checked",
			})
		}
	}
	return out
}
