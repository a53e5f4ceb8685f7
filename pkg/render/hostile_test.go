package render

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/explain"
)

// hostileText is what a cluster may hold and a terminal must not see.
const hostileText = "a\x1b[2J\x1b]0;title\x07b\tc\r\nd\x9b31m\u202eevil\u2066\u200b\u2028\x7f\x00\u0085|<b>&\"'`日本é`\\ -- x --"

// poison replaces every string in a value that is not one of a closed set.
func poison(v reflect.Value, text string, except ...string) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			poison(v.Elem(), text, except...)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			switch v.Type().Field(i).Name {
			case "APIVersion", "Kind", "Question", "Severity", "State", "Basis", "Certainty", "ID", "Because", "CriticalChain", "Taken":
				continue
			}
			if v.Field(i).CanSet() && !slices.Contains(except, v.Type().Field(i).Name) {
				poison(v.Field(i), text, except...)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			poison(v.Index(i), text, except...)
		}
	case reflect.String:
		v.SetString(text)
	default:
	}
}

// Whatever the lengths of names and sentences, prose and charts keep to the width.
// Commands and places of files are exempt: they are for pasting and clicking.
func TestLongTextFits(t *testing.T) {
	for _, text := range []string{strings.Repeat("w", 300), strings.Repeat("some words 日本語 ", 40), "x", ""} {
		e, tl, r := crashExplanation(), liveTimeline(), sampleReport()
		for _, v := range []any{e, tl, r} {
			poison(reflect.ValueOf(v), text, "Command", "File", "Flag")
		}
		for i := range r.Findings { // places without a line are prose
			r.Findings[i].Object, r.Findings[i].Path = analyze.Ref{Kind: "Pod", Name: "x"}, ""
		}
		r.Errors[0].Help = "" // lines to paste
		for _, columns := range []int{40, 50, 60, 80, 120, 200} {
			st := Style{Width: columns, Wide: columns > 80}
			fits(t, twice(t, func(b *bytes.Buffer) error { return Explanations(b, []*explain.Explanation{e}, false, st) }), columns)
			fits(t, twice(t, func(b *bytes.Buffer) error { return Timelines(b, []*analyze.Timeline{tl}, false, st) }), columns)
			fits(t, twice(t, func(b *bytes.Buffer) error { return Report(b, r, st) }), columns)
		}
	}
}

// eachFormat calls f with each format of a document, at some widths.
func eachFormat(kind string, f func(st Style)) {
	for _, format := range append([]string{"", "table"}, Formats(kind)...) {
		switch format {
		case "jsonpath=", "jsonpath-as-json=":
			format += "{.headline}{.verdict}{.findings}{.subject.name}"
		case "go-template=":
			format += "{{.}}"
		}
		for _, columns := range []int{0, 50, 80} {
			f(Style{Format: format, Width: columns, Color: columns == 80 && format == ""})
		}
	}
}

func renderAll(t *testing.T, text string, check func(format string, out []byte)) {
	t.Helper()
	try := func(kind string, f func(*bytes.Buffer, Style) error) {
		eachFormat(kind, func(st Style) {
			var b bytes.Buffer
			if err := f(&b, st); err != nil {
				t.Errorf("%s as %q: %v", kind, st.Format, err)
			}
			check(kind+" "+st.Format, b.Bytes())
		})
	}
	e, tl, r := crashExplanation(), liveTimeline(), sampleReport()
	for _, v := range []any{e, tl, r} {
		poison(reflect.ValueOf(v), text)
	}
	try("Explanation", func(b *bytes.Buffer, st Style) error { return Explanations(b, []*explain.Explanation{e}, false, st) })
	try("Timeline", func(b *bytes.Buffer, st Style) error { return Timelines(b, []*analyze.Timeline{tl}, false, st) })
	try("Report", func(b *bytes.Buffer, st Style) error { return Report(b, r, st) })
}

// tame says what is wrong with output bytes for a terminal, or "".
func tame(out []byte, colour bool) string {
	text := string(out)
	if colour {
		for _, code := range sgr {
			text = strings.ReplaceAll(text, "\x1b["+code+"m", "")
		}
		text = strings.ReplaceAll(text, "\x1b[0m", "")
	}
	if !utf8.ValidString(text) {
		return "not UTF-8"
	}
	for i, r := range text {
		if r != '\n' && hostile(r) {
			return "a raw " + show(r) + " in ..." + Escape(text[max(0, i-20):i+1])
		}
	}
	return ""
}

func TestHostileTextReachesNoOutput(t *testing.T) {
	renderAll(t, hostileText, func(format string, out []byte) {
		if strings.Contains(format, "template") || strings.Contains(format, "jsonpath") {
			out = bytes.ReplaceAll(out, []byte("\t"), nil) // tabs of a template are its own
		}
		if problem := tame(out, true); problem != "" {
			t.Errorf("%s: %s", format, problem)
		}
	})
}

func TestEscape(t *testing.T) {
	tests := map[string]string{
		"plain":           "plain",
		"\x1b[31m":        "^[[31m",
		"a\tb\r\nc":       `a\tb\r\nc`,
		"\x00\x7f":        "^@^?",
		"\u009b\u0085":    `\u009b\u0085`,
		"\x9b":            `\x9b`,
		"a\u202eb\u2066c": `a\u202eb\u2066c`,
		"\u200bzero":      `\u200bzero`,
		"日本 é ⚠\ufe0f ✓":  "日本 é ⚠\ufe0f ✓",
		"a\ufe0f":         `a\ufe0f`,
		"\U000e0041tag":   `\U000e0041tag`,
	}
	for in, want := range tests {
		if diff := cmp.Diff(want, Escape(in)); diff != "" {
			t.Errorf("Escape(%q): %s", in, diff)
		}
	}
}

func FuzzEscape(f *testing.F) {
	f.Add(hostileText)
	f.Add("x")
	f.Fuzz(func(t *testing.T, s string) {
		once := Escape(s)
		if problem := tame([]byte(once), false); problem != "" && !strings.Contains(problem, `\ufe0`) || strings.Contains(once, "\n") {
			t.Errorf("Escape(%q) = %q: %s", s, once, problem)
		}
		if twice := Escape(once); twice != once {
			t.Errorf("twice: %q, once: %q", twice, once)
		}
		for _, l := range (line{mk(s), mk(s)}).wrap(20, 2) {
			if l.width() > 20 {
				t.Errorf("wrapped line %q is %d wide", l.text(), l.width())
			}
		}
	})
}

func mk(s string) piece { return t(plain, s) }

func FuzzDocuments(f *testing.F) {
	f.Add(hostileText)
	f.Add("yes")
	f.Add("\n\n x\n")
	f.Add("- a: b")
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			t.Skip("documents hold what was decoded from UTF-8")
		}
		r := &analyze.Report{Findings: []analyze.Finding{{Message: s, Help: s}}}
		data, err := documentJSON(r)
		if err != nil {
			t.Fatal(err)
		}
		text, err := documentYAML(r, false)
		if err != nil {
			t.Fatal(err)
		}
		for name, out := range map[string][]byte{"json": data, "yaml": text} {
			if problem := tame(out, false); problem != "" {
				t.Errorf("%s: %s", name, problem)
			}
		}
		var fromJSON, fromYAML struct {
			Findings []struct{ Message, Help string }
		}
		if err := json.Unmarshal(data, &fromJSON); err != nil {
			t.Fatal(err)
		}
		if err := yaml.Unmarshal(text, &fromYAML); err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		if fromJSON.Findings[0].Message != s || fromYAML.Findings[0].Help != s {
			t.Errorf("%q came back as %q (JSON) and %q (YAML)", s, fromJSON.Findings[0].Message, fromYAML.Findings[0].Help)
		}
	})
}

// A message of a megabyte takes a moment, not minutes.
func BenchmarkWrapLongWord(b *testing.B) {
	long := line{mk(strings.Repeat("x", 1<<20))}
	for b.Loop() {
		if len(long.wrap(80, 2)) < 1000 {
			b.Fatal("not wrapped")
		}
	}
}
