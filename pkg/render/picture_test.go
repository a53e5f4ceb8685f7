package render

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

type box struct {
	left, top, right, bottom float64
	text                     string
}

// textBoxes reads a picture as a viewer would, and computes where its texts are.
func textBoxes(t *testing.T, data []byte) (boxes []box, high float64) {
	t.Helper()
	size := map[string]float64{"title": titleSize, "text": textSize, "lane": textSize, "note": noteSize}
	dec := xml.NewDecoder(bytes.NewReader(data))
	var cur *box
	number := func(s string) float64 {
		x, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return boxes, high
		}
		if err != nil {
			t.Fatal(err)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			attr := map[string]string{}
			for _, a := range tok.Attr {
				attr[a.Name.Local] = a.Value
			}
			switch tok.Name.Local {
			case "script", "image", "use", "foreignObject":
				t.Errorf("a picture must not hold <%s>", tok.Name.Local)
			case "svg":
				high = number(attr["height"])
			case "text":
				first, _, _ := strings.Cut(attr["class"], " ")
				x, y := number(attr["x"]), number(attr["y"])
				cur = &box{left: x, top: y - size[first]*0.8, right: x, bottom: y + size[first]*0.2}
				cur.text = first
			}
		case xml.CharData:
			if cur != nil {
				cur.right = cur.left + float64(width(string(tok)))*size[cur.text]*em
				cur.text = string(tok)
			}
		case xml.EndElement:
			if tok.Name.Local == "text" && cur != nil {
				boxes, cur = append(boxes, *cur), nil
			}
		}
	}
}

func TestPicturesDoNotOverlap(t *testing.T) {
	samples := sampleTimelines()
	var all []*analyze.Timeline
	for _, name := range sortedKeys(samples) {
		all = append(all, samples[name])
	}
	hostileOne := shopTimeline()
	for i := range hostileOne.Spans {
		hostileOne.Spans[i].What = strings.Repeat("日本 long ", 12) + hostileText
		hostileOne.Spans[i].Note = hostileText
	}
	cases := map[string][]*analyze.Timeline{"all": all, "hostile": {hostileOne}}
	for name, tl := range samples {
		cases[name] = []*analyze.Timeline{tl}
	}
	for name, items := range cases {
		t.Run(name, func(t *testing.T) {
			got := twice(t, func(b *bytes.Buffer) error { return Timelines(b, items, false, Style{Format: "svg"}) })
			boxes, high := textBoxes(t, got)
			if len(boxes) < 5 {
				t.Fatalf("only %d texts", len(boxes))
			}
			for i, a := range boxes {
				if a.left < 0 || a.right > svgWidth || a.top < 0 || a.bottom > high {
					t.Errorf("outside of the picture: %+v", a)
				}
				for _, b := range boxes[:i] {
					if a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom {
						t.Errorf("%+v overlaps %+v", a, b)
					}
				}
			}
			if bytes.Contains(got, []byte("var(--")) {
				t.Error("some viewers draw colour variables black")
			}
		})
	}
}

func TestPictureGoldens(t *testing.T) {
	for format, ext := range map[string]string{"svg": "svg", "html": "html", "mermaid": "mmd", "markdown": "md", "trace": "json"} {
		got := twice(t, func(b *bytes.Buffer) error {
			return Timelines(b, []*analyze.Timeline{shopTimeline()}, false, Style{Format: format})
		})
		golden(t, "picture/shop."+ext, got)
	}
}

// HTML is self-contained: no scripts, nothing loaded, each id once.
func TestPageIsSelfContained(t *testing.T) {
	got := string(twice(t, func(b *bytes.Buffer) error {
		return Timelines(b, []*analyze.Timeline{shopTimeline(), killedTimeline(30)}, true, Style{Format: "html"})
	}))
	for _, bad := range []string{"<script", "src=", "@import", "url(", "<link", "onload"} {
		if strings.Contains(got, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	for _, id := range []string{`id="k0t"`, `id="k1t"`, `id="k0d"`} {
		if strings.Count(got, id) != 1 {
			t.Errorf("%s occurs %d times", id, strings.Count(got, id))
		}
	}
}

// The names are those that Mermaid was seen to stumble over.
func TestMermaidNames(t *testing.T) {
	for _, name := range []string{
		"gantt", "title x", "dateFormat", "axisFormat", "topAxis", "inclusiveEndDates", "excludes", "includes", "todayMarker",
		"tickInterval", "accTitle", "accDescr", "section", "click", "%%", "a:b", "a;b", "a#b", "2026-01-01", "weekday", "a,b", "done", "<b>", `"`,
	} {
		tl := shopTimeline()
		tl.Spans = tl.Spans[:2]
		tl.Spans[1].What, tl.Spans[1].Lane = name, name
		var b bytes.Buffer
		if err := Timelines(&b, []*analyze.Timeline{tl}, false, Style{Format: "mermaid"}); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(b.String()), "\n")
		last, section := strings.TrimSpace(lines[len(lines)-1]), strings.TrimSpace(lines[len(lines)-2])
		text, data, _ := strings.Cut(last, " :")
		if !strings.HasPrefix(text, "· ") || strings.ContainsAny(text, ":%<>\"") || !strings.HasPrefix(data, "done, ") {
			t.Errorf("%q became the task %q", name, last)
		}
		if !strings.HasPrefix(section, "section · ") || strings.ContainsAny(section[8:], ":%<>\"") {
			t.Errorf("%q became the section %q", name, section)
		}
	}
}

func TestTraceHoldsEachSpan(t *testing.T) {
	var b bytes.Buffer
	tl := shopTimeline()
	if err := Timelines(&b, []*analyze.Timeline{tl}, false, Style{Format: "trace"}); err != nil {
		t.Fatal(err)
	}
	var trace struct {
		TraceEvents []struct {
			Name, Ph string
			Ts, Dur  int64
			Tid      int
			Args     map[string]string
		}
	}
	if err := json.Unmarshal(b.Bytes(), &trace); err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, e := range trace.TraceEvents {
		count[e.Ph]++
		if e.Name == "preStop sleep" {
			if diff := cmp.Diff([]int64{0, 10_000_000}, []int64{e.Ts, e.Dur}); diff != "" {
				t.Error(diff)
			}
			if e.Args["position"] != "web.yaml:24:15" {
				t.Errorf("position is %q", e.Args["position"])
			}
		}
	}
	if diff := cmp.Diff(map[string]int{"M": 5, "X": 4, "i": 3}, count); diff != "" {
		t.Error(diff)
	}
}
