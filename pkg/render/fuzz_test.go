package render

import (
	"bytes"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/explain"
)

// Whatever stands in a value, no format panics, hangs or lets through what a
// terminal acts on, and charts keep to the width.
func FuzzOutputs(f *testing.F) {
	f.Add(hostileText, 0.0, 10.0, 30.0, 12, 80)
	f.Add("x", 5.0, math.Inf(1), math.Inf(1), -3, 50)
	f.Add("", 0.0, 1e300, 1e-300, 1<<40, 20)
	f.Add("1\u202e\tx\r\n y", 0.3, 0.04, 2.0001, 3, 61)
	f.Add("(1)", -1e9, 0.0, 86400.0, 0, 1000)
	f.Fuzz(func(t *testing.T, s string, earliest, likely, latest float64, number, columns int) {
		if math.IsNaN(earliest) || math.IsInf(earliest, 0) || math.IsNaN(likely) || math.IsNaN(latest) || math.IsInf(likely, -1) || math.IsInf(latest, -1) {
			t.Skip("moments are numbers; only the likely and the latest may be unlimited")
		}
		if len(s) > 2000 {
			s = s[:2000]
		}
		b := analyze.Bounds{Earliest: earliest, Likely: likely, Latest: latest}
		e, tl, r := crashExplanation(), liveTimeline(), sampleReport()
		for _, v := range []any{e, tl, r} {
			poison(reflect.ValueOf(v), s)
		}
		for i := range tl.Spans {
			if i%2 == 0 {
				tl.Spans[i].Start = b
			}
			tl.Spans[i].End = b
		}
		for i := range tl.Events {
			tl.Events[i].At = b
		}
		tl.Now = &earliest
		for i := range r.Findings {
			r.Findings[i].Line, r.Findings[i].Column, r.Findings[i].EndColumn = number%16, number, number+columns%7
			for j := range r.Findings[i].Excerpt {
				r.Findings[i].Excerpt[j].Number = number % 16
			}
		}
		check := func(format string, err error, out []byte) {
			if strings.Contains(format, "template") || strings.Contains(format, "jsonpath") {
				out = bytes.ReplaceAll(out, []byte("\t"), nil)
			}
			if problem := tame(out, true); err == nil && problem != "" && !strings.Contains(problem, `\ufe0`) {
				t.Errorf("%s: %s", format, problem)
			}
		}
		for kind, write := range map[string]func(*bytes.Buffer, Style) error{
			"Explanation": func(b *bytes.Buffer, st Style) error { return Explanations(b, []*explain.Explanation{e}, false, st) },
			"Timeline":    func(b *bytes.Buffer, st Style) error { return Timelines(b, []*analyze.Timeline{tl}, false, st) },
			"Report":      func(b *bytes.Buffer, st Style) error { return Report(b, r, st) },
		} {
			eachFormat(kind, func(st Style) {
				var out bytes.Buffer
				st.Width = columns % 500
				err := write(&out, st)
				check(kind+" "+st.Format, err, out.Bytes())
			})
		}
	})
}
