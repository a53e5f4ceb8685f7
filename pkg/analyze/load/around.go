package load

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// How many objects of a kind are read one by one before a list is cheaper, and
// how many where the list is forbidden.
const (
	fewGets      = 2
	fallbackGets = 5
)

// fetchAround reads what explains the subjects: first the pods they own, then
// owners and surroundings. Nothing here is an error; what cannot be read is a gap.
func (g *gathering) fetchAround(ctx context.Context) {
	subjects := g.asked
	if len(g.targets) == 0 {
		subjects = g.all()
	}
	explains := g.Question == Explain || g.Question == Saving
	if explains && !g.whole && (len(g.targets) > 0 || g.fields == nil) {
		if len(g.targets) == 0 { // a selector: first find the roots of what it selects
			g.fetchOwners(ctx)
			subjects = g.all()
		}
		g.fetchOwned(ctx, subjects)
	}
	var wg sync.WaitGroup
	if explains {
		wg.Go(func() { g.fetchOwners(ctx) })
		wg.Go(func() { g.fetchVolumes(ctx) })
	} else if len(g.targets) == 0 && g.Selector != "" {
		g.fetchOwners(ctx)
	}
	wg.Go(func() { g.fetchNodes(ctx) })
	for _, gk := range g.contextKinds(subjects) {
		k, _ := kindOf(gk)
		wg.Go(func() { g.look(ctx, query{kind: k, namespace: g.spaceOf(subjects)}) })
	}
	if explains {
		wg.Go(func() { g.fetchEvents(ctx, subjects) })
	}
	wg.Wait()
}

// contextKinds without those that are read in a way of their own.
func (g *gathering) contextKinds(subjects []*analyze.Object) []schema.GroupKind {
	if len(subjects) == 0 && len(g.targets) > 0 {
		return nil
	}
	if !slices.ContainsFunc(subjects, func(o *analyze.Object) bool { return o.GroupKind() != analyze.KindNode }) && g.Question != Lint {
		return []schema.GroupKind{analyze.KindPDB}
	}
	return slices.DeleteFunc(contextKinds(g.Question, subjects), func(gk schema.GroupKind) bool {
		return gk == analyze.KindEvent || gk == analyze.KindNode
	})
}

// spaceOf is the one namespace of the objects, or "" for all. Owners that belong
// to no namespace do not count.
func (g *gathering) spaceOf(objects []*analyze.Object) string {
	found := namespacesOf(objects)
	if len(found) > 1 {
		found = slices.DeleteFunc(found, func(ns string) bool { return ns == "" })
	}
	switch len(found) {
	case 0:
		return g.space
	case 1:
		return found[0]
	}
	return ""
}

// look lists a kind once; a refusal becomes a gap. It returns false if not all
// could be read.
func (g *gathering) look(ctx context.Context, q query) bool {
	if q.clusterWide {
		q.namespace = ""
	}
	if g.sees(q.kind, q.namespace) {
		return true
	}
	if _, err := g.list(ctx, q); err != nil {
		g.gap(gapFor(q.kind, q.namespace, "", err))
		return false
	}
	g.saw(q.kind, q.namespace)
	return true
}

// want reads the named objects of a kind: few of them one by one, many with a
// list, and some one by one where the list is forbidden.
func (g *gathering) want(ctx context.Context, k kind, namespace string, names []string) {
	if len(names) == 0 || g.sees(k, namespace) {
		return
	}
	if len(names) > fewGets && !k.custom {
		_, err := g.list(ctx, query{kind: k, namespace: namespace})
		if err == nil {
			g.saw(k, namespace)
			return
		}
		if !apierrors.IsForbidden(err) || len(names) > fallbackGets {
			g.gap(gapFor(k, namespace, "", err))
			return
		}
	}
	if len(names) > fallbackGets {
		g.gap(newGap(k, namespace, fmt.Sprintf("%d of them were not read", len(names)-fallbackGets)))
		names = names[:fallbackGets]
	}
	errs := make([]error, len(names))
	var wg sync.WaitGroup
	for i, name := range names {
		wg.Go(func() { _, errs[i] = g.get(ctx, k, namespace, name) })
	}
	wg.Wait()
	gone := 0
	for i, err := range errs {
		switch {
		case isMissing(err):
			gone++
		case err != nil:
			g.gap(gapFor(k, namespace, names[i], err))
		}
	}
	if gone > 0 { // that it does not exist is known, for all that is asked here
		g.saw(k, namespace)
	}
}

// fetchOwners climbs from everything read so far to the owners, hop by hop.
func (g *gathering) fetchOwners(ctx context.Context) {
	type place struct {
		gvk       schema.GroupVersionKind
		namespace string
	}
	tried := map[string]bool{}
	for range maxHops {
		missing := map[place]map[string]bool{}
		known := g.uids()
		for _, o := range g.all() {
			ref := metav1.GetControllerOfNoCopy(o.Meta)
			if ref == nil || known[string(ref.UID)] || tried[string(ref.UID)] || ref.Kind == analyze.KindNode.Kind {
				continue
			}
			at := place{schema.FromAPIVersionAndKind(ref.APIVersion, ref.Kind), o.Namespace}
			if missing[at] == nil {
				missing[at] = map[string]bool{}
			}
			missing[at][ref.Name] = true
			tried[string(ref.UID)] = true
		}
		if len(missing) == 0 || ctx.Err() != nil {
			return
		}
		var wg sync.WaitGroup
		for at, names := range missing {
			wg.Go(func() {
				if k, ok := g.ownerKind(at.gvk, at.namespace); ok {
					g.want(ctx, k, at.namespace, slices.Sorted(maps.Keys(names)))
				}
			})
		}
		wg.Wait()
	}
}

// ownerKind finds where a kind is served. Custom owners are climbed to only for
// questions about few objects.
func (g *gathering) ownerKind(gvk schema.GroupVersionKind, namespace string) (kind, bool) {
	if k, ok := kindOf(gvk.GroupKind()); ok {
		return k, k.GroupKind != kindSecret
	}
	if g.whole {
		return kind{}, false
	}
	mapper, err := g.mapper()
	if err == nil {
		m, merr := mapper.RESTMapping(gvk.GroupKind(), gvk.Version)
		if merr == nil {
			return mapped(m), true
		}
		err = merr
	}
	k := customKind(gvk)
	gap := newGap(k, namespace, "not served by this cluster")
	if isServerAnswer(err) {
		gap.Why = why(err)
	}
	g.gap(gap)
	return k, false
}

// fetchNodes reads the one or two nodes the pods are on, or all nodes where
// there are more, or where a pod still looks for one.
func (g *gathering) fetchNodes(ctx context.Context) {
	k, _ := kindOf(analyze.KindNode)
	names := map[string]bool{}
	unscheduled := false
	for _, pod := range g.pods() {
		switch {
		case pod.Spec.NodeName != "":
			names[pod.Spec.NodeName] = true
		case pod.Status.Phase == corev1.PodPending || pod.Status.Phase == "":
			unscheduled = true
		}
	}
	explains := g.Question == Explain || g.Question == Saving
	switch {
	case g.Question == Lint:
	case explains && (unscheduled || len(names) > fewGets || g.whole):
		if !g.lookNodes(ctx, k) && len(names) <= fallbackGets {
			g.want(ctx, k, "", slices.Sorted(maps.Keys(names))[:min(len(names), fewGets)])
		}
	case len(names) <= fewGets:
		g.want(ctx, k, "", slices.Sorted(maps.Keys(names)))
	}
}

func (g *gathering) lookNodes(ctx context.Context, k kind) bool { return g.look(ctx, query{kind: k}) }

// fetchVolumes reads the claims of pods, and where one is not bound, the storage
// classes.
func (g *gathering) fetchVolumes(ctx context.Context) {
	k, _ := kindOf(analyze.KindPVC)
	claims := map[string]map[string]bool{} // namespace → names
	for _, pod := range g.pods() {
		if g.whole && pod.Status.Phase != corev1.PodPending && g.Question != Saving {
			continue
		}
		for _, name := range claimsOf(pod) {
			if claims[pod.Namespace] == nil {
				claims[pod.Namespace] = map[string]bool{}
			}
			claims[pod.Namespace][name] = true
		}
	}
	if len(claims) == 0 {
		return
	}
	namespace := ""
	if len(claims) == 1 {
		namespace = slices.Collect(maps.Keys(claims))[0]
	}
	found, err := g.list(ctx, query{kind: k, namespace: namespace})
	switch {
	case err == nil:
		g.saw(k, namespace)
	case apierrors.IsForbidden(err) && namespace != "" && len(claims[namespace]) <= fewGets:
		g.want(ctx, k, namespace, slices.Sorted(maps.Keys(claims[namespace])))
	default:
		g.gap(gapFor(k, namespace, "", err))
	}
	g.fetchStorage(ctx, found, claims)
}

// fetchStorage reads the storage classes for claims that wait for a volume, and
// the volumes of a single pod that no node takes.
func (g *gathering) fetchStorage(ctx context.Context, found []*analyze.Object, claims map[string]map[string]bool) {
	var volumes []string
	unbound := false
	for _, o := range found {
		claim, ok := o.API.(*corev1.PersistentVolumeClaim)
		if !ok || !claims[o.Namespace][o.Name] {
			continue
		}
		if claim.Status.Phase != corev1.ClaimBound {
			unbound = true
		} else if claim.Spec.VolumeName != "" {
			volumes = append(volumes, claim.Spec.VolumeName)
		}
	}
	if unbound {
		k, _ := kindOf(analyze.KindStorage)
		g.look(ctx, query{kind: k})
	}
	pods := g.pods()
	if len(pods) == 1 && pods[0].Spec.NodeName == "" && len(volumes) <= fewGets {
		k, _ := kindOf(analyze.KindPV)
		g.want(ctx, k, "", volumes)
	}
}

// fetchEvents reads the events about one pod or node, or those of the namespace:
// a pod that waits for a volume is explained by the events of the claim.
func (g *gathering) fetchEvents(ctx context.Context, subjects []*analyze.Object) {
	k, _ := kindOf(analyze.KindEvent)
	q := query{kind: k, namespace: g.spaceOf(subjects)}
	if len(subjects) == 1 && len(g.targets) > 0 {
		o := subjects[0]
		pod, isPod := o.API.(*corev1.Pod)
		switch {
		case isPod && (pod.Status.Phase != corev1.PodPending || len(claimsOf(pod)) == 0):
			q.fields = "involvedObject.name=" + o.Name
		case o.GroupKind() == analyze.KindNode:
			q.namespace, q.fields = metav1.NamespaceDefault, "involvedObject.name="+o.Name
		}
	}
	g.look(ctx, q)
}
