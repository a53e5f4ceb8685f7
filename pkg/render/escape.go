package render

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Escape makes visible what a terminal would act on: control characters as ^[
// or \t, bytes that are no UTF-8 as \x9b, and characters that are invisible or
// turn the direction of writing (bidirectional controls, zero-width characters,
// line separators) as \u202e. The result is one line. Escaping twice changes
// nothing.
func Escape(s string) string {
	if clean(s) {
		return s
	}
	var b strings.Builder
	var prev rune
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case visible(r, prev):
			b.WriteString(s[i : i+size])
		default:
			b.WriteString(show(r))
		}
		prev = r
		i += size
	}
	return b.String()
}

func clean(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// visible says whether a rune may go to a terminal as it is.
func visible(r, prev rune) bool {
	switch {
	case r >= ' ' && r < 0x7f:
		return true
	case r == 0xfe0e || r == 0xfe0f: // how to draw the symbol before it
		return unicode.Is(unicode.So, prev)
	case hostile(r):
		return false
	}
	return true
}

// hostile says whether a rune is a control character, is invisible, breaks
// lines or turns the direction of writing.
func hostile(r rune) bool {
	switch {
	case r < ' ', r >= 0x7f && r < 0xa0:
		return true
	case r < 0xad:
		return false
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Cs, unicode.Variation_Selector) ||
		unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) || (unicode.IsSpace(r) && r != 0x3000 && r != 0xa0) ||
		!assigned(r)
}

// assigned says whether Unicode knows the rune; a terminal may draw others in
// any width.
func assigned(r rune) bool {
	return unicode.IsGraphic(r) || unicode.IsControl(r)
}

func show(r rune) string {
	switch r {
	case '\t':
		return `\t`
	case '\n':
		return `\n`
	case '\r':
		return `\r`
	}
	switch {
	case r < ' ':
		return "^" + string(r+'@')
	case r == 0x7f:
		return "^?"
	case r <= 0xffff:
		return fmt.Sprintf(`\u%04x`, r)
	}
	return fmt.Sprintf(`\U%08x`, r)
}

// escapeJSON replaces what Escape would replace by JSON escapes, inside JSON
// text. It changes no value: such runes stand only in strings.
func escapeJSON(data []byte) []byte {
	return escapeRunes(data, jsonEscape)
}

func jsonEscape(out []byte, r rune) []byte {
	if r > 0xffff {
		r -= 0x10000
		return fmt.Appendf(out, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
	}
	return fmt.Appendf(out, `\u%04x`, r)
}

// escapeYAML does the same for text in double quotes in YAML, which knows no
// surrogate pairs.
func escapeYAML(data []byte) []byte {
	return escapeRunes(data, yamlEscape)
}

func yamlEscape(out []byte, r rune) []byte {
	if r > 0xffff {
		return fmt.Appendf(out, `\U%08x`, r)
	}
	return fmt.Appendf(out, `\u%04x`, r)
}

func escapeRunes(data []byte, escape func([]byte, rune) []byte) []byte {
	if !slices.ContainsFunc(data, func(c byte) bool { return c >= 0x7f || c < ' ' && c != '\n' }) {
		return data
	}
	out := make([]byte, 0, len(data)+16)
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == '\n' || !hostile(r) {
			out = append(out, data[i:i+size]...)
		} else {
			out = escape(out, r)
		}
		i += size
	}
	return out
}
