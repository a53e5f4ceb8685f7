package load

import (
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// A resolver finds the kind that a word on the command line means.
type resolver func(word string) (kind, error)

// offlineKinds knows the built-in kinds and those of the input.
func offlineKinds(s *analyze.Snapshot) resolver {
	return func(word string) (kind, error) {
		if k, ok := knownKind(word); ok {
			return k, nil
		}
		seen := map[schema.GroupKind]bool{}
		for _, o := range s.Objects() {
			if gk := o.GroupKind(); !seen[gk] {
				seen[gk] = true
				if k := customKind(schema.FromAPIVersionAndKind(o.APIVersion, o.Kind)); k.named(word) {
					return k, nil
				}
			}
		}
		return kind{}, unknownType(word, "the input has")
	}
}

// subjects finds what was asked for in the snapshot.
func (p *plan) subjects(s *analyze.Snapshot, namespace string, resolve resolver) ([]*analyze.Object, error) {
	if len(p.targets) == 0 {
		return p.unnamed(s, namespace), nil
	}
	var out []*analyze.Object
	seen := map[*analyze.Object]bool{}
	for _, t := range p.targets {
		k, err := resolve(t.word)
		if err != nil {
			return nil, err
		}
		found, err := p.target(s, namespace, k, t)
		if err != nil {
			return nil, err
		}
		for _, o := range found {
			if !seen[o] {
				seen[o] = true
				out = append(out, o)
			}
		}
	}
	return out, nil
}

// target finds one object by name, or all of a type.
func (p *plan) target(s *analyze.Snapshot, namespace string, k kind, t target) ([]*analyze.Object, error) {
	var found []*analyze.Object
	for _, o := range s.Of(k.GroupKind, "") {
		if inNamespace(o, namespace) && (t.name == "" || o.Name == t.name) && p.matches(o) {
			found = append(found, o)
		}
	}
	if t.name == "" {
		return found, nil
	}
	found = slices.CompactFunc(found, func(a, b *analyze.Object) bool { return a.UID != "" && a.UID == b.UID })
	switch len(found) {
	case 0:
		return nil, p.notFound(s, namespace, k, t.name)
	case 1:
		return found, nil
	}
	return nil, ambiguous(k, t.name, found)
}

// unnamed are the subjects where none was named: for lint everything, for a
// field selector the pods it selects (it knows no other fields), else the
// workloads and pods at the roots of the ownership trees.
func (p *plan) unnamed(s *analyze.Snapshot, namespace string) []*analyze.Object {
	var found []*analyze.Object
	for _, o := range s.Objects() {
		if inNamespace(o, namespace) && p.isSubject(o) && p.matches(o) {
			found = append(found, o)
		}
	}
	if p.Question == Lint || p.fields != nil {
		return found
	}
	if len(found) == 0 && p.Question != Timeline {
		return lonely(s, namespace, p.matches)
	}
	return roots(s, found)
}

func (p *plan) isSubject(o *analyze.Object) bool {
	gk := o.GroupKind()
	switch {
	case p.fields != nil:
		return gk == analyze.KindPod
	case p.Question == Lint:
		return true
	case p.Question == Timeline && gk == (schema.GroupKind{Kind: "PodTemplate"}):
		return true
	}
	return gk == analyze.KindPod || isWorkload(gk)
}

// lonely are nodes and budgets of an input that has neither pods nor workloads.
func lonely(s *analyze.Snapshot, namespace string, matches func(*analyze.Object) bool) []*analyze.Object {
	var found []*analyze.Object
	for _, o := range s.Objects() {
		gk := o.GroupKind()
		if (gk == analyze.KindNode || gk == analyze.KindPDB) && inNamespace(o, namespace) && matches(o) {
			found = append(found, o)
		}
	}
	return found
}

// roots climbs from each object to the topmost workload that controls it, and
// keeps the order of the input.
func roots(s *analyze.Snapshot, found []*analyze.Object) []*analyze.Object {
	var out []*analyze.Object
	seen := map[*analyze.Object]bool{}
	for _, o := range found {
		if r := rootOf(s, o); !seen[r] {
			seen[r] = true
			out = append(out, r)
		}
	}
	return out
}

func rootOf(s *analyze.Snapshot, o *analyze.Object) *analyze.Object {
	for range maxHops {
		owner, _, _ := s.Controller(o)
		if owner == nil || !isWorkload(owner.GroupKind()) {
			return o
		}
		o = owner
	}
	return o
}

// maxHops ends the climb where ownerReferences form a ring.
const maxHops = 8

func ambiguous(k kind, name string, found []*analyze.Object) error {
	var places, choices []string
	for _, o := range found {
		place := o.Namespace
		if !slices.ContainsFunc(found, func(x *analyze.Object) bool { return x != o && x.Namespace == o.Namespace }) && place != "" {
			choices = append(choices, "-n "+place)
			places = append(places, fmt.Sprintf("namespace %q", place))
			continue
		}
		pos, _ := o.At(nil)
		if pos.IsZero() {
			pos.File = o.File
		}
		places = append(places, pos.String())
	}
	e := &UserError{Message: fmt.Sprintf("%s %q is there %d times: %s", k.singular(), name, len(found), strings.Join(places, ", "))}
	if len(choices) > 0 {
		e.Hints = append(e.Hints, hint("choose one", strings.Join(choices, "   or   ")))
	}
	return e
}
