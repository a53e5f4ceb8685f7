package load

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// isList says whether the object is a list to be unfolded.
func (h head) isList() bool {
	return h.kind == "List" || strings.HasSuffix(h.kind, "List") && h.items != span{}
}

// item is what the items of the list are if they do not say so: those of a
// PodList are Pods, those of a List may be anything.
func (h head) item() head {
	if h.kind == "List" {
		return head{}
	}
	return head{apiVersion: h.apiVersion, kind: strings.TrimSuffix(h.kind, "List")}
}

// decodeList unfolds a list, item by item.
func decodeList(v value, h head, depth int) decoded {
	if (h.items == span{}) {
		return decoded{} // "items: null" is what an empty list may look like
	}
	var items []span
	eachMember(v.json, h.items.start, func(m member) bool {
		items = append(items, m.value)
		return true
	})
	parts := make([]decoded, len(items))
	parallel(len(items), func(i int) {
		parts[i] = decodeValue(v.nth(i, items[i], h.item()), depth+1)
		if v.raw && depth == 0 {
			v.loc.src.decoded(items[i].end - items[i].start)
		}
	})
	var out decoded
	if item := h.item(); len(items) == 0 && item.kind != "" {
		out.none = append(out.none, schema.FromAPIVersionAndKind(item.apiVersion, item.kind).GroupKind())
	}
	for _, p := range parts {
		out.add(p)
	}
	return out
}

// nth is item i of the list, which stands at this place of the list's JSON.
func (v value) nth(i int, at span, item head) value {
	if v.raw {
		start := v.loc.text.start
		return jsonValue(v.loc.src, span{start + at.start, start + at.end}, item)
	}
	root, loc := v.loc.root, *v.loc
	loc.root = func() (tree, bool) {
		t, ok := root()
		if ok {
			t, ok = t.child("items")
		}
		if !ok {
			return nil, false
		}
		return t.index(i)
	}
	if v.loc.notes != nil {
		loc.notes = func() []span { return between(v.loc, i) }
	}
	return value{json: v.json[at.start:at.end], loc: &loc, item: item, repeated: v.repeated}
}

// An item is one item of a block list: its text, from the comments above it on,
// and its dash.
type item struct {
	text span
	dash int
}

// splitItems cuts a YAML document that is a List in block style into its items,
// by indentation alone. ok is false for everything else.
func splitItems(data []byte, doc span) (items []item, list head, ok bool) {
	s := itemSplitter{indent: -1}
	for at := doc.start; at < doc.end; {
		line := lineAt(data[:doc.end], at)
		if !s.line(line, at) {
			return nil, head{}, false
		}
		at += len(line)
	}
	s.close(doc.end)
	if !strings.HasSuffix(s.list.kind, "List") || s.list.apiVersion == "" || len(s.items) == 0 {
		return nil, head{}, false
	}
	return s.items, s.list, true
}

type itemSplitter struct {
	list   head
	items  []item
	inside bool // behind "items:"
	seen   bool
	open   bool // an item is being read
	indent int  // of the dashes; -1 before the first
	note   int  // start of the comment lines directly above; -1 for none
	noted  bool
}

// line takes the next line of the document; false means it is no plain list.
func (s *itemSplitter) line(line []byte, at int) bool {
	text := bytes.TrimLeft(line, " ")
	indent := len(line) - len(text)
	trimmed := bytes.TrimSpace(text)
	switch {
	case len(trimmed) == 0:
		return true
	case trimmed[0] == '#':
		if !s.noted {
			s.note, s.noted = at, true
		}
		return true
	}
	defer func() { s.noted = false }()
	if s.inside {
		isDash := text[0] == '-' && (len(text) == 1 || isSpace(text[1]))
		if s.indent < 0 && isDash {
			s.indent = indent
		}
		switch {
		case isDash && indent == s.indent:
			s.begin(at, indent)
			return true
		case indent > s.indent && s.indent >= 0:
			return true
		case indent > 0:
			return false
		}
		s.close(at)
		s.inside = false
	}
	return indent > 0 || s.header(text)
}

// begin opens an item at the line of its dash.
func (s *itemSplitter) begin(at, indent int) {
	start := at
	if s.noted {
		start = s.note
	}
	s.close(start)
	s.items = append(s.items, item{text: span{start, start}, dash: at + indent})
	s.open = true
}

func (s *itemSplitter) close(end int) {
	if s.open {
		s.items[len(s.items)-1].text.end = end
		s.open = false
	}
}

// header reads a top-level key.
func (s *itemSplitter) header(line []byte) bool {
	key, val, ok := bytes.Cut(line, []byte{':'})
	if !ok {
		return false
	}
	if i := bytes.Index(val, []byte(" #")); i >= 0 {
		val = val[:i]
	}
	val = bytes.TrimSpace(val)
	text := string(bytes.Trim(val, `"'`))
	switch string(key) {
	case "apiVersion":
		s.list.apiVersion = text
	case "kind":
		s.list.kind = text
	case "items":
		ok = len(val) == 0 && !s.seen
		s.inside, s.seen = true, true
	case "metadata":
	default:
		return false
	}
	return ok
}

// between are the comments of item i of a list whose items share one text.
func between(list *locator, i int) []span {
	root, ok := list.root()
	if !ok {
		return nil
	}
	start, end := list.text.start, list.text.end
	if t, rest := follow(root, fmt.Sprintf("items[%d]", i)); rest == "" && i > 0 {
		start = list.src.commentsAbove(t.place().start)
	}
	if t, rest := follow(root, fmt.Sprintf("items[%d]", i+1)); rest == "" {
		end = list.src.commentsAbove(t.place().start)
	}
	return slices.DeleteFunc(list.notes(), func(n span) bool { return n.start < start || n.start >= end })
}
