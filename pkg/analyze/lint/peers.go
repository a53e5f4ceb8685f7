package lint

import (
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/selection"
)

// peers finds the objects that live beside another one in the cluster. An input
// may hold many clusters' worth of manifests: examples, or one object in
// variants for several environments. Therefore of several objects with one name
// the one written nearest counts, and unless the input is said to be complete,
// files far apart do not meet.
type peers struct {
	complete bool
	byKind   map[peerKey][]*analyze.Object
	byLabel  map[labelKey][]*analyze.Object // pod makers by each label of their pods
	byName   map[nameKey][]*analyze.Object
	inFile   map[placeKey]*analyze.Object // the first of a name in a file
	inFolder map[placeKey]bool
	scalers  map[nameKey][]*analyze.Object // by the target they name
	leading  map[nameKey][]*analyze.Object // Ingresses by the Services they lead to
	customs  map[string]*customs           // by namespace
	services analyze.SelectorIndex
	budgets  analyze.SelectorIndex
	// asked remembers the long answers about selectors, by question: in one file,
	// thousands of objects may ask the same.
	asked sync.Map
	// atHome remembers of each Service and budget whether it is settled.
	atHome sync.Map
}

type nameKey struct {
	kind      schema.GroupKind
	namespace string
	name      string
}

// A placeKey is a name in a file, or in a folder.
type placeKey struct {
	nameKey
	place string
}

type peerKey struct {
	kind      schema.GroupKind
	namespace string
}

type labelKey struct{ namespace, key, value string }

// maxDistance is how many folders up and down two files may be apart:
// deploy/web/app.yaml meets deploy/budgets/web.yaml.
const maxDistance = 2

func newPeers(s *analyze.Snapshot, without map[*analyze.Object]bool, complete bool) *peers {
	p := &peers{
		complete: complete, inFile: map[placeKey]*analyze.Object{}, inFolder: map[placeKey]bool{},
		byKind: map[peerKey][]*analyze.Object{}, byLabel: map[labelKey][]*analyze.Object{}, byName: map[nameKey][]*analyze.Object{},
		scalers: map[nameKey][]*analyze.Object{}, leading: map[nameKey][]*analyze.Object{}, customs: map[string]*customs{},
	}
	for _, o := range s.Objects() {
		if without[o] {
			continue
		}
		k := peerKey{o.GroupKind(), o.Namespace}
		p.byKind[k] = append(p.byKind[k], o)
		name := nameKey{k.kind, k.namespace, o.Name}
		if here := (placeKey{name, o.File}); p.inFile[here] == nil { // else nobody would ask for the second
			p.inFile[here] = o
			p.inFolder[placeKey{name, path.Dir(o.File)}] = true
			p.byName[name] = append(p.byName[name], o)
		}
		if owner, _, _ := s.Controller(o); owner != nil {
			continue // its owner stands for it
		}
		p.index(o)
	}
	return p
}

func (p *peers) index(o *analyze.Object) {
	if t, ok := analyze.PodTemplateOf(o.API); ok {
		for key, value := range t.Meta.Labels {
			k := labelKey{o.Namespace, key, value}
			p.byLabel[k] = append(p.byLabel[k], o)
		}
	}
	switch w := o.API.(type) {
	case *unstructured.Unstructured:
		if p.customs[o.Namespace] == nil {
			p.customs[o.Namespace] = &customs{}
		}
		p.customs[o.Namespace].add(o.GroupKind().Group, w)
	case *networkingv1.Ingress:
		for _, service := range backends(w) {
			k := nameKey{analyze.KindService, o.Namespace, service}
			p.leading[k] = append(p.leading[k], o)
		}
	case *corev1.Service:
		if len(w.Spec.Selector) > 0 {
			p.services.Add(o.Namespace, w.Spec.Selector, selectorFor(o), o)
		}
	case *policyv1.PodDisruptionBudget:
		if w.Spec.Selector != nil {
			p.budgets.Add(o.Namespace, w.Spec.Selector.MatchLabels, selectorFor(o), o)
		}
	case *autoscalingv2.HorizontalPodAutoscaler:
		p.scaler(o, w.Spec.ScaleTargetRef.Kind, w.Spec.ScaleTargetRef.Name)
	case *autoscalingv1.HorizontalPodAutoscaler:
		p.scaler(o, w.Spec.ScaleTargetRef.Kind, w.Spec.ScaleTargetRef.Name)
	}
}

// backends are the Services that an Ingress leads to, each once.
func backends(in *networkingv1.Ingress) []string {
	var out []string
	add := func(b *networkingv1.IngressBackend) {
		if b != nil && b.Service != nil && !slices.Contains(out, b.Service.Name) {
			out = append(out, b.Service.Name)
		}
	}
	add(in.Spec.DefaultBackend)
	for _, r := range in.Spec.Rules {
		if r.HTTP == nil {
			continue
		}
		for i := range r.HTTP.Paths {
			add(&r.HTTP.Paths[i].Backend)
		}
	}
	return out
}

// leadingTo lists the Ingresses that lead to a Service of o's namespace.
func (p *peers) leadingTo(service string, o *analyze.Object) []*analyze.Object {
	return p.nearest(p.leading[nameKey{analyze.KindService, o.Namespace, service}], o)
}

func (p *peers) scaler(o *analyze.Object, kind, name string) {
	k := nameKey{schema.GroupKind{Kind: kind}, o.Namespace, name}
	p.scalers[k] = append(p.scalers[k], o)
}

// of lists the objects of a kind in the namespace of o.
func (p *peers) of(gk schema.GroupKind, o *analyze.Object) []*analyze.Object {
	return p.nearest(p.byKind[peerKey{gk, o.Namespace}], o)
}

// named is the nearest object of a kind and name, or nil.
func (p *peers) named(gk schema.GroupKind, name string, o *analyze.Object) *analyze.Object {
	if found := p.inFile[placeKey{nameKey{gk, o.Namespace, name}, o.File}]; found != nil {
		return found
	}
	for _, found := range p.nearest(p.byName[nameKey{gk, o.Namespace, name}], o) {
		return found
	}
	return nil
}

// scaling lists the autoscalers of a workload.
func (p *peers) scaling(kind, name string, o *analyze.Object) []*analyze.Object {
	var out []*analyze.Object
	for _, a := range p.scalers[nameKey{schema.GroupKind{Kind: kind}, o.Namespace, name}] {
		if !p.elsewhere(a, o, labels.Nothing()) {
			out = append(out, a)
		}
	}
	return p.nearest(out, o)
}

// elsewhere says whether what selects or scales o has an object of its own,
// beside which o is a variant: o's namesake in its file, or in its folder if o is
// in another one, where a match of the selector is enough.
func (p *peers) elsewhere(by, o *analyze.Object, sel labels.Selector) bool {
	d := distance(by.File, o.File)
	if p.complete || d < 0 {
		return false
	}
	name := nameKey{o.GroupKind(), o.Namespace, o.Name}
	if d == 0 {
		return p.inFile[placeKey{name, by.File}] != nil
	}
	return p.inFolder[placeKey{name, path.Dir(by.File)}] || p.settled(by, sel)
}

// settled says whether what selects has something to select in its own folder.
func (p *peers) settled(by *analyze.Object, sel labels.Selector) bool {
	if known, ok := p.atHome.Load(by); ok {
		return known == true
	}
	matched, _ := p.byEquality(sel, by.Namespace)
	found := slices.ContainsFunc(matched, func(other *analyze.Object) bool {
		return distance(by.File, other.File) <= 0 && matchesPods(sel, other)
	})
	p.atHome.Store(by, found)
	return found
}

func matchesPods(sel labels.Selector, o *analyze.Object) bool {
	t, ok := analyze.PodTemplateOf(o.API)
	return ok && sel.Matches(labels.Set(t.Meta.Labels))
}

// A question about selectors, whose answer is the same for all objects of a file.
type question struct {
	index                *analyze.SelectorIndex // nil: which pods are selected
	namespace, set, file string
}

// remembered answers from memory; the function says whether its answer may be
// kept.
func (p *peers) remembered(q question, answer func() (list []*analyze.Object, keep bool)) []*analyze.Object {
	if known, ok := p.asked.Load(q); ok {
		if list, ok := known.([]*analyze.Object); ok {
			return list
		}
	}
	list, keep := answer()
	if keep {
		p.asked.Store(q, list)
	}
	return list
}

// many is from how many objects on an answer is worth remembering.
const many = 8

// selecting lists the Services or budgets that select the pod of a pass.
func (p *peers) selecting(index *analyze.SelectorIndex, o *analyze.Object, pass *analyze.Pass) []*analyze.Object {
	if !pass.IsPod {
		return nil
	}
	pod := labels.Set(pass.Pod.Meta.Labels)
	return p.remembered(question{index, o.Namespace, pod.String(), o.File}, func() ([]*analyze.Object, bool) {
		var out []*analyze.Object
		all := index.Matching(o.Namespace, pod)
		here := true // all in this file, where the name of o does not matter
		for _, s := range all {
			here = here && s.File == o.File
			if !p.elsewhere(s, o, selectorFor(s)) {
				out = append(out, s)
			}
		}
		return p.nearest(out, o), len(all) > many && (here || p.complete)
	})
}

// selectorFor is the selector of a Service or a budget.
func selectorFor(o *analyze.Object) labels.Selector {
	switch w := o.API.(type) {
	case *corev1.Service:
		return labels.SelectorFromSet(w.Spec.Selector)
	case *policyv1.PodDisruptionBudget:
		if sel, err := metav1.LabelSelectorAsSelector(w.Spec.Selector); err == nil {
			return sel
		}
	}
	return labels.Nothing()
}

// selected lists what makes pods that the selector matches, beside o.
func (p *peers) selected(sel labels.Selector, o *analyze.Object) []*analyze.Object {
	return p.remembered(question{nil, o.Namespace, sel.String(), o.File}, func() ([]*analyze.Object, bool) {
		candidates, ok := p.byEquality(sel, o.Namespace)
		if !ok {
			for _, gk := range podMakers() {
				candidates = append(candidates, p.byKind[peerKey{gk, o.Namespace}]...)
			}
		}
		var out []*analyze.Object
		for _, c := range candidates {
			if matchesPods(sel, c) {
				out = append(out, c)
			}
		}
		return p.nearest(out, o), len(candidates) > many
	})
}

// byEquality uses the index where the selector asks for a certain value.
func (p *peers) byEquality(sel labels.Selector, namespace string) ([]*analyze.Object, bool) {
	requirements, _ := sel.Requirements()
	for _, r := range requirements {
		if !equality(r.Operator()) {
			continue
		}
		if values := r.Values().List(); len(values) == 1 {
			return p.byLabel[labelKey{namespace, r.Key(), values[0]}], true
		}
	}
	return nil, false
}

// equality says whether the operator asks for one of certain values.
func equality(op selection.Operator) bool {
	return op == selection.Equals || op == selection.DoubleEquals || op == selection.In
}

func podMakers() []schema.GroupKind {
	return []schema.GroupKind{
		analyze.KindDeployment, analyze.KindStatefulSet, analyze.KindDaemonSet, analyze.KindReplicaSet,
		analyze.KindRC, analyze.KindJob, analyze.KindCronJob, analyze.KindPod,
	}
}

// nearest leaves out what is too far from o, and of several objects of one kind
// and name all but the nearest.
func (p *peers) nearest(list []*analyze.Object, o *analyze.Object) []*analyze.Object {
	var out []*analyze.Object
	at := map[string]int{}
	for _, c := range list {
		d := distance(c.File, o.File)
		if d > maxDistance && !p.complete {
			continue
		}
		key := c.Kind + "/" + c.Name
		i, seen := at[key]
		switch {
		case !seen:
			at[key] = len(out)
			out = append(out, c)
		case d < distance(out[i].File, o.File):
			out[i] = c
		}
	}
	return out
}

// distance counts the folders up and down between two files; -1 is the same file.
func distance(a, b string) int {
	if a == b {
		return -1
	}
	for {
		i, j := strings.IndexByte(a, '/'), strings.IndexByte(b, '/')
		if i < 0 || i != j || a[:i] != b[:j] {
			return strings.Count(a, "/") + strings.Count(b, "/")
		}
		a, b = a[i+1:], b[j+1:]
	}
}
