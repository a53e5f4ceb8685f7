package render

import (
	"fmt"
	"io"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/explain"
)

// md makes any text safe in Markdown, in tables too.
func md(s string) string {
	var b strings.Builder
	for _, r := range Escape(s) {
		switch r {
		case '&':
			b.WriteString("&amp;")
			continue
		case '<':
			b.WriteString("&lt;")
			continue
		case '\\', '`', '*', '_', '[', ']', '|', '~', '#', '!':
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// mdCode is text in backticks, or escaped text where that cannot be.
func mdCode(s string) string {
	s = Escape(s)
	if s == "" || strings.ContainsAny(s, "`|") {
		return md(s)
	}
	return "`" + s + "`"
}

// A mdPage builds a Markdown document.
type mdPage struct{ b strings.Builder }

func (m *mdPage) para(format string, args ...any) { fmt.Fprintf(&m.b, format+"\n\n", args...) }

// table writes a table; the cells are Markdown already.
func (m *mdPage) table(head []string, rows [][]string) {
	if len(rows) == 0 {
		return
	}
	line := func(cells []string) { m.b.WriteString("| " + strings.Join(cells, " | ") + " |\n") }
	line(head)
	m.b.WriteString("|" + strings.Repeat(" --- |", len(head)) + "\n")
	for _, r := range rows {
		line(r)
	}
	m.b.WriteString("\n")
}

func (m *mdPage) writeTo(w io.Writer) error {
	return write(w, []byte(strings.TrimRight(m.b.String(), "\n")+"\n"))
}

func markdownTimelines(w io.Writer, items []*analyze.Timeline) error {
	m := &mdPage{}
	for _, tl := range items {
		m.para("## %s", md(timelineTitle(tl)))
		m.para("%s", md(tl.Verdict.Headline))
		if len(tl.Spans) > 0 {
			var chart strings.Builder
			if err := mermaidGantt(&chart, []*analyze.Timeline{tl}); err != nil {
				return err
			}
			m.para("```mermaid\n%s```", chart.String())
		}
		var rows [][]string
		for _, s := range byTime(tl.Spans) {
			rows = append(rows, []string{duration(spanStart(s)), md(s.Lane), md(s.What), md(spanNote(s)), mdCode(source(s))})
		}
		m.table([]string{"at", "who", "what", "takes", "source"}, rows)
		mdList(m, "What to change", tl.Verdict.Advice, func(a analyze.Advice) string {
			return strings.TrimSuffix(md(a.Summary)+" ("+md(a.Arithmetic)+")", " ()")
		})
		mdList(m, "What is assumed", tl.Assumptions, func(a analyze.Assumption) string {
			return fmt.Sprintf("%s, %s: %s", mdCode(strings.TrimPrefix(a.Container+"."+a.Key, ".")+"="+a.Value), strings.ToLower(string(a.Basis)), md(a.Why))
		})
		mdFindings(m, tl.Findings)
		mdGaps(m, tl.Gaps)
	}
	return m.writeTo(w)
}

func mdList[T any](m *mdPage, title string, items []T, text func(T) string) {
	if len(items) == 0 {
		return
	}
	m.para("**%s**", title)
	for _, item := range items {
		m.b.WriteString("- " + text(item) + "\n")
	}
	m.b.WriteString("\n")
}

func mdGaps(m *mdPage, gaps []analyze.Gap) {
	mdList(m, "What is not known", gaps, func(g analyze.Gap) string { return strings.TrimSuffix(md(g.What)+": "+md(g.Why), ": ") })
}

func mdFindings(m *mdPage, list []analyze.Finding) {
	var rows [][]string
	for i := range list {
		f := &list[i]
		if f.Suppressed == nil {
			rows = append(rows, []string{f.Severity.String(), mdCode(f.Rule), mdCode(place(f)), md(f.Object.String()), md(f.Message), md(f.Help)})
		}
	}
	m.table([]string{"severity", "rule", "place", "object", "what is wrong", "what to do"}, rows)
}

func markdownReport(w io.Writer, r *analyze.Report) error {
	m := &mdPage{}
	m.para("## Lifecycle lint")
	p := newPage(Style{ShowInfo: true})
	m.para("%s", md(p.countLine(r).text()))
	mdList(m, "What cannot be read", r.Errors, func(e analyze.InputError) string { return mdCode(e.String()) + ": " + md(e.Message) })
	mdFindings(m, r.Findings)
	q := newPage(Style{Width: 10000})
	q.skipped(r.Skipped)
	mdList(m, "What could not be judged", q.lines, func(l line) string { return md(l.text()) })
	mdGaps(m, r.Gaps)
	return m.writeTo(w)
}

func markdownExplanations(w io.Writer, items []*explain.Explanation, st Style) error {
	m := &mdPage{}
	p := newPage(st)
	for _, e := range items {
		m.para("## %s", md(e.Subject.String()))
		m.para("**%s**", md(e.Headline))
		mdList(m, "Why", e.Reasons, func(r explain.Reason) string { return mdReason(e, r) })
		var rows [][]string
		for _, c := range e.Containers {
			rows = append(rows, []string{md(c.Name), md(string(c.Type)), md(containerState(c)), md(c.Meaning)})
		}
		m.table([]string{"container", "type", "state", "meaning"}, rows)
		mdList(m, "Whose", e.Owners, func(o explain.Owner) string {
			return strings.TrimSuffix(md(kindName(o.Object))+": "+md(o.Summary), ": ")
		})
		mdList(m, "So what", e.Effects, func(f explain.Effect) string { return md(f.Summary) })
		mdList(m, "What comes next", e.Outlook, func(o explain.Outlook) string { return md(p.outlookTime(o, e.Taken)) + ": " + md(o.What) })
		if len(e.Actions) > 0 {
			m.para("**What to try**")
			m.b.WriteString("```sh\n")
			for _, a := range e.Actions {
				m.b.WriteString("# " + Escape(a.Why) + "\n" + Escape(a.Command) + "\n")
			}
			m.b.WriteString("```\n\n")
		}
		mdGaps(m, e.Gaps)
	}
	return m.writeTo(w)
}

func mdReason(e *explain.Explanation, r explain.Reason) string {
	text := md(r.Summary)
	if r.Detail != "" {
		text += ". " + md(r.Detail)
	}
	var facts []string
	for _, ev := range r.Evidence {
		facts = append(facts, mdCode(fact(ev, e.Subject, ev.Path)))
	}
	return strings.TrimSuffix(text+" ("+strings.Join(facts, "; ")+")", " ()")
}
