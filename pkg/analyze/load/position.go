package load

import (
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// A tree is a value in the text of a manifest. It knows where its parts are
// written, in byte offsets of the source.
type tree interface {
	child(name string) (tree, bool)
	index(i int) (tree, bool)
	// named finds the item of a list that has this name.
	named(name string) (tree, bool)
	// place is the value itself if it is a scalar or a flow collection, else its key.
	place() span
	// keyPlace is the key of the value; empty for items of a list.
	keyPlace() span
}

// A locator finds the fields of one object. It keeps no tree: root parses the
// object's text when someone asks.
type locator struct {
	src  *source
	text span
	root func() (tree, bool)
	// notes finds the comments in the object's text; nil for JSON, which has none.
	notes func() []span
}

var _ analyze.Locator = (*locator)(nil)

// At implements analyze.Locator.
func (l *locator) At(path *field.Path) (analyze.Position, bool) {
	if path == nil {
		return l.at("")
	}
	return l.at(path.String())
}

// at is At for a path in text form.
func (l *locator) at(path string) (analyze.Position, bool) {
	t, exact := l.find(path)
	if t == nil {
		return l.src.position(l.text.start, l.text.start), false
	}
	p := t.place()
	return l.src.position(p.start, p.end), exact
}

// atKey is the place of the key itself, for fields that should not be there.
func (l *locator) atKey(path string) analyze.Position {
	t, exact := l.find(path)
	if t == nil || !exact || t.keyPlace() == (span{}) {
		p, _ := l.at(path)
		return p
	}
	return l.src.position(t.keyPlace().start, t.keyPlace().end)
}

func (l *locator) find(path string) (tree, bool) {
	root, ok := l.root()
	if !ok {
		return nil, false
	}
	t, rest := follow(root, path)
	if b, ok := t.(builtTree); ok && rest == "" {
		return t, b.unchanged(l.src)
	}
	return t, rest == ""
}

// Lines implements analyze.Locator.
func (l *locator) Lines(first, last int) []string { return l.src.lines(first, last) }

// Comments implements analyze.Locator.
func (l *locator) Comments() []analyze.Comment {
	if l.notes == nil {
		return nil
	}
	var out []analyze.Comment
	data := l.src.bytes()
	for _, n := range l.notes() {
		if n.end > len(data) {
			break // the file has changed
		}
		before := n.start
		for before > 0 && (data[before-1] == ' ' || data[before-1] == '\t') {
			before--
		}
		out = append(out, analyze.Comment{
			Text:    string(data[n.start+1 : n.end]),
			Pos:     l.src.position(n.start, n.end),
			OwnLine: before == 0 || data[before-1] == '\n',
		})
	}
	return out
}

// follow goes down the path as far as it is written. rest is what is not
// written; "" means all of it is. The text form of a path is ambiguous (keys
// may hold dots and brackets), so every reading is tried that leads somewhere.
func follow(t tree, path string) (found tree, rest string) {
	if path == "" {
		return t, ""
	}
	found, rest = t, path
	try := func(next tree, ok bool, tail string) bool {
		if !ok {
			return false
		}
		f, r := follow(next, tail)
		if len(r) < len(rest) {
			found, rest = f, r
		}
		return rest == ""
	}
	if path[0] == '[' {
		followSubscript(t, path, try)
		return found, rest
	}
	for end := 1; end <= len(path); end++ {
		if end < len(path) && path[end] != '.' && path[end] != '[' {
			continue
		}
		next, ok := t.child(path[:end])
		if try(next, ok, strings.TrimPrefix(path[end:], ".")) {
			break
		}
	}
	return found, rest
}

// followSubscript reads "[…]" as the index of an item, a key, or an item's name.
func followSubscript(t tree, path string, try func(tree, bool, string) bool) {
	for end := 1; end < len(path); end++ {
		if path[end] != ']' || (end+1 < len(path) && path[end+1] != '.' && path[end+1] != '[') {
			continue
		}
		key, tail := path[1:end], strings.TrimPrefix(path[end+1:], ".")
		if i, err := strconv.Atoi(key); err == nil {
			if next, ok := t.index(i); ok {
				try(next, ok, tail)
				return
			}
		}
		if next, ok := t.child(key); try(next, ok, tail) {
			return
		}
		if next, ok := t.named(key); try(next, ok, tail) {
			return
		}
	}
}
