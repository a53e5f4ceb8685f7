package load

import (
	"bytes"

	"go.yaml.in/yaml/v3"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// Aliases may make a document this many values or bytes larger, and this many
// times; beyond both it is refused before anything is expanded.
const (
	maxAliasNodes  = 100_000
	maxAliasBytes  = 16 << 20
	maxAliasFactor = 10
)

// checkAliases refuses texts that expand to very much more than is written.
func (t *yamlText) checkAliases(text []byte) *analyze.InputError {
	if !mayHold(text, '&') || !mayHold(text, '*') {
		return nil
	}
	d := t.doc()
	if d == nil {
		return nil // the decoder will say why
	}
	m := aliasMeter{sizes: map[*yaml.Node]weight{}}
	w := m.weigh(d.root, 0)
	if m.first == nil || w.nodes <= max(maxAliasNodes, maxAliasFactor*m.written) &&
		w.bytes <= float64(max(maxAliasBytes, maxAliasFactor*len(text))) {
		return nil
	}
	own, _ := d.ownSpan(m.first)
	own = d.absolute(own)
	return &analyze.InputError{
		Position: t.src.position(own.start, own.end),
		Message:  "refused: its aliases expand to very much more than is written (an \"alias bomb\")",
	}
}

// mayHold says whether the text may hold an anchor or alias: the sign in front of
// a name and behind something that ends a token.
func mayHold(text []byte, sign byte) bool {
	for at := 0; ; at++ {
		i := bytes.IndexByte(text[at:], sign)
		if i < 0 {
			return false
		}
		at += i
		before := at == 0 || isSpace(text[at-1]) || bytes.IndexByte([]byte("[{,:"), text[at-1]) >= 0
		if before && at+1 < len(text) && !isSpace(text[at+1]) && bytes.IndexByte([]byte("&*/\"'"), text[at+1]) < 0 {
			return true
		}
	}
}

// weight is how much a node stands for; floats, because bombs overflow integers.
type weight struct{ nodes, bytes float64 }

type aliasMeter struct {
	sizes   map[*yaml.Node]weight
	written float64
	first   *yaml.Node // the first alias
}

func (m *aliasMeter) weigh(n *yaml.Node, depth int) weight {
	if n == nil || depth > maxTreeDepth {
		return weight{}
	}
	if n.Kind == yaml.AliasNode {
		if m.first == nil {
			m.first = n
		}
		w, done := m.sizes[n.Alias]
		if !done {
			return weight{1, 1} // an alias inside its own anchor; the decoder refuses it
		}
		return w
	}
	m.written++
	w := weight{1, float64(len(n.Value))}
	for _, c := range n.Content {
		cw := m.weigh(c, depth+1)
		w.nodes += cw.nodes
		w.bytes += cw.bytes
	}
	if n.Anchor != "" {
		m.sizes[n] = w
	}
	return w
}
