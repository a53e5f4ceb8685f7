package render

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/explain"
)

// A list is written item by item; the bytes are those of the whole.
func TestListsAreStreamedUnchanged(t *testing.T) {
	for _, items := range [][]*analyze.Timeline{{shopTimeline(), killedTimeline(30)}, {shopTimeline()}, {}} {
		doc := list[*analyze.Timeline]{analyze.APIVersion, "TimelineList", items}
		want, err := documentJSON(doc)
		if err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		if err := Timelines(&got, items, true, Style{Format: "json"}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got.String()); diff != "" {
			t.Error(diff)
		}
	}
}

// One named subject is one document; anything else is a list.
func TestOneOrList(t *testing.T) {
	e := crashExplanation()
	tests := []struct {
		items  []*explain.Explanation
		asList bool
		want   string
	}{
		{[]*explain.Explanation{e}, false, "Explanation"},
		{[]*explain.Explanation{e}, true, "ExplanationList"},
		{[]*explain.Explanation{e, e}, false, "ExplanationList"},
		{nil, false, "ExplanationList"},
	}
	for _, tt := range tests {
		var b bytes.Buffer
		if err := Explanations(&b, tt.items, tt.asList, Style{Format: "jsonpath={.kind}"}); err != nil {
			t.Fatal(err)
		}
		if b.String() != tt.want {
			t.Errorf("%d items, list %v: kind %s, want %s", len(tt.items), tt.asList, b.String(), tt.want)
		}
	}
}

func TestKubectlFormats(t *testing.T) {
	tests := map[string]string{
		"name":                              "pod/api-7d4b9c-k8x2p\ndeployment.apps/api\nreplicaset.apps/api-7d4b9c\n",
		"jsonpath={.subject.name}":          "api-7d4b9c-k8x2p",
		"jsonpath={.nothing}":               "",
		"go-template={{.state}}{{\"\\n\"}}": "Failing\n",
		"jsonpath-as-json={.ready}":         "[\n    \"1/2\"\n]\n",
	}
	for format, want := range tests {
		var b bytes.Buffer
		if err := Explanations(&b, []*explain.Explanation{crashExplanation()}, false, Style{Format: format}); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, b.String()); diff != "" {
			t.Errorf("%s: %s", format, diff)
		}
	}
	for _, format := range []string{"jsonpath={", "go-template={{", "go-template={{.a.b.c.d.e}}{{index .conditions 99}}", "nonsense", "svg"} {
		err := Explanations(&bytes.Buffer{}, []*explain.Explanation{crashExplanation()}, false, Style{Format: format})
		if err == nil || strings.Contains(err.Error(), "map[") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error %v", format, err)
		}
	}
	if err := Report(&bytes.Buffer{}, sampleReport(), Style{Format: "svg"}); !errors.Is(err, ErrFormat) || !strings.Contains(err.Error(), "sarif") {
		t.Errorf("error %v does not list the formats", err)
	}
}

// Readers may loop over the lists of the contract without asking first.
func TestAbsentListsAreEmpty(t *testing.T) {
	var b bytes.Buffer
	if err := Timelines(&b, []*analyze.Timeline{{}}, false, Style{Format: "json"}); err != nil {
		t.Fatal(err)
	}
	var doc map[string]json.RawMessage
	if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	for _, field := range []string{"events", "spans", "criticalChain", "assumptions", "gaps"} {
		if string(doc[field]) != "[]" {
			t.Errorf("%s is %s", field, doc[field])
		}
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestWriteErrorsAreReported(t *testing.T) {
	renderers := map[string]func(Style) error{
		"Explanation": func(st Style) error {
			return Explanations(brokenPipe{}, []*explain.Explanation{crashExplanation()}, true, st)
		},
		"Timeline":   func(st Style) error { return Timelines(brokenPipe{}, []*analyze.Timeline{shopTimeline()}, true, st) },
		"Report":     func(st Style) error { return Report(brokenPipe{}, sampleReport(), st) },
		"Summary":    func(st Style) error { return Summary(brokenPipe{}, sampleSummary(), st) },
		"Glossary":   func(st Style) error { return Glossary(brokenPipe{}, sampleGlossary(), st) },
		"RuleList":   func(st Style) error { return RuleList(brokenPipe{}, sampleRules(), st) },
		"Comparison": func(st Style) error { return Comparisons(brokenPipe{}, sampleComparisons(), true, st) },
	}
	for kind, f := range renderers {
		eachFormat(kind, func(st Style) {
			if err := f(st); err == nil || !strings.Contains(err.Error(), "broken pipe") {
				t.Errorf("%s as %q: error %v", kind, st.Format, err)
			}
		})
	}
}

func BenchmarkTimelineJSON(b *testing.B) {
	items := []*analyze.Timeline{shopTimeline()}
	for b.Loop() {
		var out bytes.Buffer
		if err := Timelines(&out, items, false, Style{Format: "json"}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTimelineText(b *testing.B) {
	items := []*analyze.Timeline{shopTimeline()}
	for b.Loop() {
		var out bytes.Buffer
		if err := Timelines(&out, items, false, Style{Width: 80}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReportText(b *testing.B) {
	r := sampleReport()
	for b.Loop() {
		var out bytes.Buffer
		if err := Report(&out, r, Style{Width: 80}); err != nil {
			b.Fatal(err)
		}
	}
}
