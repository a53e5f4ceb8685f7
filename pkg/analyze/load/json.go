package load

import (
	"bytes"
	"encoding/json"
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

// skipString returns the offset behind the string that starts at i.
func skipString(d []byte, i int) (int, bool) {
	for i++; i < len(d); {
		j := bytes.IndexByte(d[i:], '"')
		if j < 0 {
			return len(d), false
		}
		k := bytes.IndexByte(d[i:i+j], '\\')
		if k < 0 {
			return i + j + 1, true
		}
		i += k + 2
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

// A jsonTree is a value in JSON text, as something a path can be followed through.
type jsonTree struct {
	data []byte
	member
}

func (t jsonTree) find(match func(i int, m member) bool) (tree, bool) {
	var found *member
	i := 0
	eachMember(t.data, t.value.start, func(m member) bool {
		if match(i, m) {
			found = &m // the last of several equal keys is the one that counts
		}
		i++
		return true
	})
	if found == nil {
		return nil, false
	}
	return jsonTree{t.data, *found}, true
}

func (t jsonTree) is(open byte) bool {
	return t.value.start < len(t.data) && t.data[t.value.start] == open
}

func (t jsonTree) child(name string) (tree, bool) {
	if !t.is('{') {
		return nil, false
	}
	return t.find(func(_ int, m member) bool { return unquote(t.data[m.key.start:m.key.end]) == name })
}

func (t jsonTree) index(n int) (tree, bool) {
	if !t.is('[') {
		return nil, false
	}
	return t.find(func(i int, _ member) bool { return i == n })
}

func (t jsonTree) named(name string) (tree, bool) {
	if !t.is('[') {
		return nil, false
	}
	return t.find(func(_ int, m member) bool {
		n, ok := jsonTree{t.data, m}.child("name")
		return ok && unquote(t.data[n.place().start:n.place().end]) == name
	})
}

func (t jsonTree) place() span    { return t.value }
func (t jsonTree) keyPlace() span { return t.key }
