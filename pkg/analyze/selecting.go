package analyze

import (
	"cmp"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// A SelectorIndex finds which of many selectors match a set of labels without
// trying them all. Add is not safe for several goroutines, Matching is.
type SelectorIndex struct {
	byPair map[labelPair][]selecting
	size   int
}

type labelPair struct{ namespace, key, value string }

type selecting struct {
	place int // in the order of Add
	sel   labels.Selector
	by    *Object
}

// Add takes in an object of a namespace and its selector. pairs are labels that
// the selector asks for, perhaps beside others.
func (x *SelectorIndex) Add(namespace string, pairs map[string]string, sel labels.Selector, by *Object) {
	if x.byPair == nil {
		x.byPair = map[labelPair][]selecting{}
	}
	k := labelPair{namespace: namespace}
	if len(pairs) > 0 {
		k.key = slices.Min(slices.Collect(maps.Keys(pairs)))
		k.value = pairs[k.key]
	}
	x.byPair[k] = append(x.byPair[k], selecting{x.size, sel, by})
	x.size++
}

// Matching lists the objects of the namespace whose selectors match the labels,
// in the order in which they were added.
func (x *SelectorIndex) Matching(namespace string, set labels.Set) []*Object {
	var found []selecting
	try := func(k labelPair) {
		for _, s := range x.byPair[k] {
			if s.sel.Matches(set) {
				found = append(found, s)
			}
		}
	}
	try(labelPair{namespace: namespace})
	for key, value := range set {
		try(labelPair{namespace, key, value})
	}
	if len(found) == 0 {
		return nil
	}
	slices.SortFunc(found, func(a, b selecting) int { return cmp.Compare(a.place, b.place) })
	out := make([]*Object, len(found))
	for i, f := range found {
		out[i] = f.by
	}
	return out
}

// ServicesOf lists the Services of the namespace whose selector matches the
// labels of a pod, in the order of the input. One without a selector, or of type
// ExternalName, selects nothing (C250).
func (s *Snapshot) ServicesOf(namespace string, pod labels.Set) []*corev1.Service {
	var out []*corev1.Service
	for _, o := range s.services.Matching(namespace, pod) {
		if svc, ok := o.API.(*corev1.Service); ok && svc.Spec.Type != corev1.ServiceTypeExternalName {
			out = append(out, svc)
		}
	}
	return out
}
