package load

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// contextKinds are the kinds, besides the subjects, their owners and their pods,
// that the question looks at where such subjects are. Secrets and the data of
// ConfigMaps are never among them.
func contextKinds(q Question, subjects []*analyze.Object) []schema.GroupKind {
	switch q { //nolint:exhaustive // Explain and Saving follow
	case Timeline:
		return []schema.GroupKind{analyze.KindPDB, analyze.KindService}
	case Lint:
		return []schema.GroupKind{
			analyze.KindPDB, analyze.KindService, analyze.KindHPA, analyze.KindPVC, analyze.KindPriority, analyze.KindStorage,
		}
	}
	out := []schema.GroupKind{
		analyze.KindEvent, analyze.KindNode, analyze.KindPDB, analyze.KindService, analyze.KindEndpoints,
	}
	if slices.ContainsFunc(subjects, func(o *analyze.Object) bool { return o.GroupKind() != analyze.KindPod }) {
		out = append(out, analyze.KindQuota, analyze.KindHPA)
	}
	return out
}

// ownedKinds are the kinds that an object of the kind makes.
func ownedKinds(gk schema.GroupKind) []schema.GroupKind {
	switch gk {
	case analyze.KindDeployment:
		return []schema.GroupKind{analyze.KindReplicaSet, analyze.KindPod}
	case analyze.KindCronJob:
		return []schema.GroupKind{analyze.KindJob, analyze.KindPod}
	case analyze.KindPod:
		return nil
	}
	return []schema.GroupKind{analyze.KindPod}
}

// notInInput are the gaps of a recording: kinds that the explanation of the
// subjects looks at and that the files say nothing about.
func notInInput(s *analyze.Snapshot, subjects []*analyze.Object) []analyze.Gap {
	var gaps []analyze.Gap
	namespaces := namespacesOf(subjects)
	for _, gk := range neededKinds(s, subjects) {
		k, _ := kindOf(gk)
		in := namespaces
		if k.clusterWide {
			in = []string{""}
		}
		var missing []string
		for _, ns := range in {
			if !s.Sees(gk, ns) {
				missing = append(missing, ns)
			}
		}
		switch len(missing) {
		case 0:
		case 1:
			gaps = append(gaps, newGap(k, missing[0], "not in the input"))
		default:
			gap := newGap(k, "", "not in the input")
			gap.What += fmt.Sprintf(" in %d namespaces", len(missing))
			gaps = append(gaps, gap)
		}
	}
	return gaps
}

func neededKinds(s *analyze.Snapshot, subjects []*analyze.Object) []schema.GroupKind {
	var out []schema.GroupKind
	add := func(kinds ...schema.GroupKind) {
		for _, gk := range kinds {
			if !slices.Contains(out, gk) {
				out = append(out, gk)
			}
		}
	}
	for _, o := range subjects {
		add(ownedKinds(o.GroupKind())...)
	}
	add(contextKinds(Explain, subjects)...)
	for _, pod := range analyze.All[*corev1.Pod](s, analyze.KindPod, "") {
		if len(claimsOf(pod)) > 0 {
			add(analyze.KindPVC)
			break
		}
	}
	return out
}

// claimsOf names the claims that a pod mounts; those of generic ephemeral
// volumes are called POD-VOLUME (component-helpers/storage/ephemeral@v1.36.3).
func claimsOf(pod *corev1.Pod) []string {
	var out []string
	for _, v := range pod.Spec.Volumes {
		switch {
		case v.PersistentVolumeClaim != nil:
			out = append(out, v.PersistentVolumeClaim.ClaimName)
		case v.Ephemeral != nil:
			out = append(out, pod.Name+"-"+v.Name)
		}
	}
	return out
}

func namespacesOf(objects []*analyze.Object) []string {
	var out []string
	for _, o := range objects {
		if !slices.Contains(out, o.Namespace) {
			out = append(out, o.Namespace)
		}
	}
	return out
}

// newGap says what of a kind could not be seen.
func newGap(k kind, namespace, why string) analyze.Gap {
	what := k.String()
	if namespace != "" {
		what = fmt.Sprintf("%s in namespace %q", k, namespace)
	}
	return analyze.Gap{What: what, Why: why, Kind: k.GroupKind, Namespace: namespace}
}
