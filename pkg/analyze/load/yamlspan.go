package load

import (
	"bytes"
	"strings"

	"go.yaml.in/yaml/v3"
)

// The library tells where a node starts; the functions here find where it ends,
// in the text itself.

// ownSpan is the place of a node that stands for itself: a scalar that is
// written, an alias, or a flow collection.
func (d *yamlDoc) ownSpan(n *yaml.Node) (span, bool) {
	start := d.offset(n)
	if n.Kind == yaml.AliasNode {
		return span{start, min(start+1+len(n.Value), len(d.text))}, true
	}
	start = d.skipProperties(start)
	if n.Kind == yaml.ScalarNode {
		if n.Value == "" && n.Style&^yaml.TaggedStyle == 0 {
			return span{}, false // nothing is written
		}
		return span{start, d.scalarEnd(n, start)}, true
	}
	if n.Style&yaml.FlowStyle != 0 && start < len(d.text) && (d.text[start] == '{' || d.text[start] == '[') {
		return span{start, d.flowEnd(start)}, true
	}
	return span{}, false
}

// spanOf is ownSpan, or for a block the place of its beginning.
func (d *yamlDoc) spanOf(n *yaml.Node) span {
	for depth := 0; depth < maxAliasDepth; depth++ {
		if own, ok := d.ownSpan(n); ok {
			return own
		}
		if n.Kind != yaml.MappingNode || len(n.Content) == 0 {
			break
		}
		n = n.Content[0]
	}
	start := min(d.skipProperties(d.offset(n)), len(d.text))
	if start < len(d.text) && d.text[start] == '-' {
		return span{start, start + 1}
	}
	return span{start, start}
}

// skipProperties steps over the anchor and the tag in front of a value.
func (d *yamlDoc) skipProperties(at int) int {
	for at < len(d.text) && (d.text[at] == '&' || d.text[at] == '!') {
		for at < len(d.text) && !isSpace(d.text[at]) {
			at++
		}
		for at < len(d.text) && (isSpace(d.text[at]) || d.text[at] == '#') {
			if d.text[at] == '#' {
				at = d.lineEnd(at)
				continue
			}
			at++
		}
	}
	return at
}

func (d *yamlDoc) lineEnd(at int) int {
	if i := bytes.IndexByte(d.text[at:], '\n'); i >= 0 {
		return at + i
	}
	return len(d.text)
}

func (d *yamlDoc) scalarEnd(n *yaml.Node, start int) int {
	switch {
	case start >= len(d.text):
		return len(d.text)
	case n.Style&yaml.DoubleQuotedStyle != 0 && d.text[start] == '"':
		end, _ := skipString(d.text, start)
		return end
	case n.Style&yaml.SingleQuotedStyle != 0 && d.text[start] == '\'':
		return skipSingleQuoted(d.text, start)
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		header := d.lineEnd(start)
		if end, ok := matchText(d.text, header, n.Value); ok && end > header {
			return end
		}
		return start + len(firstWord(d.text[start:header]))
	}
	if end, ok := matchText(d.text, start, n.Value); ok {
		return end
	}
	return start + len(firstWord(d.text[start:d.lineEnd(start)]))
}

func firstWord(b []byte) []byte {
	if i := bytes.IndexFunc(b, func(r rune) bool { return r == ' ' || r == '\t' || r == '\r' }); i >= 0 {
		return b[:i]
	}
	return b
}

func skipSingleQuoted(text []byte, at int) int {
	for at++; at < len(text); at++ {
		if text[at] != '\'' {
			continue
		}
		if at+1 == len(text) || text[at+1] != '\'' {
			return at + 1
		}
		at++
	}
	return len(text)
}

// matchText finds where a scalar without escapes ends. Folding and indentation
// change only white space, so the other characters must follow each other.
func matchText(text []byte, at int, value string) (end int, ok bool) {
	end = at
	for len(value) > 0 {
		if n := spaceLen(value); n > 0 {
			value = value[n:]
			continue
		}
		for at < len(text) {
			n := spaceLen(string(text[at:min(at+3, len(text))]))
			if n == 0 {
				break
			}
			at += n
		}
		if at >= len(text) || text[at] != value[0] {
			return end, false
		}
		at, value = at+1, value[1:]
		end = at
	}
	return end, true
}

// spaceLen is the length of the white space character at the start of s, or 0.
func spaceLen(s string) int {
	if isSpace(s[0]) {
		return 1
	}
	for _, wide := range []string{"\u0085", "\u2028", "\u2029", "\ufeff"} {
		if strings.HasPrefix(s, wide) {
			return len(wide)
		}
	}
	return 0
}

// flowEnd finds the bracket that closes the flow collection at start.
func (d *yamlDoc) flowEnd(start int) int {
	depth := 0
	for at := start; at < len(d.text); at++ {
		switch c := d.text[at]; c {
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return at + 1
			}
		case '"', '\'':
			if !startsToken(d.text, at) {
				continue // an apostrophe inside a plain scalar
			}
			if c == '"' {
				at, _ = skipString(d.text, at)
			} else {
				at = skipSingleQuoted(d.text, at)
			}
			at--
		case '#':
			if at > 0 && isSpace(d.text[at-1]) {
				at = d.lineEnd(at)
			}
		}
	}
	return len(d.text)
}

// startsToken says whether a quote at this place opens a quoted scalar: in front
// of it stands an indicator, or white space behind one.
func startsToken(text []byte, at int) bool {
	before := bytes.TrimRight(text[:at], " \t\r\n")
	return len(before) == 0 || strings.IndexByte("[]{},:?", before[len(before)-1]) >= 0 || hasProperty(before)
}

// hasProperty says whether the text ends with an anchor or a tag.
func hasProperty(text []byte) bool {
	word := text[bytes.LastIndexAny(text, " \t\n[{,")+1:]
	return len(word) > 0 && (word[0] == '&' || word[0] == '!')
}
