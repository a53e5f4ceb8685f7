package render

import (
	"bytes"
	"fmt"
	"io"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// With Style.ASCII no byte above 0x7f is written. Text for people is rewritten
// before it is laid out, so that columns stay where they are: the program's own
// signs by what looks like them, everything else as \u65e5. Formats for machines
// say the same as ever, in the escapes that their language has. Whatever is left
// is caught on its way out. A patch is the exception: it holds a file's own text.

// asciiSign is what stands for a character that sentences and charts are
// written with; "" for all others.
func asciiSign(r rune) string {
	switch r {
	case '…':
		return "..."
	case '×':
		return "x"
	case '–', '—', '−', '·':
		return "-"
	case '→':
		return "->"
	case '←':
		return "<-"
	case '≤':
		return "<="
	case '≥':
		return ">="
	case '⌈':
		return "ceil("
	case '⌉':
		return ")"
	case '‘', '’':
		return "'"
	case '“', '”':
		return `"`
	case 0xa0: // a blank that does not break
		return " "
	}
	return ""
}

// asciiText rewrites text for people. Bytes that are no UTF-8 stay for Escape.
func asciiText(s string) string {
	return string(asciiRunes([]byte(s), textEscape))
}

func textEscape(out []byte, r rune) []byte {
	if sign := asciiSign(r); sign != "" {
		return append(out, sign...)
	}
	if r > 0xffff {
		return fmt.Appendf(out, `\U%08x`, r)
	}
	return fmt.Appendf(out, `\u%04x`, r)
}

func xmlEscape(out []byte, r rune) []byte { return fmt.Appendf(out, "&#x%x;", r) }

// asciiRunes hands every character beyond ASCII to escape.
func asciiRunes(data []byte, escape func([]byte, rune) []byte) []byte {
	if !bytes.ContainsFunc(data, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return data
	}
	out := make([]byte, 0, len(data)+16)
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		switch {
		case r < utf8.RuneSelf, r == utf8.RuneError && size == 1:
			out = append(out, data[i:i+size]...)
		default:
			out = escape(out, r)
		}
		i += size
	}
	return out
}

// An asciiWriter escapes what is beyond ASCII. Each Write holds whole characters.
type asciiWriter struct {
	w      io.Writer
	escape func([]byte, rune) []byte
}

func (a asciiWriter) Write(data []byte) (int, error) {
	out := asciiRunes(data, a.escape)
	for i, c := range out {
		if c >= utf8.RuneSelf { // no UTF-8; then out is no longer data
			out[i] = '?'
		}
	}
	if _, err := a.w.Write(out); err != nil {
		return 0, err
	}
	return len(data), nil
}

// ASCIIOnly is a writer for text in front of w that writes nothing beyond ASCII,
// for what is said beside a document.
func ASCIIOnly(w io.Writer) io.Writer { return asciiWriter{w, textEscape} }

// out is where a document in the style's format is written to.
func (st Style) out(w io.Writer) io.Writer {
	if !st.ASCII {
		return w
	}
	name, _, _ := strings.Cut(st.Format, "=")
	switch name {
	case "json", "jsonpath-as-json", "trace", "sarif", "gitlab":
		return asciiWriter{w, jsonEscape}
	case "yaml", "kyaml":
		return asciiWriter{w, yamlEscape}
	case "svg", "html", "junit":
		return asciiWriter{w, xmlEscape}
	}
	return ASCIIOnly(w)
}

// forPeople says whether the format is text that is laid out for people.
func (st Style) forPeople() bool {
	switch st.Format {
	case "", "wide", "table", "compact", "github", "mermaid", "markdown":
		return true
	}
	return false
}

// drawn is the document as the style can draw it: a copy in ASCII, or itself.
func drawn[T any](st Style, doc T) T {
	if !st.ASCII || !st.forPeople() {
		return doc
	}
	out, ok := inASCII(reflect.ValueOf(&doc).Elem()).Interface().(T)
	if !ok {
		return doc
	}
	return out
}

// inASCII copies a value with all its text rewritten. Source lines keep theirs:
// marks count their columns.
func inASCII(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.String:
		out := reflect.New(v.Type()).Elem()
		out.SetString(asciiText(v.String()))
		return out
	case reflect.Pointer:
		if v.IsNil() || v.Elem().Kind() != reflect.Struct {
			return v
		}
		out := reflect.New(v.Type().Elem())
		out.Elem().Set(inASCII(v.Elem()))
		return out
	case reflect.Slice:
		if v.IsNil() || v.Type().Elem().Kind() == reflect.Uint8 {
			return v
		}
		out := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			out.Index(i).Set(inASCII(v.Index(i)))
		}
		return out
	case reflect.Struct:
		return fieldsInASCII(v)
	default:
		return v
	}
}

func fieldsInASCII(v reflect.Value) reflect.Value {
	if !ownType(v.Type()) {
		return v
	}
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	source := v.Type() == reflect.TypeFor[analyze.SourceLine]()
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.IsExported() && (!source || f.Name != "Text") {
			out.Field(i).Set(inASCII(v.Field(i)))
		}
	}
	return out
}

// esc is Escape, in ASCII where the page is.
func (p *page) esc(s string) string {
	if p.ASCII {
		s = asciiText(s)
	}
	return Escape(s)
}
