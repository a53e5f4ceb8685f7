package load

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// near orders the candidates that could have been meant by a mistyped word, best
// first: those that begin with it, contain it, or differ by a few letters.
func near(word string, candidates []string) []string {
	type scored struct {
		text string
		far  int
	}
	var hits []scored
	for _, c := range candidates {
		if far, ok := distance(strings.ToLower(word), strings.ToLower(c)); ok {
			hits = append(hits, scored{c, far})
		}
	}
	slices.SortStableFunc(hits, func(a, b scored) int {
		return cmp.Or(cmp.Compare(a.far, b.far), cmp.Compare(a.text, b.text))
	})
	var out []string
	for _, h := range hits {
		out = append(out, h.text)
	}
	return slices.Compact(out)
}

// distance says how far a candidate is from the word, and whether it is near
// enough to be suggested at all.
func distance(word, candidate string) (int, bool) {
	if word == "" || candidate == "" {
		return 0, false
	}
	edits := editDistance(word, candidate)
	switch {
	case edits <= max(1, len(word)/4):
		return edits, true
	case strings.HasPrefix(candidate, word):
		return 100, true
	case len(candidate) >= 3 && strings.HasPrefix(word, candidate):
		return 200, true
	case len(word) >= 3 && strings.Contains(candidate, word):
		return 300, true
	case sharedPrefix(word, candidate) >= max(4, len(word)/2):
		return 400 - sharedPrefix(word, candidate), true
	}
	return 0, false
}

func sharedPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// editDistance counts letters inserted, dropped, changed or swapped with their
// neighbour.
func editDistance(a, b string) int {
	const longest = 253 // of a Kubernetes name
	a, b = a[:min(len(a), longest)], b[:min(len(b), longest)]
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, rows[i-2][j-2]+1)
			}
			rows[i][j] = d
		}
	}
	return rows[len(a)][len(b)]
}

func unknownType(word, who string) error {
	var words []string
	for _, k := range knownKinds() {
		words = append(words, k.singular(), k.resource)
	}
	e := &UserError{Message: fmt.Sprintf("%s no resource type %q", who, word)}
	if hits := near(word, words); len(hits) > 0 {
		e.Hints = append(e.Hints, hint("did you mean", strings.Join(hits[:min(2, len(hits))], "   or   ")))
	}
	return e
}

// notFound says that the input does not hold the object, and what it may be.
func (p *plan) notFound(s *analyze.Snapshot, namespace string, k kind, name string) error {
	where := p.input()
	if namespace != "" {
		where = fmt.Sprintf("namespace %q of %s", namespace, where)
	}
	e := &UserError{Message: fmt.Sprintf("%s %q not found in %s", k.singular(), name, where)}
	var same, other, elsewhere []string
	for _, o := range s.Objects() {
		switch {
		case o.GroupKind() == k.GroupKind && o.Name == name:
			elsewhere = append(elsewhere, fmt.Sprintf("%s -n %s", o.Ref, o.Namespace))
		case o.GroupKind() == k.GroupKind:
			same = append(same, o.Name)
		case isWorkload(o.GroupKind()) || o.GroupKind() == analyze.KindPod:
			if o.Name == name && inNamespace(o, namespace) && !slices.Contains(other, o.String()) {
				other = append(other, o.String())
			}
		}
	}
	candidates := append(elsewhere, other...)
	for _, n := range near(name, same) {
		candidates = append(candidates, k.singular()+"/"+n)
	}
	if len(candidates) > 0 {
		e.Hints = append(e.Hints, hint("did you mean", strings.Join(candidates[:min(3, len(candidates))], "   or   ")))
	}
	slices.Sort(same)
	if same = slices.Compact(same); len(same) > 0 && len(candidates) == 0 {
		e.Hints = append(e.Hints, hint("it holds", strings.Join(abbreviated(k, same), "   ")))
	}
	e.Hints = append(e.Hints, p.seeAll(k, namespace))
	return e
}

// seeAll is the command that shows what is there.
func (p *plan) seeAll(k kind, namespace string) string {
	command := "kubectl get " + k.String()
	switch {
	case p.fromFiles() && slices.Contains(p.Filenames, "-"), p.Kustomize != "":
	case p.fromFiles():
		command = "kubectl lifecycle explain -f " + strings.Join(p.Filenames, " -f ")
	}
	if namespace != "" {
		command += " -n " + namespace
	}
	return hint("see them all", command)
}

func abbreviated(k kind, names []string) []string {
	var out []string
	for i, n := range names {
		if i == 3 {
			out = append(out, fmt.Sprintf("… %d more", len(names)-i))
			break
		}
		out = append(out, k.singular()+"/"+n)
	}
	return out
}

// nothingFound says that there is nothing the question could be about.
func (p *plan) nothingFound(s *analyze.Snapshot) error {
	what := "pods or workloads"
	if len(p.targets) > 0 {
		var words []string
		for _, t := range p.targets {
			words = append(words, t.word)
		}
		what = strings.Join(words, ", ")
	}
	where := p.input()
	if ns := p.namespace(); ns != "" {
		where = fmt.Sprintf("namespace %q of %s", ns, where)
	}
	if p.labels != nil || p.fields != nil {
		what += " that the selector selects"
	}
	e := &UserError{Message: fmt.Sprintf("no %s in %s", what, where)}
	if kinds := countKinds(s); kinds != "" {
		e.Hints = append(e.Hints, hint("it holds", kinds))
	}
	return e
}

func countKinds(s *analyze.Snapshot) string {
	count := map[string]int{}
	var order []string
	for _, o := range s.Objects() {
		if count[o.Kind] == 0 {
			order = append(order, o.Kind)
		}
		count[o.Kind]++
	}
	var out []string
	for i, k := range order {
		if i == 6 {
			out = append(out, "…")
			break
		}
		out = append(out, fmt.Sprintf("%d %s", count[k], k))
	}
	return strings.Join(out, ", ")
}
