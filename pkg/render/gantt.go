package render

import (
	"math"
	"slices"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// A gantt is the chart of a timeline in text: three zones from left to right,
// what, when, and how long and how that is known.
type gantt struct {
	*page
	lanes  []lane
	scale  scale
	now    *float64
	labels int // width of the first zone
	notes  int // width of the third
	used   legend
}

type legend struct{ fixed, inferred, assumed, mayLast, more bool }

// minChart is the least number of columns in which a chart says anything.
const minChart = 25

// gantt draws the chart of a timeline, to a scale that all spans share: its own,
// or also those of another.
func (p *page) gantt(tl *analyze.Timeline, all []analyze.Span) {
	g := &gantt{page: p, lanes: lanesOf(tl), now: tl.Now}
	g.zones(all)
	g.axis()
	for _, l := range g.lanes {
		p.prose(0, t(strong, l.title()))
		for _, same := range l.rows() {
			g.row(same)
		}
	}
	g.here()
	p.blank()
	g.legend()
}

// zones divides the columns: labels and notes get what they need up to a part
// of the whole, the chart gets the rest, down to whole ticks.
func (g *gantt) zones(spans []analyze.Span) {
	total := g.columns()
	label, note := 12, 8
	for _, l := range g.lanes {
		for _, row := range l.rows() {
			label = max(label, 2+width(Escape(rowLabel(row))))
			note = max(note, width(Escape(rowNote(row))))
		}
	}
	if g.now != nil {
		label = max(label, 2+len("you are here"))
	}
	g.labels = min(label+2, max(total*3/10, 18))
	share := total * 3 / 10
	if g.wide() {
		share = total * 45 / 100
		for _, s := range spans {
			for _, extra := range wideNotes(s) {
				note = max(note, width(Escape(extra)))
			}
		}
	}
	g.notes = min(note, max(total-g.labels-minChart-2, 12), share)
	room := max(total-g.labels-g.notes-2, minChart)
	g.scale = newScale(spans, g.now, room)
	g.notes = max(total-g.labels-g.scale.width()-2, 12)
}

// axis draws the labels of the ticks and the ruler below them.
func (g *gantt) axis() {
	labels := []rune(strings.Repeat(" ", g.scale.width()+10))
	free := 0
	for _, at := range g.scale.marks() {
		text := []rune(duration(at))
		c := g.scale.column(at)
		if c < free || g.labels+c+len(text) > g.columns() {
			continue // it would touch its neighbour, or leave the page
		}
		copy(labels[c:], text)
		free = c + len(text) + 1
	}
	rule := strings.Repeat(strings.Repeat(g.g.axis, g.scale.per-1)+g.g.tick, g.scale.ticks)
	rule = g.g.axisStart + strings.TrimSuffix(rule, g.g.tick) + g.g.axisEnd
	indent := piece{strings.Repeat(" ", g.labels), plain}
	g.add(line{indent, piece{string(labels), dim}}, line{indent, piece{rule, dim}})
}

// A canvas is the chart zone of one row.
type canvas struct {
	glyph []string
	role  []role
}

func (g *gantt) canvas() canvas {
	c := canvas{make([]string, g.scale.width()), make([]role, g.scale.width())}
	for i := range c.glyph {
		c.glyph[i] = " "
	}
	if g.now != nil {
		c.set(g.scale.column(*g.now), g.scale.column(*g.now)+1, g.g.here, dim)
	}
	return c
}

func (c canvas) set(from, to int, glyph string, r role) {
	for i := max(from, 0); i < min(to, len(c.glyph)); i++ {
		c.glyph[i], c.role[i] = glyph, r
	}
}

func (c canvas) line() line {
	var out line
	for i, glyph := range c.glyph {
		if n := len(out); n > 0 && out[n-1].role == c.role[i] {
			out[n-1].text += glyph
			continue
		}
		out = append(out, piece{glyph, c.role[i]})
	}
	return out
}

// row draws the spans of one row. Labels and notes too long for their zones go on
// below.
func (g *gantt) row(spans []analyze.Span) {
	first := spans[0]
	label := line{t(plain, rowLabel(spans))}.wrap(max(g.labels-4, 8), 0)
	note := line{t(noteRole(first), rowNote(spans))}.wrap(g.notes, 0)
	if g.wide() {
		for _, extra := range wideNotes(first) {
			note = append(note, line{t(dim, extra)}.wrap(g.notes, 2)...)
		}
	}
	c := g.canvas()
	for _, s := range spans {
		if isMoment(s) {
			g.mark(c, s)
		} else {
			g.bar(c, s)
		}
	}
	for i := range max(len(label), len(note)) {
		row := line{{"  ", plain}}
		if i < len(label) {
			row = append(row, label[i]...)
		}
		row = row.pad(g.labels)
		if i == 0 {
			row = append(row, c.line()...)
		} else {
			row = append(row, g.canvas().line()...)
		}
		if i < len(note) {
			row = append(append(row, piece{"  ", plain}), note[i]...)
		}
		g.add(row)
	}
}

func wideNotes(s analyze.Span) []string {
	var out []string
	if s.Position != nil && s.Position.Line > 0 {
		out = append(out, s.Position.String())
	}
	if s.Field != "" {
		out = append(out, s.Field)
	}
	if s.Flag != "" {
		out = append(out, s.Flag)
	}
	return out
}

func noteRole(s analyze.Span) role {
	switch {
	case s.NotReached:
		return dim
	case s.Kind == analyze.SpanKill:
		return bad
	case s.Basis == analyze.Assumed, s.Basis == analyze.Inferred:
		return warn
	}
	return plain
}

func (g *gantt) mark(c canvas, s analyze.Span) {
	at := spanStart(s)
	if b := s.Start; !math.IsInf(b.Latest, 1) && b.Latest-b.Likely > jitter || uncertain(s) {
		g.mayLast(c, at, b.Latest)
	}
	glyph, r := g.g.signal, accent
	switch {
	case s.Kind == analyze.SpanKill && s.NotReached:
		glyph, r = g.g.kill, dim
	case s.Kind == analyze.SpanKill:
		glyph, r = g.g.kill, bad
	}
	if g.scale.beyond(at) {
		glyph, g.used.more = g.g.more, true
	}
	c.set(g.scale.column(at), g.scale.column(at)+1, glyph, r)
}

func (g *gantt) bar(c canvas, s analyze.Span) {
	start, end := spanStart(s), spanEnd(s)
	from := g.scale.column(start)
	to := max(g.scale.column(end), from+1) // even the shortest is seen
	from = min(from, g.scale.width()-1)
	if math.IsInf(s.End.Latest, 1) || s.End.Latest-end > jitter {
		g.mayLast(c, end, s.End.Latest)
	}
	if !uncertain(s) {
		glyph, r := g.fill(s.Basis)
		c.set(from, to, glyph, r)
	} else {
		g.mayLast(c, start, s.End.Latest)
	}
	if g.scale.beyond(end) {
		c.set(g.scale.width()-1, g.scale.width(), g.g.more, accent)
		g.used.more = true
	}
}

// mayLast draws how far something may reach.
func (g *gantt) mayLast(c canvas, from, to float64) {
	a, b := g.scale.column(from), g.scale.column(to)
	if b > a {
		g.used.mayLast = true
	}
	c.set(a, b, g.g.mayLast, dim)
	if g.scale.beyond(to) {
		c.set(g.scale.width()-1, g.scale.width(), g.g.more, dim)
		g.used.more = true
	}
}

func (g *gantt) fill(b analyze.Basis) (string, role) {
	switch b {
	case analyze.Assumed:
		g.used.assumed = true
		return g.g.assumed, warn
	case analyze.Inferred:
		g.used.inferred = true
		return g.g.inferred, warn
	default:
		g.used.fixed = true
		return g.g.fixed, accent
	}
}

// here draws the moment of the snapshot for a pod that is on its way.
func (g *gantt) here() {
	if g.now == nil {
		return
	}
	c := g.canvas()
	c.set(g.scale.column(*g.now), g.scale.column(*g.now)+1, g.g.here, strong)
	row := append(line{{"  you are here", strong}}.pad(g.labels), c.line()...)
	g.add(append(row, piece{"  ", plain}, t(strong, "at "+duration(*g.now))))
}

// legend explains the characters that were used, and no others.
func (g *gantt) legend() {
	entries := []struct {
		used  bool
		glyph string
		role  role
		text  string
	}{
		{g.used.fixed, g.g.fixed, accent, "set by the manifest or a default"},
		{g.used.inferred, g.g.inferred, warn, "read out of a script"},
		{g.used.assumed, g.g.assumed, warn, "assumed"},
		{g.used.mayLast, g.g.mayLast, dim, "may last until here"},
		{g.used.more, g.g.more, accent, "goes on beyond the chart"},
	}
	var out line
	for _, e := range entries {
		if !e.used {
			continue
		}
		entry := line{{"  ", plain}, {e.glyph, e.role}, {" " + e.text, dim}}
		if len(out) > 0 && out.width()+1+entry.width() > g.columns() {
			g.add(out)
			out = nil
		}
		if len(out) > 0 {
			out = append(out, piece{" ", plain})
		}
		out = append(out, entry...)
	}
	if len(out) > 0 {
		g.add(out)
	}
}

// byTime sorts spans for lists: by start, moments after the bars that end there.
func byTime(spans []analyze.Span) []analyze.Span {
	out := slices.Clone(spans)
	slices.SortStableFunc(out, func(a, b analyze.Span) int {
		switch x, y := spanStart(a), spanStart(b); {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	return out
}
