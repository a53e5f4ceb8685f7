package explain

import (
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// A world is a snapshot with the indexes that many explanations share. It is
// built once per call and not changed afterwards.
type world struct {
	s        *analyze.Snapshot
	opt      Options
	now      time.Time
	nodes    map[string]*analyze.Object
	budgets  map[string][]budget  // by namespace
	services map[string][]service // by namespace
	slices   map[nsName][]*discoveryv1.EndpointSlice
}

type nsName struct{ namespace, name string }

type budget struct {
	o        *analyze.Object
	pdb      *policyv1.PodDisruptionBudget
	selector labels.Selector
}

type service struct {
	o        *analyze.Object
	svc      *corev1.Service
	selector labels.Selector
}

func newWorld(s *analyze.Snapshot, opt Options) *world {
	w := &world{
		s: s, opt: opt, now: s.Taken,
		nodes: map[string]*analyze.Object{}, budgets: map[string][]budget{},
		services: map[string][]service{}, slices: map[nsName][]*discoveryv1.EndpointSlice{},
	}
	for _, o := range s.Of(analyze.KindNode, "") {
		w.nodes[o.Name] = o
	}
	for _, o := range s.Of(analyze.KindPDB, "") {
		w.addBudget(o)
	}
	for _, o := range s.Of(analyze.KindService, "") {
		if svc, ok := o.API.(*corev1.Service); ok && len(svc.Spec.Selector) > 0 {
			w.services[o.Namespace] = append(w.services[o.Namespace], service{o, svc, labels.SelectorFromSet(svc.Spec.Selector)})
		}
	}
	for _, slice := range analyze.All[*discoveryv1.EndpointSlice](s, analyze.KindEndpoints, "") {
		key := nsName{slice.Namespace, slice.Labels[discoveryv1.LabelServiceName]}
		w.slices[key] = append(w.slices[key], slice)
	}
	return w
}

// addBudget keeps budgets whose selector can be read; nil selects nothing, {}
// selects every pod (C280).
func (w *world) addBudget(o *analyze.Object) {
	pdb, ok := o.API.(*policyv1.PodDisruptionBudget)
	if !ok {
		return
	}
	sel, err := metav1.LabelSelectorAsSelector(pdb.Spec.Selector)
	if err != nil {
		return
	}
	w.budgets[o.Namespace] = append(w.budgets[o.Namespace], budget{o, pdb, sel})
}

// budgetsOf are the budgets that select a pod.
func (w *world) budgetsOf(pod *corev1.Pod) []budget {
	var out []budget
	for _, b := range w.budgets[pod.Namespace] {
		if b.selector.Matches(labels.Set(pod.Labels)) {
			out = append(out, b)
		}
	}
	return out
}

// servicesOf are the services that select a pod.
func (w *world) servicesOf(pod *corev1.Pod) []service {
	var out []service
	for _, s := range w.services[pod.Namespace] {
		if s.selector.Matches(labels.Set(pod.Labels)) {
			out = append(out, s)
		}
	}
	return out
}

// node is the Node object of that name, or nil where it is not in the snapshot.
func (w *world) node(name string) *corev1.Node {
	if o := w.nodes[name]; o != nil {
		n, _ := o.API.(*corev1.Node)
		return n
	}
	return nil
}

func (w *world) nodeRef(name string) analyze.Ref {
	if o := w.nodes[name]; o != nil {
		return o.Ref
	}
	return analyze.Ref{APIVersion: "v1", Kind: "Node", Name: name}
}

// find is the object of that kind and name, and whether its absence would be a fact.
func (w *world) find(gk schema.GroupKind, namespace, name string) (o *analyze.Object, known bool) {
	for _, o := range w.s.Of(gk, namespace) {
		if o.Name == name && o.Namespace == namespace {
			return o, true
		}
	}
	return nil, w.s.Sees(gk, namespace)
}

// since is how long ago a moment is; zero for an unknown or future moment.
func (w *world) since(t time.Time) time.Duration {
	if t.IsZero() || t.After(w.now) {
		return 0
	}
	return w.now.Sub(t)
}

// podsOf lists the pods that the object controls: directly, or through the
// ReplicaSets or Jobs it controls.
func (w *world) podsOf(o *analyze.Object) []*analyze.Object {
	var out []*analyze.Object
	for _, child := range w.s.Owned(o.UID) {
		if !controlledBy(child, o) {
			continue
		}
		switch child.API.(type) {
		case *corev1.Pod:
			out = append(out, child)
		default:
			out = append(out, w.podsOf(child)...)
		}
	}
	return out
}

// childrenOf lists the objects of a kind that the object controls.
func (w *world) childrenOf(o *analyze.Object, gk schema.GroupKind) []*analyze.Object {
	var out []*analyze.Object
	for _, child := range w.s.Owned(o.UID) {
		if child.GroupKind() == gk && controlledBy(child, o) {
			out = append(out, child)
		}
	}
	return out
}

func controlledBy(child, owner *analyze.Object) bool {
	if child.Meta == nil {
		return false
	}
	c := metav1.GetControllerOfNoCopy(child.Meta)
	return c != nil && c.UID == owner.UID
}

// replicaSetsOf are the ReplicaSets of a Deployment, and which of them is the
// new one: the one with the highest revision (C47).
func (w *world) replicaSetsOf(o *analyze.Object) (all []*appsv1.ReplicaSet, refs map[*appsv1.ReplicaSet]*analyze.Object) {
	refs = map[*appsv1.ReplicaSet]*analyze.Object{}
	for _, child := range w.childrenOf(o, analyze.KindReplicaSet) {
		if rs, ok := child.API.(*appsv1.ReplicaSet); ok {
			all = append(all, rs)
			refs[rs] = child
		}
	}
	return all, refs
}
