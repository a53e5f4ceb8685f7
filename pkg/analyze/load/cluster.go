package load

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/kubernetes/scheme"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// A gathering is one question put to a server.
type gathering struct {
	*plan
	*store
	// space is the namespace of the question; "" = all.
	space string
	// whole says that every kind of workload and pod was listed in space.
	whole bool
	// subjects that were fetched by name or type; nil where none was named.
	asked []*analyze.Object
}

// loadCluster fetches the subjects, then what explains them.
func loadCluster(ctx context.Context, p *plan) (*Result, error) {
	g, err := gather(ctx, p)
	if err != nil {
		return nil, err
	}
	snap, err := g.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	subjects := g.asked
	if len(p.targets) == 0 {
		subjects = p.unnamed(snap, g.space)
	}
	return &Result{Snapshot: snap, Subjects: subjects, Named: p.named(), FromCluster: true}, nil
}

func gather(ctx context.Context, p *plan) (*gathering, error) {
	if err := p.mustName(); err != nil {
		return nil, err
	}
	s, err := connect(p)
	if err != nil {
		return nil, err
	}
	g := &gathering{plan: p, store: newStore(s, p), space: s.namespace}
	if p.AllNamespaces {
		g.space = ""
	}
	if len(p.targets) > 0 {
		err = g.fetchTargets(ctx)
	} else {
		err = g.fetchAll(ctx)
	}
	if err != nil {
		return nil, err
	}
	g.fetchAround(ctx)
	return g, ctx.Err()
}

// mustName refuses to lint, or draw, a whole namespace that nobody asked for.
func (p *plan) mustName() error {
	if (p.Question != Lint && p.Question != Timeline) || len(p.targets) > 0 || p.AllNamespaces ||
		p.Namespace != "" || p.Selector != "" || p.FieldSelector != "" {
		return nil
	}
	return &UserError{
		Message: "nothing to work on: name a file, or an object of the cluster",
		Hints:   []string{hint("for example", "-f FILE"), hint("or", "deploy/NAME, or -n NAMESPACE for all in it")},
	}
}

// resolve finds the kind of a word; only words that are not built in need the
// server's discovery.
func (g *gathering) resolve(word string) (kind, error) {
	if k, ok := knownKind(word); ok {
		if k.GroupKind == kindSecret {
			return kind{}, &UserError{Message: "secrets are never read, and have no life cycle"}
		}
		return k, nil
	}
	mapper, err := g.mapper()
	if err != nil {
		return kind{}, g.failure(err, "list", kind{resource: word}, "", "")
	}
	m, err := mappingOf(mapper, strings.ToLower(word))
	switch {
	case meta.IsNoMatchError(err):
		return kind{}, unknownType(word, "the cluster has")
	case err != nil:
		return kind{}, g.failure(err, "list", kind{resource: word}, "", "")
	}
	return mapped(m), nil
}

// mappingOf reads "rollouts", "rollouts.argoproj.io", "rollouts.v1alpha1.argoproj.io".
func mappingOf(mapper meta.RESTMapper, word string) (*meta.RESTMapping, error) {
	full, short := schema.ParseResourceArg(word)
	var gvk schema.GroupVersionKind
	err := error(&meta.NoResourceMatchError{PartialResource: short.WithVersion("")})
	if full != nil {
		gvk, err = mapper.KindFor(*full)
	}
	if err != nil {
		gvk, err = mapper.KindFor(short.WithVersion(""))
	}
	if err != nil {
		return nil, err
	}
	return mapper.RESTMapping(gvk.GroupKind(), gvk.Version)
}

func mapped(m *meta.RESTMapping) kind {
	return kind{
		GroupKind: m.GroupVersionKind.GroupKind(), version: m.GroupVersionKind.Version, resource: m.Resource.Resource,
		clusterWide: m.Scope.Name() == meta.RESTScopeNameRoot, custom: !scheme.Scheme.Recognizes(m.GroupVersionKind),
	}
}

// fetchTargets reads what was named. It must be readable.
func (g *gathering) fetchTargets(ctx context.Context) error {
	kinds := make([]kind, len(g.targets))
	perKind := map[schema.GroupKind]int{}
	for i, t := range g.targets {
		k, err := g.resolve(t.word)
		if err != nil {
			return err
		}
		kinds[i] = k
		perKind[k.GroupKind]++
	}
	results := make([][]*analyze.Object, len(g.targets))
	errs := make([]error, len(g.targets))
	var wg sync.WaitGroup
	listed := map[schema.GroupKind]*manyNames{}
	for i, t := range g.targets {
		if k := kinds[i]; perKind[k.GroupKind] > manyTargets && t.name != "" {
			if listed[k.GroupKind] == nil {
				listed[k.GroupKind] = &manyNames{}
			}
			listed[k.GroupKind].add(i)
			continue
		}
		wg.Go(func() { results[i], errs[i] = g.fetchTarget(ctx, kinds[i], t.name) })
	}
	for _, many := range listed {
		wg.Go(func() { g.fetchMany(ctx, kinds[many.at[0]], many.at, results, errs) })
	}
	wg.Wait()
	if err := firstError(errs); err != nil {
		return err
	}
	seen := map[*analyze.Object]bool{}
	g.asked = []*analyze.Object{}
	for _, o := range slices.Concat(results...) {
		if !seen[o] {
			seen[o] = true
			g.asked = append(g.asked, o)
		}
	}
	return nil
}

// manyTargets is how many names of one kind are read one by one.
const manyTargets = 5

// manyNames are the places, among the targets, of names of one kind.
type manyNames struct{ at []int }

func (m *manyNames) add(i int) { m.at = append(m.at, i) }

func firstError(errs []error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// fetchTarget reads one object by name, or all of a kind that the selectors let
// through.
func (g *gathering) fetchTarget(ctx context.Context, k kind, name string) ([]*analyze.Object, error) {
	if name != "" && (g.space != "" || k.clusterWide) {
		o, err := g.get(ctx, k, g.space, name)
		if isMissing(err) {
			return nil, g.missing(ctx, k, name)
		}
		if err != nil {
			return nil, g.failure(err, "get", k, g.space, name)
		}
		return []*analyze.Object{o}, nil
	}
	q := query{kind: k, namespace: g.space, labels: g.Selector, fields: g.FieldSelector}
	if name != "" {
		q.fields = "metadata.name=" + name
	}
	found, err := g.list(ctx, q)
	if err != nil {
		return nil, g.failure(err, "list", k, g.space, "")
	}
	sortObjects(found)
	switch {
	case name == "":
		if g.Selector == "" && g.FieldSelector == "" {
			g.saw(k, g.space)
		}
		return found, nil
	case len(found) == 0:
		return nil, g.missing(ctx, k, name)
	case len(found) > 1:
		return nil, ambiguous(k, name, found)
	}
	return found, nil
}

// fetchMany reads many named objects of a kind with one list.
func (g *gathering) fetchMany(ctx context.Context, k kind, at []int, results [][]*analyze.Object, errs []error) {
	wanted := map[string][]int{}
	for _, i := range at {
		wanted[g.targets[i].name] = append(wanted[g.targets[i].name], i)
	}
	found, err := g.list(ctx, query{kind: k, namespace: g.space, keep: func(o metav1.Object) bool { return wanted[o.GetName()] != nil }})
	if err != nil {
		errs[at[0]] = g.failure(err, "list", k, g.space, "")
		return
	}
	for _, o := range found {
		for _, i := range wanted[o.Name] {
			results[i] = append(results[i], o)
		}
	}
	for _, i := range at {
		switch {
		case len(results[i]) == 0:
			errs[i] = g.missing(ctx, k, g.targets[i].name)
			return
		case len(results[i]) > 1:
			errs[i] = ambiguous(k, g.targets[i].name, results[i])
		}
	}
}

// fetchAll lists the workloads and pods of the namespace, one list per kind.
// What is forbidden is a gap, unless that leaves nothing.
func (g *gathering) fetchAll(ctx context.Context) error {
	kinds := append(workloadKinds(), analyze.KindPod)
	if g.fields != nil {
		kinds = []schema.GroupKind{analyze.KindPod}
	}
	var keep func(metav1.Object) bool
	if g.Question == Lint { // what a workload made is judged at the workload
		keep = func(o metav1.Object) bool { return metav1.GetControllerOfNoCopy(o) == nil }
	}
	errs := make([]error, len(kinds))
	var wg sync.WaitGroup
	for i, gk := range kinds {
		k, _ := kindOf(gk)
		wg.Go(func() {
			_, errs[i] = g.list(ctx, query{kind: k, namespace: g.space, labels: g.Selector, fields: g.FieldSelector, keep: keep})
		})
	}
	wg.Wait()
	g.whole = g.labels == nil && g.fields == nil && g.Question != Lint
	return g.judgeAll(kinds, errs)
}

// judgeAll says what the lists of fetchAll tell: what was seen, what is a gap,
// and whether there is anything to work on.
func (g *gathering) judgeAll(kinds []schema.GroupKind, errs []error) error {
	refused := 0
	for i, gk := range kinds {
		k, _ := kindOf(gk)
		switch err := errs[i]; {
		case err == nil:
			parts := gk == analyze.KindPod || gk == analyze.KindReplicaSet
			if g.whole || (g.Question == Lint && g.labels == nil && g.fields == nil && !parts) {
				g.saw(k, g.space)
			}
		case !isServerAnswer(err) && !isCut(err) && !isTimeout(err), apierrors.IsBadRequest(err):
			return g.failure(err, "list", k, g.space, "")
		default:
			refused++
			g.gap(gapFor(k, g.space, "", err))
		}
	}
	if refused < len(kinds) {
		return nil
	}
	last := len(kinds) - 1 // the pods
	k, _ := kindOf(kinds[last])
	return g.failure(errs[last], "list", k, g.space, "")
}

// missing says that the server does not know the object, and what may be meant.
func (g *gathering) missing(ctx context.Context, k kind, name string) error {
	in, flag := "", ""
	if g.space != "" && !k.clusterWide {
		in, flag = fmt.Sprintf(" in namespace %q", g.space), " -n "+g.space
	}
	e := &UserError{Message: fmt.Sprintf("%s %q not found%s", k.singular(), name, in), Cause: errNotFound}
	var candidates []string
	if here, err := g.names(ctx, query{kind: k, namespace: g.space}); err == nil {
		var names []string
		for _, n := range here {
			names = append(names, n.Name)
		}
		for _, n := range near(name, names) {
			candidates = append(candidates, k.singular()+"/"+n)
		}
	}
	if len(candidates) == 0 && in != "" {
		there, _ := g.names(ctx, query{kind: k, fields: "metadata.name=" + name}) // only a suggestion
		for _, n := range there {
			candidates = append(candidates, fmt.Sprintf("%s/%s -n %s", k.singular(), n.Name, n.Namespace))
		}
	}
	if len(candidates) > 0 {
		e.Hints = append(e.Hints, hint("did you mean", strings.Join(candidates[:min(3, len(candidates))], "   or   ")))
	}
	e.Hints = append(e.Hints, hint("see them all", "kubectl get "+k.String()+flag))
	return e
}

var errNotFound = errors.New("not found")

// sortObjects puts objects into an order that does not depend on the network:
// by kind, the most important first, then by namespace and name.
func sortObjects(objects []*analyze.Object) {
	rank := map[schema.GroupKind]int{}
	for i, k := range knownKinds() {
		rank[k.GroupKind] = i - len(knownKinds())
	}
	slices.SortFunc(objects, func(a, b *analyze.Object) int {
		return cmp.Or(cmp.Compare(rank[a.GroupKind()], rank[b.GroupKind()]), strings.Compare(a.APIVersion, b.APIVersion),
			strings.Compare(a.Kind, b.Kind), strings.Compare(a.Namespace, b.Namespace), strings.Compare(a.Name, b.Name))
	})
}
