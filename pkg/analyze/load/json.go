package load

import (
	"bytes"
	"encoding/json"
	"slices"
	"sync"
	"weak"
)

// The functions here walk over JSON text without building anything: they only
// know strings and brackets. Whether the text is valid in between is for the
// decoder to say.

// skipSpace is the offset of the next byte that is not white space.
func skipSpace(d []byte, i int) int {
	for i < len(d) && isSpace(d[i]) {
		i++
	}
	return i
}

// skipString returns the offset behind the string that starts at i. Strings are
// short, so that looking at each byte is faster than searching.
func skipString(d []byte, i int) (int, bool) {
	for i++; i < len(d); i++ {
		switch d[i] {
		case '"':
			return i + 1, true
		case '\\':
			i++
		}
	}
	return len(d), false
}

// skipValue returns the offset behind the value that starts at i.
func skipValue(d []byte, i int) (int, bool) {
	if i >= len(d) {
		return i, false
	}
	switch d[i] {
	case '"':
		return skipString(d, i)
	case '{', '[':
		return skipBrackets(d, i)
	}
	start := i
	for i < len(d) && !isSpace(d[i]) && !bytes.ContainsRune([]byte(",]}:[{\""), rune(d[i])) {
		i++
	}
	return i, i > start
}

func skipBrackets(d []byte, i int) (int, bool) {
	for depth := 0; i < len(d); {
		switch d[i] {
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1, true
			}
		case '"':
			end, ok := skipString(d, i)
			if !ok {
				return end, false
			}
			i = end
			continue
		}
		i++
	}
	return i, false
}

// A member is one key and value of a JSON object, or with an empty key span one
// element of an array.
type member struct{ key, value span }

// eachMember calls f for the members of the object or array at i until f returns
// false. It returns false where the text is not what it seemed.
func eachMember(d []byte, i int, f func(member) bool) bool {
	if i >= len(d) || (d[i] != '{' && d[i] != '[') {
		return false
	}
	object := d[i] == '{'
	for i = skipSpace(d, i+1); i < len(d) && d[i] != '}' && d[i] != ']'; {
		m, ok := readMember(d, i, object)
		if !ok {
			return false
		}
		if !f(m) {
			return true
		}
		if i = skipSpace(d, m.value.end); i < len(d) && d[i] == ',' {
			i = skipSpace(d, i+1)
		}
	}
	return i < len(d)
}

// readMember reads the member of an object, or the element of an array, at i.
func readMember(d []byte, i int, object bool) (m member, ok bool) {
	if object {
		if m.key.start = i; d[i] != '"' {
			return m, false
		}
		if m.key.end, ok = skipString(d, i); !ok {
			return m, false
		}
		if i = skipSpace(d, m.key.end); i >= len(d) || d[i] != ':' {
			return m, false
		}
		i = skipSpace(d, i+1)
	}
	m.value.start = i
	m.value.end, ok = skipValue(d, i)
	return m, ok
}

// unquote reads a JSON string; what is none gives "".
func unquote(raw []byte) string {
	if len(raw) < 2 || raw[0] != '"' {
		return ""
	}
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1 : len(raw)-1])
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

// A head is what must be known of an object before it can be decoded.
type head struct {
	apiVersion, kind string
	// items is the array of a list; empty where there is none.
	items span
}

// readHead looks at the top level of a JSON object.
func readHead(d []byte, start int) (h head, ok bool) {
	ok = eachMember(d, start, func(m member) bool {
		value := d[m.value.start:m.value.end]
		switch string(d[m.key.start:m.key.end]) {
		case `"apiVersion"`:
			h.apiVersion = unquote(value)
		case `"kind"`:
			h.kind = unquote(value)
		case `"items"`:
			if value[0] == '[' {
				h.items = m.value
			}
		}
		return true
	})
	return h, ok
}

// A jsonText is the text of one object in a file. What was found in it is held
// only as long as memory is not wanted for something else.
type jsonText struct {
	src  *source
	text span

	mu     sync.Mutex
	cached weak.Pointer[jsonNode]
}

func (t *jsonText) root() (tree, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := t.cached.Value()
	if n == nil {
		n = &jsonNode{data: t.src.bytes(), member: member{value: t.text}}
		t.cached = weak.Make(n)
	}
	return n, true
}

// A jsonNode is a value in JSON text, as something a path can be followed
// through. Its members are looked for once, when the first is asked for.
type jsonNode struct {
	data []byte
	member
	once sync.Once
	kids []*jsonNode
}

// newJSONTree is the tree of JSON that stands in no file.
func newJSONTree(data []byte) *jsonNode {
	return &jsonNode{data: data, member: member{value: span{skipSpace(data, 0), len(data)}}}
}

func (n *jsonNode) members() []*jsonNode {
	n.once.Do(func() {
		eachMember(n.data, n.value.start, func(m member) bool {
			n.kids = append(n.kids, &jsonNode{data: n.data, member: m})
			return true
		})
	})
	return n.kids
}

func (n *jsonNode) is(open byte) bool {
	return n.value.start < len(n.data) && n.data[n.value.start] == open
}

func (n *jsonNode) child(name string) (tree, bool) {
	if !n.is('{') {
		return nil, false
	}
	for _, m := range slices.Backward(n.members()) { // of equal keys the last counts
		key := n.data[m.key.start:m.key.end]
		if string(key[1:len(key)-1]) == name || bytes.IndexByte(key, '\\') >= 0 && unquote(key) == name {
			return m, true
		}
	}
	return nil, false
}

func (n *jsonNode) index(i int) (tree, bool) {
	if !n.is('[') || i < 0 || i >= len(n.members()) {
		return nil, false
	}
	return n.members()[i], true
}

func (n *jsonNode) named(name string) (tree, bool) {
	if !n.is('[') {
		return nil, false
	}
	for _, m := range n.members() {
		if own, ok := nameOf(m); ok && own == name {
			return m, true
		}
	}
	return nil, false
}

func (n *jsonNode) place() span    { return n.value }
func (n *jsonNode) keyPlace() span { return n.key }

// nameOf is the name of an object, as items of lists have one.
func nameOf(t *jsonNode) (string, bool) {
	c, ok := t.child("name")
	if !ok {
		return "", false
	}
	at := c.place()
	return unquote(t.data[at.start:at.end]), true
}
