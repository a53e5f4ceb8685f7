package load

import (
	"bytes"
	"slices"
	"sync"
	"unicode/utf8"
	"weak"

	"go.yaml.in/yaml/v3"
)

// A yamlText is the text of one YAML document, or of one item of a list. The
// node tree is about ten times as large as the text, so it is held only as long
// as memory is not wanted for something else.
type yamlText struct {
	src  *source
	text span
	// dash is the offset of the "-" in front of an item that is read by itself;
	// -1 for a whole document.
	dash int

	mu     sync.Mutex
	cached weak.Pointer[yamlDoc]
}

// A yamlDoc is a parsed text. Nodes know lines and columns, counted the way the
// YAML library does; lines turns them into offsets.
type yamlDoc struct {
	text  []byte
	base  int
	lines []int
	root  *yaml.Node
}

// bytes is the text as the parsers must see it: a list's item without its dash.
func (t *yamlText) bytes() []byte {
	raw := t.src.slice(t.text)
	if t.dash < 0 || len(raw) == 0 {
		return raw
	}
	raw = bytes.Clone(raw)
	raw[t.dash-t.text.start] = ' '
	return raw
}

// doc parses the text; nil if the library cannot.
func (t *yamlText) doc() *yamlDoc {
	t.mu.Lock()
	defer t.mu.Unlock()
	if d := t.cached.Value(); d != nil {
		return d
	}
	d := &yamlDoc{text: t.bytes(), base: t.text.start}
	var root yaml.Node
	if err := yaml.Unmarshal(d.text, &root); err != nil || len(root.Content) == 0 {
		return nil
	}
	d.root, d.lines = root.Content[0], breakOffsets(d.text)
	t.cached = weak.Make(d)
	return d
}

// root is the tree of the whole text.
func (t *yamlText) root() (tree, bool) {
	d := t.doc()
	if d == nil {
		return nil, false
	}
	return yamlTree{doc: d, node: d.root}, true
}

// breakOffsets lists where lines start. YAML 1.1 also breaks lines at a lone CR,
// at NEL, LS and PS, and the library counts them.
func breakOffsets(text []byte) []int {
	out := make([]int, 1, bytes.Count(text, []byte{'\n'})+2)
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\n':
			out = append(out, i+1)
		case '\r':
			if i+1 == len(text) || text[i+1] != '\n' {
				out = append(out, i+1)
			}
		case 0xC2, 0xE2:
			if n := wideBreak(text[i:]); n > 0 {
				out = append(out, i+n)
			}
		}
	}
	return out
}

// wideBreak is the length of the NEL, LS or PS at the start of b, or 0.
func wideBreak(b []byte) int {
	for _, s := range []string{"\u0085", "\u2028", "\u2029"} {
		if bytes.HasPrefix(b, []byte(s)) {
			return len(s)
		}
	}
	return 0
}

// offset is where the node starts in the text.
func (d *yamlDoc) offset(n *yaml.Node) int {
	if n.Line < 1 || n.Line > len(d.lines) {
		return len(d.text)
	}
	off := d.lines[n.Line-1]
	for col := 1; col < n.Column && off < len(d.text); col++ {
		_, size := utf8.DecodeRune(d.text[off:])
		off += size
	}
	return off
}

// A yamlTree is one node and the key it stands under.
type yamlTree struct {
	doc       *yamlDoc
	key, node *yaml.Node
}

// maxAliasDepth ends the search in aliases that contain themselves.
const maxAliasDepth = 64

func resolveAlias(n *yaml.Node) *yaml.Node {
	for i := 0; n != nil && n.Kind == yaml.AliasNode && i < maxAliasDepth; i++ {
		n = n.Alias
	}
	return n
}

func (t yamlTree) child(name string) (tree, bool) {
	key, value := lookup(resolveAlias(t.node), name, 0)
	return yamlTree{t.doc, key, value}, value != nil
}

// lookup finds a key of a mapping: its own before merged ones, the last of
// several equal ones, the first of several merged mappings that has it.
func lookup(n *yaml.Node, name string, depth int) (key, value *yaml.Node) {
	if n == nil || n.Kind != yaml.MappingNode || depth > maxAliasDepth {
		return nil, nil
	}
	for i := len(n.Content) - 2; i >= 0; i -= 2 {
		if k := n.Content[i]; keyText(k) == name && !isMerge(k) {
			return k, n.Content[i+1]
		}
	}
	for i := len(n.Content) - 2; i >= 0; i -= 2 {
		if !isMerge(n.Content[i]) {
			continue
		}
		merged := []*yaml.Node{resolveAlias(n.Content[i+1])}
		if merged[0] != nil && merged[0].Kind == yaml.SequenceNode {
			merged = merged[0].Content
		}
		for _, m := range merged {
			if key, value = lookup(resolveAlias(m), name, depth+1); value != nil {
				return key, value
			}
		}
	}
	return nil, nil
}

func isMerge(key *yaml.Node) bool {
	return key.Value == "<<" && key.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) == 0
}

// keyText is the key as JSON will have it: YAML 1.1 reads a bare on as true.
func keyText(key *yaml.Node) string {
	key = resolveAlias(key)
	if key == nil || key.Kind != yaml.ScalarNode {
		return ""
	}
	if key.Style == 0 {
		switch key.Value {
		case "y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "True", "TRUE":
			return "true"
		case "n", "N", "no", "No", "NO", "off", "Off", "OFF", "False", "FALSE":
			return "false"
		}
	}
	return key.Value
}

func (t yamlTree) index(i int) (tree, bool) {
	n := resolveAlias(t.node)
	if n == nil || n.Kind != yaml.SequenceNode || i < 0 || i >= len(n.Content) {
		return nil, false
	}
	return yamlTree{doc: t.doc, node: n.Content[i]}, true
}

func (t yamlTree) named(name string) (tree, bool) {
	n := resolveAlias(t.node)
	if n == nil || n.Kind != yaml.SequenceNode {
		return nil, false
	}
	i := slices.IndexFunc(n.Content, func(item *yaml.Node) bool {
		_, value := lookup(resolveAlias(item), "name", 0)
		value = resolveAlias(value)
		return value != nil && value.Kind == yaml.ScalarNode && value.Value == name
	})
	return t.index(i)
}

func (t yamlTree) keyPlace() span {
	if t.key == nil {
		return span{}
	}
	return t.doc.absolute(t.doc.spanOf(t.key))
}

func (t yamlTree) place() span {
	own, ok := t.doc.ownSpan(t.node)
	if !ok {
		if t.key != nil {
			return t.keyPlace()
		}
		own = t.doc.spanOf(t.node)
	}
	return t.doc.absolute(own)
}

func (d *yamlDoc) absolute(s span) span { return span{s.start + d.base, s.end + d.base} }
