package analyze

import (
	"cmp"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
)

// A Snapshot is all that is known at one instant. Nothing changes it once it is
// built; its methods may be called from many goroutines.
type Snapshot struct {
	// Taken is the only "now" there is. TakenFrom says where it comes from:
	// "--clock", "the clock", "the newest time in the input".
	Taken     time.Time
	TakenFrom string
	// Version is what decides version-dependent behaviour.
	Version Version
	// Gaps are what could not be seen, in the order they were met.
	Gaps []Gap

	objects  []*Object
	byKind   map[schema.GroupKind]map[string][]*Object // kind → namespace → objects
	kinds    map[schema.GroupKind][]*Object            // of all namespaces, sorted by them
	byName   map[nameKey][]*Object
	byUID    map[types.UID]*Object
	children map[types.UID][]*Object
	events   map[eventKey][]*corev1.Event
	services SelectorIndex
	slices   map[podKey][]*Object // EndpointSlices by the pods they list
	know     Knowledge
}

type podKey struct{ namespace, name string }

type nameKey struct {
	kind            schema.GroupKind
	namespace, name string
}

type eventKey struct{ kind, namespace, name string }

// Knowledge says of which kinds a snapshot holds everything there is.
type Knowledge struct {
	// Complete: the input is all there is (--complete).
	Complete bool
	// Listed are the kinds that were listed without error, with the namespaces
	// they were listed in; "" stands for all namespaces.
	Listed map[schema.GroupKind][]string
}

// A SnapshotInput is what load hands over.
type SnapshotInput struct {
	Taken     time.Time
	TakenFrom string
	Version   Version
	Objects   []*Object
	Gaps      []Gap
	Knowledge Knowledge
}

// NewSnapshot indexes the objects. The slices and objects belong to the
// snapshot from now on.
func NewSnapshot(in SnapshotInput) *Snapshot {
	s := &Snapshot{
		Taken: in.Taken, TakenFrom: in.TakenFrom, Version: in.Version, Gaps: in.Gaps,
		objects:  in.Objects,
		byKind:   map[schema.GroupKind]map[string][]*Object{},
		kinds:    map[schema.GroupKind][]*Object{},
		byName:   map[nameKey][]*Object{},
		byUID:    map[types.UID]*Object{},
		children: map[types.UID][]*Object{},
		events:   map[eventKey][]*corev1.Event{},
		slices:   map[podKey][]*Object{},
		know:     in.Knowledge,
	}
	for _, o := range in.Objects {
		s.index(o)
	}
	for _, list := range s.kinds {
		slices.SortStableFunc(list, func(a, b *Object) int { return cmp.Compare(a.Namespace, b.Namespace) })
	}
	for _, list := range s.events {
		slices.SortStableFunc(list, func(a, b *corev1.Event) int { return EventTime(a).Compare(EventTime(b)) })
	}
	return s
}

func (s *Snapshot) index(o *Object) {
	gk := o.GroupKind()
	if s.byKind[gk] == nil {
		s.byKind[gk] = map[string][]*Object{}
	}
	s.byKind[gk][o.Namespace] = append(s.byKind[gk][o.Namespace], o)
	s.kinds[gk] = append(s.kinds[gk], o)
	name := nameKey{gk, o.Namespace, o.Name}
	s.byName[name] = append(s.byName[name], o)
	if o.UID != "" {
		s.byUID[o.UID] = o
	}
	if o.Meta != nil {
		for _, owner := range o.Meta.GetOwnerReferences() {
			s.children[owner.UID] = append(s.children[owner.UID], o)
		}
	}
	switch a := o.API.(type) {
	case *corev1.Event:
		k := eventKey{a.InvolvedObject.Kind, a.InvolvedObject.Namespace, a.InvolvedObject.Name}
		s.events[k] = append(s.events[k], a)
	case *corev1.Service:
		if len(a.Spec.Selector) > 0 {
			s.services.Add(o.Namespace, a.Spec.Selector, labels.SelectorFromSet(a.Spec.Selector), o)
		}
	case *discoveryv1.EndpointSlice:
		s.indexSlice(o, a)
	}
}

func (s *Snapshot) indexSlice(o *Object, slice *discoveryv1.EndpointSlice) {
	for _, e := range slice.Endpoints {
		if e.TargetRef == nil || e.TargetRef.Kind != "Pod" {
			continue
		}
		k := podKey{o.Namespace, e.TargetRef.Name}
		if list := s.slices[k]; len(list) == 0 || list[len(list)-1] != o {
			s.slices[k] = append(list, o)
		}
	}
}

// SlicesOf lists the EndpointSlices that list the pod as an endpoint, in the
// order of the input.
func (s *Snapshot) SlicesOf(namespace, pod string) []*Object { return s.slices[podKey{namespace, pod}] }

// Objects are all objects in the order of the input.
func (s *Snapshot) Objects() []*Object { return s.objects }

// ByUID finds an object by its UID, or returns nil.
func (s *Snapshot) ByUID(uid types.UID) *Object { return s.byUID[uid] }

// Get finds an object by kind, namespace and name (and UID where both have
// one), or returns nil.
func (s *Snapshot) Get(r Ref) *Object {
	for _, o := range s.byName[nameKey{r.GroupKind(), r.Namespace, r.Name}] {
		if o.Same(r) {
			return o
		}
	}
	return nil
}

// Of lists the objects of a kind in a namespace, in the order of the input;
// namespace "" lists those of all namespaces, sorted by namespace.
func (s *Snapshot) Of(gk schema.GroupKind, namespace string) []*Object {
	if namespace != "" {
		return s.byKind[gk][namespace]
	}
	return s.kinds[gk]
}

// Owned lists the objects that have an ownerReference to the object's UID.
func (s *Snapshot) Owned(uid types.UID) []*Object {
	if uid == "" {
		return nil
	}
	return s.children[uid]
}

// Controller finds the object's controlling owner: the one reference with
// controller=true, resolved by UID (C1, C2). found is false when it has none;
// the Object is nil when it has one that the snapshot does not hold.
func (s *Snapshot) Controller(o *Object) (owner *Object, ref metav1.OwnerReference, found bool) {
	if o.Meta == nil {
		return nil, metav1.OwnerReference{}, false
	}
	c := metav1.GetControllerOfNoCopy(o.Meta)
	if c == nil {
		return nil, metav1.OwnerReference{}, false
	}
	return s.byUID[c.UID], *c, true
}

// Selected lists the objects of a kind in a namespace whose labels match.
func (s *Snapshot) Selected(gk schema.GroupKind, namespace string, sel labels.Selector) []*Object {
	var out []*Object
	for _, o := range s.Of(gk, namespace) {
		if o.Meta != nil && sel.Matches(labels.Set(o.Meta.GetLabels())) {
			out = append(out, o)
		}
	}
	return out
}

// Events lists the events about an object, oldest first. Events of an earlier
// object of the same name are left out.
func (s *Snapshot) Events(r Ref) []*corev1.Event {
	var out []*corev1.Event
	keys := []eventKey{{r.Kind, r.Namespace, r.Name}}
	if r.Namespace == "" { // events about nodes live in "default" but involve no namespace
		keys = append(keys, eventKey{r.Kind, "default", r.Name})
	}
	for _, k := range keys {
		for _, e := range s.events[k] {
			// For nodes, kubelets of many versions write the node's name as UID.
			uid := e.InvolvedObject.UID
			if r.UID == "" || uid == "" || uid == r.UID || string(uid) == r.Name {
				out = append(out, e)
			}
		}
	}
	return out
}

// Sees says whether the snapshot holds every object of the kind in the
// namespace ("" = all namespaces), so that what is not there does not exist.
func (s *Snapshot) Sees(gk schema.GroupKind, namespace string) bool {
	if s.know.Complete {
		return true
	}
	namespaces, ok := s.know.Listed[gk]
	return ok && (slices.Contains(namespaces, "") || (namespace != "" && slices.Contains(namespaces, namespace)))
}

// All lists the typed objects of T's type in a namespace ("" = all).
func All[T runtime.Object](s *Snapshot, gk schema.GroupKind, namespace string) []T {
	var out []T
	for _, o := range s.Of(gk, namespace) {
		if t, ok := o.API.(T); ok {
			out = append(out, t)
		}
	}
	return out
}

// EventTime is the newest moment an event stands for.
func EventTime(e *corev1.Event) time.Time {
	t := e.LastTimestamp.Time
	if e.Series != nil && e.Series.LastObservedTime.After(t) {
		t = e.Series.LastObservedTime.Time
	}
	if e.EventTime.After(t) {
		t = e.EventTime.Time
	}
	if t.IsZero() {
		t = e.CreationTimestamp.Time
	}
	return t
}
