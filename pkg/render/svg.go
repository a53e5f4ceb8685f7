package render

import (
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// Measures of the picture, in pixels. All text is monospaced, the only kind
// whose width is known without the reader's fonts: 0.602 em in the widest of the
// usual ones.
const (
	svgWidth   = 1040.0
	svgMargin  = 16.0
	svgLabels  = 270.0 // where the chart begins
	svgNotes   = 776.0 // where the notes begin
	svgLeading = 18.0
	em         = 0.602
	titleSize  = 16.0
	textSize   = 13.0
	noteSize   = 12.0
)

const svgStyle = `text{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#1f2328}` +
	`.title{font-size:16px;font-weight:bold}.text{font-size:13px}.lane{font-size:13px;font-weight:bold}.note{font-size:12px}` +
	`.dim{fill:#59636e}.bad{fill:#cf222e}.page{fill:#ffffff}.grid{stroke:#d1d9e0;stroke-width:1}.zero{stroke:#818b98;stroke-width:1}` +
	`.fixed{fill:#0969da}.inferred{fill:#8250df}.assumed{fill:#bf8700}.possible{fill:none;stroke:#818b98;stroke-dasharray:4 3}` +
	`.signal{fill:#1f2328}.kill{stroke:#cf222e;stroke-width:3}.spared{stroke:#818b98;stroke-width:2}.now{stroke:#1a7f37;stroke-width:2}.nowtext{fill:#1a7f37}` +
	`@media (prefers-color-scheme:dark){text{fill:#f0f6fc}.dim{fill:#9198a1}.bad{fill:#ff7b72}.page{fill:#0d1117}.grid{stroke:#3d444d}.zero{stroke:#656c76}` +
	`.fixed{fill:#4493f8}.inferred{fill:#ab7df8}.assumed{fill:#d29922}.possible{stroke:#9198a1}.signal{fill:#f0f6fc}.kill{stroke:#f85149}` +
	`.spared{stroke:#9198a1}.now{stroke:#3fb950}.nowtext{fill:#3fb950}}`

// A svg is a picture of timelines, one below the other. Nothing in it overlaps:
// label, chart and note have zones of their own, and what is too long for its
// zone takes more lines.
type svg struct {
	b *strings.Builder
	y float64 // top of what comes next
}

// writeSVG writes one file without scripts, with titles as tooltips and colours
// for light and dark pages.
func writeSVG(w io.Writer, items []*analyze.Timeline) error {
	return write(w, []byte(svgOf(items, "k", true)))
}

// svgOf draws the timelines; id keeps the ids of several pictures in one page
// apart. A page that has headings of its own wants the picture without titles.
func svgOf(items []*analyze.Timeline, id string, titled bool) string {
	s := &svg{b: &strings.Builder{}, y: svgMargin}
	for i, tl := range items {
		if i > 0 {
			s.y += 2 * svgLeading
		}
		if titled {
			s.titles(tl)
		}
		if len(tl.Spans) > 0 {
			s.chart(tl)
		}
		s.chain(tl)
	}
	title, desc := fmt.Sprintf("%d timelines", len(items)), ""
	if len(items) == 1 {
		title, desc = timelineTitle(items[0]), items[0].Verdict.Headline
	}
	height := px(s.y + svgMargin)
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ` + px(svgWidth) + " " + height + `" width="` + px(svgWidth) + `" height="` + height +
		`" role="img" aria-labelledby="` + id + `t ` + id + `d"><title id="` + id + `t">` + escapeXML(title) + `</title><desc id="` + id + `d">` +
		escapeXML(desc) + "</desc>\n<style>" + svgStyle + "</style>\n" +
		`<rect class="page" width="100%" height="100%"/>` + "\n" + s.b.String() + "</svg>\n"
}

// escapeXML is for text and attributes of XML and HTML.
func escapeXML(s string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(Escape(s))); err != nil {
		return "" // a strings.Builder does not fail
	}
	return b.String()
}

func px(x float64) string {
	return strconv.FormatFloat(math.Round(x*100)/100, 'f', -1, 64)
}

// text writes lines of text that fit between two edges, and returns how high
// they are.
func (s *svg) text(class string, size, left, right, top float64, text string) float64 {
	columns := int((right - left) / (size * em))
	lines := line{t(plain, text)}.wrap(columns, 0)
	for i, l := range lines {
		fmt.Fprintf(s.b, `<text class="%s" x="%s" y="%s">%s</text>`+"\n", class, px(left), px(top+float64(i)*svgLeading+size), escapeXML(l.text()))
	}
	return float64(len(lines)) * svgLeading
}

func (s *svg) titles(tl *analyze.Timeline) {
	right := svgWidth - svgMargin
	s.y += s.text("title", titleSize, svgMargin, right, s.y, timelineTitle(tl)) + 2
	class := "text"
	if len(tl.Verdict.Killed) > 0 {
		class = "text bad"
	}
	s.y += s.text(class, textSize, svgMargin, right, s.y, tl.Verdict.Headline) + 8
}

func (s *svg) chart(tl *analyze.Timeline) {
	c := svgChart{svg: s, scale: newScale(tl.Spans, tl.Now, 66)}
	s.y += svgLeading
	head := s.y
	page := s.b
	s.b = &strings.Builder{} // the rows; the grid goes behind them, and needs their height
	s.y += 8
	for _, l := range lanesOf(tl) {
		if w := float64(width(Escape(l.title()))) * textSize * em; svgMargin+w > svgLabels-8 { // hide the grid behind it
			fmt.Fprintf(s.b, `<rect class="page" x="%s" y="%s" width="%s" height="17"/>`+"\n", px(svgMargin), px(s.y), px(min(w, svgWidth-2*svgMargin)))
		}
		s.y += s.text("lane", textSize, svgMargin, svgWidth-svgMargin, s.y, l.title()) + 2
		for _, row := range l.rows() {
			c.row(l, row)
		}
		s.y += 4
	}
	rows := s.b.String()
	s.b = page
	c.axis(head)
	s.b.WriteString(rows)
	if tl.Now != nil {
		x := px(c.x(*tl.Now))
		fmt.Fprintf(s.b, `<line class="now" x1="%s" y1="%s" x2="%s" y2="%s"/>`+"\n", x, px(head), x, px(s.y))
		s.y += s.text("note nowtext", noteSize, svgMargin, svgWidth-svgMargin, s.y, "you are here: at "+duration(*tl.Now)) + 2
	}
	s.legend(c.used)
	s.y += 8
}

// A svgChart maps seconds to pixels.
type svgChart struct {
	*svg
	scale scale
	used  legend
}

func (c *svgChart) x(at float64) float64 {
	right := svgNotes - svgMargin
	x := svgLabels + (at-c.scale.from)/(c.scale.end()-c.scale.from)*(right-svgLabels)
	return math.Min(math.Max(x, svgLabels), right)
}

// axis draws the grid behind the rows and its labels above them; a label that
// would touch its neighbour is left out.
func (c *svgChart) axis(top float64) {
	free := 0.0
	for i, at := range c.scale.marks() {
		x, class := c.x(at), "grid"
		if i == 0 {
			class = "zero"
		}
		fmt.Fprintf(c.b, `<line class="%s" x1="%s" y1="%s" x2="%s" y2="%s"/>`+"\n", class, px(x), px(top), px(x), px(c.y))
		label := duration(at)
		if w := float64(width(label)) * noteSize * em; x >= free {
			fmt.Fprintf(c.b, `<text class="note dim" x="%s" y="%s">%s</text>`+"\n", px(x), px(top-5), escapeXML(label))
			free = x + w + 8
		}
	}
}

func (c *svgChart) row(l lane, spans []analyze.Span) {
	first := spans[0]
	tip := l.Name + " · " + rowLabel(spans) + ": " + rowNote(spans)
	for _, extra := range wideNotes(first) {
		tip += ", " + extra
	}
	fmt.Fprintf(c.b, "<g><title>%s</title>\n", escapeXML(tip))
	for _, s := range spans {
		if isMoment(s) {
			c.moment(s)
		} else {
			c.bar(s)
		}
	}
	class := "note"
	if first.Kind == analyze.SpanKill && !first.NotReached {
		class = "note bad"
	}
	high := c.text("text", textSize, svgMargin+16, svgLabels-8, c.y+2, rowLabel(spans))
	high = max(high, c.text(class, noteSize, svgNotes, svgWidth-svgMargin, c.y+2, rowNote(spans)))
	c.b.WriteString("</g>\n")
	c.y += high + 4
}

func (c *svgChart) bar(s analyze.Span) {
	start, end := spanStart(s), spanEnd(s)
	x := c.x(start)
	wide := max(c.x(end)-x, 2)
	possible := s.End.Latest-end > jitter || math.IsInf(s.End.Latest, 1)
	switch {
	case uncertain(s):
		c.possible(x, c.x(s.End.Latest))
	default:
		class := "fixed"
		switch s.Basis {
		case analyze.Assumed:
			class, c.used.assumed = "assumed", true
		case analyze.Inferred:
			class, c.used.inferred = "inferred", true
		default:
			c.used.fixed = true
		}
		fmt.Fprintf(c.b, `<rect class="%s" x="%s" y="%s" width="%s" height="16" rx="2"/>`+"\n", class, px(x), px(c.y+2), px(wide))
	}
	if possible && !uncertain(s) {
		c.possible(x+wide, c.x(s.End.Latest))
	}
	if c.scale.beyond(end) || possible && c.scale.beyond(s.End.Latest) {
		c.arrow()
	}
}

func (c *svgChart) possible(from, to float64) {
	if to-from < 1 {
		return
	}
	c.used.mayLast = true
	fmt.Fprintf(c.b, `<rect class="possible" x="%s" y="%s" width="%s" height="15"/>`+"\n", px(from+0.5), px(c.y+2.5), px(to-from-1))
}

// arrow says that something goes on beyond the chart.
func (c *svgChart) arrow() {
	c.used.more = true
	x, y := svgNotes-svgMargin+2, c.y+4
	fmt.Fprintf(c.b, `<polygon class="signal" points="%s,%s %s,%s %s,%s"/>`+"\n", px(x), px(y), px(x+7), px(y+6), px(x), px(y+12))
}

func (c *svgChart) moment(s analyze.Span) {
	at := spanStart(s)
	x, y := c.x(at), c.y+2
	if s.Start.Latest-at > jitter && !math.IsInf(s.Start.Latest, 1) {
		c.possible(x, c.x(s.Start.Latest))
	}
	switch {
	case c.scale.beyond(at):
		c.arrow()
	case s.Kind == analyze.SpanKill:
		class := "kill"
		if s.NotReached {
			class = "spared"
		}
		fmt.Fprintf(c.b, `<path class="%s" d="M%s %sl12 12m0 -12l-12 12"/>`+"\n", class, px(x-6), px(y+2))
	default:
		fmt.Fprintf(c.b, `<polygon class="signal" points="%s,%s %s,%s %s,%s"/>`+"\n", px(x-6), px(y+1), px(x+6), px(y+1), px(x), px(y+14))
	}
}

// legend explains the fills that occur.
func (s *svg) legend(used legend) {
	s.y += 4
	x := svgMargin
	for _, e := range []struct {
		used        bool
		class, text string
	}{
		{used.fixed, "fixed", "set by the manifest or a default"},
		{used.inferred, "inferred", "read out of a script"},
		{used.assumed, "assumed", "assumed"},
		{used.mayLast, "possible", "may last until here"},
	} {
		if !e.used {
			continue
		}
		fmt.Fprintf(s.b, `<rect class="%s" x="%s" y="%s" width="14" height="10"/>`+"\n", e.class, px(x), px(s.y+3))
		fmt.Fprintf(s.b, `<text class="note dim" x="%s" y="%s">%s</text>`+"\n", px(x+20), px(s.y+noteSize), escapeXML(e.text))
		x += 20 + float64(width(e.text))*noteSize*em + 24
	}
	if used.more {
		fmt.Fprintf(s.b, `<polygon class="signal" points="%s,%s %s,%s %s,%s"/>`+"\n", px(x), px(s.y+2), px(x+7), px(s.y+8), px(x), px(s.y+14))
		fmt.Fprintf(s.b, `<text class="note dim" x="%s" y="%s">goes on beyond the chart</text>`+"\n", px(x+14), px(s.y+noteSize))
	}
	s.y += svgLeading
}

// chain writes what the seconds are made of.
func (s *svg) chain(tl *analyze.Timeline) {
	steps := links(tl)
	if len(steps) < 2 {
		return
	}
	right := svgWidth - svgMargin
	s.y += s.text("lane", textSize, svgMargin, right, s.y, "What the "+duration(steps[0].over)+" are made of") + 2
	for i, l := range steps {
		text := l.what + " @" + duration(l.over)
		if l.takes >= shortest {
			text += " +" + duration(l.takes)
		}
		if l.source != "" {
			text += "  (" + l.source + ")"
		}
		s.y += s.text("note", noteSize, svgMargin+16+float64(min(i, 6))*16, right, s.y, text)
	}
}
