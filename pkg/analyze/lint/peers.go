package lint

import (
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// peers finds the objects that live beside another one in the cluster.
type peers map[peerKey][]*analyze.Object

type peerKey struct {
	kind      schema.GroupKind
	namespace string
}

func newPeers(s *analyze.Snapshot) peers {
	p := peers{}
	for _, o := range s.Objects() {
		k := peerKey{o.GroupKind(), o.Namespace}
		p[k] = append(p[k], o)
	}
	return p
}

// of lists the objects of a kind in the namespace of o. An input may hold one
// object several times, as variants for several environments: then the one
// written nearest to o counts, and the others never meet o.
func (p peers) of(gk schema.GroupKind, o *analyze.Object) []*analyze.Object {
	all := p[peerKey{gk, o.Namespace}]
	if len(all) < 2 {
		return all
	}
	best := make(map[string]*analyze.Object, len(all))
	for _, c := range all {
		if b := best[c.Name]; b == nil || nearness(c.File, o.File) > nearness(b.File, o.File) {
			best[c.Name] = c
		}
	}
	if len(best) == len(all) {
		return all
	}
	out := make([]*analyze.Object, 0, len(best))
	for _, c := range all {
		if best[c.Name] == c {
			out = append(out, c)
		}
	}
	return out
}

// nearness counts the folders two files share; the same file is nearest of all.
func nearness(a, b string) int {
	if a == b {
		return 1 << 20
	}
	n := 0
	for {
		i, j := strings.IndexByte(a, '/'), strings.IndexByte(b, '/')
		if i < 0 || i != j || a[:i] != b[:j] {
			return n
		}
		n, a, b = n+1, a[i+1:], b[j+1:]
	}
}
