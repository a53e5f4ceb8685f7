package render

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/explain"
)

// beyond finds the first byte that --ascii promises not to write.
func beyond(out []byte) string {
	if i := bytes.IndexFunc(out, func(r rune) bool { return r > 0x7f }); i >= 0 {
		return fmt.Sprintf("%q", out[max(0, i-30):min(len(out), i+10)])
	}
	return ""
}

// Not one byte beyond ASCII, whatever the document, its text and the format, and
// formats for machines still say the same.
func TestASCII(t *testing.T) {
	type draw func(io.Writer, Style) error
	for _, text := range []string{"", hostileText, "é→日本 …×"} {
		documents := map[string][]draw{}
		for _, e := range sampleExplanations() {
			poisoned(e, text)
			documents["Explanation"] = append(documents["Explanation"], func(w io.Writer, st Style) error { return Explanations(w, []*explain.Explanation{e}, false, st) })
		}
		for _, tl := range sampleTimelines() {
			poisoned(tl, text)
			documents["Timeline"] = append(documents["Timeline"], func(w io.Writer, st Style) error { return Timelines(w, []*analyze.Timeline{tl}, false, st) })
		}
		r, s, g, c, rules := sampleReport(), sampleSummary(), sampleGlossary(), sampleComparisons(), sampleRules()
		for _, v := range []any{r, s, g, rules[0]} {
			poisoned(v, text)
		}
		documents["Report"] = []draw{func(w io.Writer, st Style) error { return Report(w, r, st) }}
		documents["Summary"] = []draw{func(w io.Writer, st Style) error { return Summary(w, s, st) }}
		documents["Glossary"] = []draw{func(w io.Writer, st Style) error { return Glossary(w, g, st) }}
		documents["Comparison"] = []draw{func(w io.Writer, st Style) error { return Comparisons(w, c, true, st) }}
		documents["RuleList"] = []draw{
			func(w io.Writer, st Style) error { return RuleList(w, rules, st) },
			func(w io.Writer, st Style) error { return Rule(w, rules[0], st) },
		}
		for kind, list := range documents {
			for _, f := range list {
				eachFormat(kind, func(st Style) { asciiHolds(t, kind, st, f) })
			}
		}
	}
}

func poisoned(v any, text string) {
	if text != "" {
		poison(reflect.ValueOf(v), text)
	}
}

func asciiHolds(t *testing.T, kind string, st Style, f func(io.Writer, Style) error) {
	t.Helper()
	var plain, ascii bytes.Buffer
	err := f(&plain, st)
	st.ASCII = true
	if err = errors.Join(err, f(&ascii, st)); err != nil {
		t.Errorf("%s as %q: %v", kind, st.Format, err)
		return
	}
	if found := beyond(ascii.Bytes()); found != "" {
		t.Errorf("%s as %q: %s", kind, st.Format, found)
	}
	var want, got any
	switch st.Format {
	case "json", "trace", "sarif", "gitlab":
		err = errors.Join(json.Unmarshal(plain.Bytes(), &want), json.Unmarshal(ascii.Bytes(), &got))
	case "yaml", "kyaml":
		err = errors.Join(yaml.Unmarshal(plain.Bytes(), &want), yaml.Unmarshal(ascii.Bytes(), &got))
	case "svg", "junit":
		want, got = xmlText(t, plain.Bytes()), xmlText(t, ascii.Bytes())
	default:
		return
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%s as %q says something else in ASCII: %v\n%s", kind, st.Format, err, diff)
	}
}

func xmlText(t *testing.T, data []byte) string {
	t.Helper()
	var b strings.Builder
	d := xml.NewDecoder(bytes.NewReader(data))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return b.String()
		}
		if err != nil {
			t.Errorf("no XML: %v", err)
			return ""
		}
		fmt.Fprintf(&b, "%v", token)
	}
}

// Marks stand below what they mark, also where a character becomes six.
func TestASCIIMarks(t *testing.T) {
	line := `  - name: 日本 # é`
	f := analyze.Finding{
		Rule: "KL999", Severity: analyze.Error, Title: "t", Message: "m", Position: pos("é.yaml", 3, 11, 13),
		Excerpt: []analyze.SourceLine{{File: "é.yaml", Number: 3, Text: line}},
	}
	var b bytes.Buffer
	if err := Report(&b, &analyze.Report{Findings: []analyze.Finding{f}, Counts: analyze.Counts{Objects: 1, Files: 1, Error: 1}}, Style{ASCII: true}); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(b.String(), "\n")
	i := slices.IndexFunc(lines, func(l string) bool { return strings.Contains(l, "- name") })
	if i < 0 || strings.Index(lines[i], `\u65e5\u672c`) != strings.Index(lines[i+1], strings.Repeat("^", 12)) {
		t.Errorf("the marks are elsewhere:\n%s", b.String())
	}
}

// Text is rewritten before it is laid out: lines still fit.
func TestASCIITextFits(t *testing.T) {
	e, tl, r := crashExplanation(), liveTimeline(), sampleReport()
	for _, v := range []any{e, tl, r} {
		poison(reflect.ValueOf(v), strings.Repeat("some words 日本語 … ", 20), "Command", "File", "Flag")
	}
	for _, columns := range []int{40, 80, 120} {
		st := Style{Width: columns, ASCII: true}
		fits(t, twice(t, func(b *bytes.Buffer) error { return Explanations(b, []*explain.Explanation{e}, false, st) }), columns)
		fits(t, twice(t, func(b *bytes.Buffer) error { return Timelines(b, []*analyze.Timeline{tl}, false, st) }), columns)
	}
	if tl.Spans[0].What != strings.Repeat("some words 日本語 … ", 20) {
		t.Error("drawing a document changed it")
	}
}

func TestASCIIText(t *testing.T) {
	for in, want := range map[string]string{
		"plain": "plain", "a … b": "a ... b", "5 × 3s ≤ 15s": "5 x 3s <= 15s", "⌈40s / 3s⌉ + 1": "ceil(40s / 3s) + 1",
		"日本": `\u65e5\u672c`, "🙂": `\U0001f642`, "\x9b31m": "\x9b31m", // the last is Escape's
	} {
		if got := asciiText(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
	var b bytes.Buffer
	if _, err := ASCIIOnly(&b).Write([]byte("a\x9bé")); err != nil || b.String() != `a?\u00e9` {
		t.Errorf("%q, %v", b.String(), err)
	}
}
