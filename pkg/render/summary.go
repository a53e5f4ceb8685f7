package render

import (
	"fmt"
	"io"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/explain"
)

// Summary writes everything that is not well, grouped by root cause. It fails
// with ErrFormat for a format that summaries do not have.
func Summary(w io.Writer, s *explain.Summary, st Style) error {
	w, s = st.out(w), drawn(st, s)
	var refs []analyze.Ref
	for _, g := range s.Groups {
		refs = append(refs, g.Subjects...)
	}
	if known, err := st.object(w, s, refs); known {
		return err
	}
	switch st.Format {
	case "", "wide", "table":
		p := newPage(st)
		p.summary(s)
		return p.writeTo(w)
	case "markdown":
		return markdownSummary(w, s)
	}
	return st.unknownFormat(explain.KindSummary)
}

func (p *page) summary(s *explain.Summary) {
	p.prose(2, t(headlineRole(s.Severity), s.Headline))
	for i, g := range s.Groups {
		p.blank()
		number := line{t(strong, fmt.Sprintf(" %d  ", i+1))}
		indent := number.width()
		head := line{t(severityRole(g.Severity), g.Severity.String()+": "), t(strong, g.Summary)}
		if g.Certainty != explain.Certain && g.Certainty != "" {
			head = append(head, t(warn, " ("+string(g.Certainty)+")"))
		}
		p.add(under(number, indent, head, p.columns())...)
		more := func(l line) { p.add(under(nil, indent, l, p.columns())...) }
		more(line{t(plain, groupSize(g)), t(dim, "; reason "+g.ID)})
		if p.wide() {
			for _, r := range g.Subjects {
				more(line{t(plain, "  "+objectName(r))})
			}
		}
		if g.Example.Name != "" {
			p.command(indent, "kubectl lifecycle explain "+objectName(g.Example))
		}
	}
	p.blank()
	p.prose(2, t(dim, countsText(s.Counts)))
	var gaps []analyze.Gap
	for _, g := range s.Gaps {
		if p.wide() || g.Matters {
			gaps = append(gaps, g)
		}
	}
	p.notes(gaps)
	if s.TakenFrom != "" && s.TakenFrom != "the clock" && !s.Taken.IsZero() {
		p.prose(2, t(dim, "as of "+s.Taken.In(p.zone()).Format("2006-01-02 15:04:05 ")+p.zoneName(s.Taken)+", "+s.TakenFrom))
	}
}

// groupSize counts who suffers: "2 workloads and 1 bare pod, 9 pods".
func groupSize(g explain.CauseGroup) string {
	bare := 0
	for _, r := range g.Subjects {
		if r.Kind == "Pod" {
			bare++
		}
	}
	var parts []string
	count := func(n int, noun string) {
		if n > 0 {
			parts = append(parts, plural(n, noun))
		}
	}
	count(g.Workloads, "workload")
	count(bare, "bare pod")
	count(len(g.Subjects)-g.Workloads-bare, "other object")
	text := strings.Join(parts, " and ")
	if g.Pods > bare {
		text += ", " + plural(g.Pods, "pod")
	}
	if g.Headline != "" {
		text += "; for one, " + g.Headline
	}
	return text
}

func countsText(c explain.SummaryCounts) string {
	parts := []string{fmt.Sprintf("%d ok", c.OK)}
	if c.Info > 0 {
		parts = append(parts, fmt.Sprintf("%d info", c.Info))
	}
	if c.Warning > 0 {
		parts = append(parts, plural(c.Warning, "warning"))
	}
	if c.Error > 0 {
		parts = append(parts, plural(c.Error, "error"))
	}
	out := strings.Join(parts, ", ") + " of " + plural(c.Subjects, "object")
	if c.Pods > 0 {
		out += ", with " + plural(c.Pods, "pod")
	}
	if c.Namespaces > 1 {
		out += ", in " + plural(c.Namespaces, "namespace")
	}
	return out
}

func markdownSummary(w io.Writer, s *explain.Summary) error {
	m := &mdPage{}
	m.para("## %s", md(s.Headline))
	var rows [][]string
	for _, g := range s.Groups {
		rows = append(rows, []string{g.Severity.String(), mdCode(g.ID), md(g.Summary), fmt.Sprint(g.Workloads), fmt.Sprint(g.Pods), mdCode(objectName(g.Example))})
	}
	m.table([]string{"severity", "reason", "what", "workloads", "pods", "such as"}, rows)
	m.para("%s", md(countsText(s.Counts)))
	mdGaps(m, s.Gaps)
	return m.writeTo(w)
}
