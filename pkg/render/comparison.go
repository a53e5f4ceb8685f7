package render

import (
	"io"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// Comparisons writes pairs of timelines: what changes as a table, then both
// charts to one scale. It fails with ErrFormat for a format that it does not have.
func Comparisons(w io.Writer, items []*analyze.Comparison, asList bool, st Style) error {
	w, items = st.out(w), drawn(st, items)
	var refs []analyze.Ref
	var both []*analyze.Timeline
	for _, c := range items {
		refs = append(refs, c.Subject)
		for _, side := range c.Items {
			both = append(both, labelled(side))
		}
	}
	if known, err := st.object(w, one("Comparison", items, asList), refs); known {
		return err
	}
	switch st.Format {
	case "", "wide", "table":
		return pages(w, st, items, (*page).comparison)
	case "svg":
		return writeSVG(w, both)
	case "html":
		return htmlTimelines(w, both)
	case "markdown":
		m := &mdPage{}
		for _, c := range items {
			markdownComparison(m, c)
		}
		return m.writeTo(w)
	}
	return st.unknownFormat("Comparison")
}

// labelled is a side's timeline with its label before the answer.
func labelled(side analyze.ComparedSide) *analyze.Timeline {
	tl := *side.Timeline
	tl.Verdict.Headline = side.Label + ": " + tl.Verdict.Headline
	return &tl
}

// A change is one row of a comparison.
type change struct{ what, before, after, shift string }

func changes(c *analyze.Comparison) []change {
	names := map[string]string{}
	for _, side := range c.Items {
		for _, e := range side.Timeline.Events {
			names[e.ID] = eventText(e)
		}
	}
	var out []change
	for _, e := range c.Changes {
		row := change{what: names[e.ID], before: "does not happen", after: "does not happen"}
		if row.what == "" {
			row.what = e.ID
		}
		if e.Before != nil {
			row.before = moment(*e.Before) + upTo(*e.Before, 0)
		}
		if e.After != nil {
			row.after = moment(*e.After) + upTo(*e.After, 0)
		}
		if e.ShiftSeconds != nil && *e.ShiftSeconds != 0 {
			row.shift = duration(*e.ShiftSeconds)
			if *e.ShiftSeconds > 0 {
				row.shift = "+" + row.shift
			}
		}
		out = append(out, row)
	}
	return out
}

func (p *page) comparison(c *analyze.Comparison) error {
	p.prose(2, t(strong, "Comparing "+c.Subject.String()))
	for _, side := range c.Items {
		p.prose(4, piece{"  ", plain}, t(strong, side.Label+": "), t(verdictRole(side.Timeline), side.Timeline.Verdict.Headline))
	}
	p.blank()
	rows := changes(c)
	if len(rows) == 0 {
		p.prose(2, t(good, "nothing changes"))
		return nil
	}
	titles := []string{"BEFORE", "AFTER"}
	for i, side := range c.Items[:min(len(c.Items), 2)] {
		titles[i] = side.Label
	}
	cols := []column{{title: "WHAT", wraps: true}, {title: titles[0], wraps: true}, {title: titles[1], wraps: true}, {title: "SHIFT", right: true}}
	var cells [][]line
	for _, r := range rows {
		cells = append(cells, []line{ln(r.what), ln(r.before), ln(r.after), {t(accent, r.shift)}})
	}
	if err := p.table(0, cols, cells); err != nil {
		return err
	}
	if p.narrow() || p.Format == "table" {
		return nil
	}
	var all []analyze.Span
	for _, side := range c.Items {
		all = append(all, side.Timeline.Spans...)
	}
	for _, side := range c.Items {
		p.blank()
		p.prose(2, t(strong, side.Label))
		p.gantt(side.Timeline, all)
	}
	return nil
}

func markdownComparison(m *mdPage, c *analyze.Comparison) {
	m.para("## Comparing %s", md(c.Subject.String()))
	for _, side := range c.Items {
		m.b.WriteString("- **" + md(side.Label) + "**: " + md(side.Timeline.Verdict.Headline) + "\n")
	}
	m.b.WriteString("\n")
	var rows [][]string
	for _, r := range changes(c) {
		rows = append(rows, []string{md(r.what), md(r.before), md(r.after), md(r.shift)})
	}
	m.table([]string{"what", "before", "after", "shift"}, rows)
}
