package load

import (
	"context"
	"strings"
	"sync"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// jobNameLabel marks the pods of a Job (batch/v1/types.go@v1.36.3).
const jobNameLabel = "batch.kubernetes.io/job-name"

// manyJobs is how many names a label selector may hold before all pods of jobs
// are listed instead.
const manyJobs = 30

// fetchOwned reads what the workloads among the subjects own: through the
// selector for one of them, with one list per kind for several.
func (g *gathering) fetchOwned(ctx context.Context, subjects []*analyze.Object) {
	known := g.uids()
	var tops []*analyze.Object
	for _, o := range subjects {
		if o.GroupKind() == analyze.KindPod {
			continue
		}
		c := metav1.GetControllerOfNoCopy(o.Meta)
		if len(g.targets) > 0 || c == nil || !known[string(c.UID)] {
			tops = append(tops, o)
		}
	}
	if len(tops) == 1 {
		g.fetchOwnedBy(ctx, tops[0])
		return
	}
	if len(tops) == 0 {
		return
	}
	var wg sync.WaitGroup
	asked := map[kindName]bool{}
	for _, o := range tops {
		for _, gk := range ownedKinds(o.GroupKind()) {
			k, _ := kindOf(gk)
			if name := kindName(k.String()); !asked[name] {
				asked[name] = true
				wg.Go(func() { g.look(ctx, query{kind: k, namespace: g.spaceOf(tops)}) })
			}
		}
	}
	wg.Wait()
}

type kindName string

// fetchOwnedBy reads the pods of one object, and what stands between them.
func (g *gathering) fetchOwnedBy(ctx context.Context, o *analyze.Object) {
	pods := podKind()
	q := query{kind: pods, namespace: o.Namespace, bounded: true}
	switch o.GroupKind() {
	case analyze.KindNode:
		q.fields = "spec.nodeName=" + o.Name
		g.look(ctx, q)
		return
	case analyze.KindCronJob:
		g.fetchJobs(ctx, o)
		return
	}
	sel, ok := selectorOf(o)
	if !ok {
		return
	}
	q.labels = sel
	var wg sync.WaitGroup
	wg.Go(func() { g.look(ctx, q) })
	if o.GroupKind() == analyze.KindDeployment || isCustom(o) {
		sets, _ := kindOf(analyze.KindReplicaSet)
		wg.Go(func() { g.look(ctx, query{kind: sets, namespace: o.Namespace, labels: sel, bounded: true}) })
	}
	wg.Wait()
}

// fetchJobs reads the jobs of a CronJob, which has no selector, and their pods.
func (g *gathering) fetchJobs(ctx context.Context, o *analyze.Object) {
	jobs, _ := kindOf(analyze.KindJob)
	mine := func(m metav1.Object) bool {
		c := metav1.GetControllerOfNoCopy(m)
		return c != nil && c.UID == o.UID
	}
	found, err := g.list(ctx, query{kind: jobs, namespace: o.Namespace, keep: mine})
	if err != nil {
		g.gap(gapFor(jobs, o.Namespace, "", err))
		return
	}
	g.saw(jobs, o.Namespace)
	if len(found) == 0 {
		g.saw(podKind(), o.Namespace)
		return
	}
	q := query{kind: podKind(), namespace: o.Namespace, labels: jobNameLabel}
	if len(found) <= manyJobs {
		var names []string
		for _, j := range found {
			names = append(names, j.Name)
		}
		q.labels += " in (" + strings.Join(names, ",") + ")"
	}
	g.look(ctx, q)
}

// selectorOf is the selector by which an object finds its pods; ok is false
// where it selects none.
func selectorOf(o *analyze.Object) (text string, ok bool) {
	var sel *metav1.LabelSelector
	switch api := o.API.(type) {
	case *appsv1.Deployment:
		sel = api.Spec.Selector
	case *appsv1.ReplicaSet:
		sel = api.Spec.Selector
	case *appsv1.StatefulSet:
		sel = api.Spec.Selector
	case *appsv1.DaemonSet:
		sel = api.Spec.Selector
	case *batchv1.Job:
		sel = api.Spec.Selector
	case *policyv1.PodDisruptionBudget:
		sel = api.Spec.Selector
	case *corev1.ReplicationController:
		return labels.Set(api.Spec.Selector).String(), len(api.Spec.Selector) > 0
	case *corev1.Service:
		return labels.Set(api.Spec.Selector).String(), len(api.Spec.Selector) > 0
	case *unstructured.Unstructured:
		m, _, _ := unstructured.NestedStringMap(api.Object, "spec", "selector", "matchLabels") // another shape has no selector
		return labels.Set(m).String(), len(m) > 0
	}
	if sel == nil {
		return "", false
	}
	s, err := metav1.LabelSelectorAsSelector(sel)
	if err != nil {
		return "", false
	}
	return s.String(), true
}

func isCustom(o *analyze.Object) bool {
	_, ok := kindOf(o.GroupKind())
	return !ok
}
