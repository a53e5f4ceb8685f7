package render

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/explain"
)

// Explanations writes explanations: as text, one after the other; as a document
// of kind ExplanationList where there are several or asList is set. It fails
// with ErrFormat for a format that explanations do not have.
func Explanations(w io.Writer, items []*explain.Explanation, asList bool, st Style) error {
	w, items = st.out(w), drawn(st, items)
	var refs []analyze.Ref
	for _, e := range items {
		refs = append(refs, e.Subject)
		for _, o := range e.Owners {
			refs = append(refs, o.Object)
		}
	}
	if known, err := st.object(w, one(explain.KindExplanation, items, asList), refs); known {
		return err
	}
	switch st.Format {
	case "", "wide", "table":
		return pages(w, st, items, func(p *page, e *explain.Explanation) error {
			p.explanation(e)
			return nil
		})
	case "mermaid":
		return mermaidOwners(w, items)
	case "markdown":
		return markdownExplanations(w, items, st)
	}
	return st.unknownFormat("Explanation")
}

// labelColumn is where the text of the blocks begins.
const labelColumn = 10

// explanation writes its blocks in the order of the questions: what, why, whose, so
// what, what next, what can I do, what do you not know.
func (p *page) explanation(e *explain.Explanation) {
	if e.Severity == analyze.OK && !p.wide() {
		p.allFine(e)
		return
	}
	p.prose(2, t(headlineRole(e.Severity), e.Headline))
	blocks := []struct {
		label string
		lines []line
	}{
		{"status", p.status(e)},
		{"why", p.why(e)},
		{"inside", p.inside(e)},
		{"state", p.conditions(e)},
		{"owners", p.owners(e)},
		{"pods", p.pods(e)},
		{"effect", p.effects(e)},
		{"next", p.outlook(e)},
		{"try", p.actions(e)},
		{"events", p.events(e)},
		{"logs", p.logs(e)},
		{"unknown", p.unknown(e)},
		{"as of", p.asOf(e)},
	}
	for _, b := range blocks {
		p.block(b.label, b.lines)
	}
}

func headlineRole(s analyze.Severity) role {
	if s == analyze.OK || s == analyze.Info {
		return strong
	}
	return severityRole(s)
}

// blockWidth is the room for the text of a block.
func (p *page) blockWidth() int {
	if p.narrow() {
		return p.columns()
	}
	return p.columns() - labelColumn
}

// block puts the lines beside their label, or on a narrow page below it.
func (p *page) block(label string, lines []line) {
	if len(lines) == 0 {
		return
	}
	if p.narrow() {
		p.blank()
		p.add(line{t(accent, label)})
		p.add(lines...)
		return
	}
	p.blank()
	for i, l := range lines {
		lead := line{}
		if i == 0 {
			lead = line{t(accent, " "+label)}
		}
		p.add(append(lead.pad(labelColumn), l...))
	}
}

// allFine is the answer for an object that does well: three lines, and one for
// each thing that comes next.
func (p *page) allFine(e *explain.Explanation) {
	p.prose(2, t(strong, e.Headline))
	p.prose(2, t(plain, ownedBy(e)))
	for _, o := range e.Outlook {
		next := line{t(plain, "next: "), t(strong, p.outlookTime(o, e.Taken)), t(plain, ", "+o.What)}
		if o.Assumes != "" {
			next = append(next, t(dim, " (assumes: "+o.Assumes+")"))
		}
		p.prose(2, next...)
	}
	last := line{t(good, "nothing to do")}
	if at := p.takenText(e); at != "" {
		last = append(last, t(dim, " (as of "+at+")"))
	}
	p.prose(2, last...)
}

func ownedBy(e *explain.Explanation) string {
	var names []string
	for _, o := range e.Owners {
		if !o.Object.Same(e.Subject) {
			names = append(names, kindName(o.Object))
		}
	}
	if len(names) == 0 {
		return "owned by nobody"
	}
	for i, j := 0, len(names)-1; i < j; i, j = i+1, j-1 {
		names[i], names[j] = names[j], names[i]
	}
	return "owned by " + strings.Join(names, ", that by ")
}

// kindName is "Deployment web".
func kindName(r analyze.Ref) string { return strings.TrimSpace(r.Kind + " " + r.Name) }

// takenText is the moment of which the document speaks, where that is not now.
func (p *page) takenText(e *explain.Explanation) string {
	if e.TakenFrom == "" || e.TakenFrom == "the clock" || e.Taken.IsZero() {
		return ""
	}
	return e.Taken.In(p.zone()).Format("2006-01-02 15:04:05 ") + p.zoneName(e.Taken) + ", " + e.TakenFrom
}

func (p *page) asOf(e *explain.Explanation) []line {
	text := p.takenText(e)
	if text == "" {
		return nil
	}
	return line{t(dim, text)}.wrap(p.blockWidth(), 0)
}

// status is what kubectl get prints, for pods.
func (p *page) status(e *explain.Explanation) []line {
	if e.Status == "" {
		return nil
	}
	parts := line{t(severityRole(e.Severity), e.Status)}
	add := func(text string) { parts = append(parts, t(plain, ", "+text)) }
	if e.Ready != "" {
		add(e.Ready + " ready")
	}
	if e.Restarts != nil && *e.Restarts > 0 {
		add(plural(int(*e.Restarts), "restart"))
	}
	if e.Phase != "" && e.Phase != e.Status {
		add("phase " + e.Phase)
	}
	if e.Node != "" {
		add("on node " + e.Node)
	}
	if p.wide() && e.QoS != "" {
		add("QoS class " + e.QoS)
	}
	return parts.wrap(p.blockWidth(), 2)
}

// why lists the reasons with what proves them.
func (p *page) why(e *explain.Explanation) []line {
	var out []line
	for i, r := range e.Reasons {
		number := line{t(strong, fmt.Sprintf("%d  ", i+1))}
		if len(e.Reasons) > 9 {
			number = number.pad(4)
		}
		indent := number.width()
		summary := line{t(reasonRole(r), r.Summary)}
		if r.Count > 1 && !strings.Contains(r.Summary, fmt.Sprint(r.Count)) {
			summary = append(summary, t(plain, fmt.Sprintf(" (%d times)", r.Count)))
		}
		if r.Certainty != explain.Certain && r.Certainty != "" {
			summary = append(summary, t(warn, " ("+string(r.Certainty)+")"))
		}
		out = append(out, under(number, indent, summary, p.blockWidth())...)
		more := func(l line) { out = append(out, under(nil, indent, l, p.blockWidth())...) }
		if r.Detail != "" {
			more(line{t(plain, r.Detail)})
		}
		if r.Why != "" {
			more(line{t(plain, r.Why)})
		}
		for _, l := range p.evidence(e, r, indent) {
			out = append(out, append(line{{strings.Repeat(" ", indent), plain}}, l...))
		}
		if p.wide() && r.Rule != "" {
			more(line{t(dim, "rule "+r.Rule+", reason "+r.ID)})
		}
	}
	return out
}

func reasonRole(r explain.Reason) role {
	if r.Severity >= analyze.Warning {
		return severityRole(r.Severity)
	}
	return plain
}

// evidence is one line with the most telling facts, or with -o wide all of them
// with their paths.
func (p *page) evidence(e *explain.Explanation, r explain.Reason, indent int) []line {
	to := p.blockWidth() - indent
	if len(r.Evidence) == 0 {
		return nil
	}
	if p.wide() {
		var out []line
		for _, ev := range r.Evidence {
			text := fact(ev, e.Subject, ev.Path)
			l := line{t(dim, text)}
			if ev.At != nil {
				at := t(dim, "observed "+p.clock(*ev.At, e.Taken))
				if room := to - width(at.text); l.width()+2 <= room {
					l = append(l.pad(room), at)
				} else {
					l = append(l, t(dim, "  "), at)
				}
			}
			out = append(out, l.wrap(to, 2)...)
		}
		return out
	}
	text := shortEvidence(e.Subject, r, p.g.ellipsis)
	if text == "" {
		return nil
	}
	return line{t(dim, text)}.wrap(to, 2)
}

// mostEvidence is how many facts the text shows without -o wide, longestFact how
// many columns of each.
const (
	mostEvidence = 3
	longestFact  = 96
)

// shortEvidence picks the facts that are short and not in the sentence already;
// messages only where there is nothing else.
func shortEvidence(subject analyze.Ref, r explain.Reason, ellipsis string) string {
	var best, rest []explain.Evidence
	for _, ev := range r.Evidence {
		long := ev.Path == "" || strings.HasSuffix(ev.Path, "essage") || len(ev.Value) > longestFact
		if long || strings.Contains(r.Summary+r.Detail, ev.Value) {
			rest = append(rest, ev)
		} else {
			best = append(best, ev)
		}
	}
	if len(best) == 0 {
		best = slices.DeleteFunc(rest[:min(len(rest), 1)], func(ev explain.Evidence) bool { return strings.Contains(r.Summary, ev.Value) })
	}
	var out strings.Builder
	var last analyze.Ref
	for i, ev := range best[:min(len(best), mostEvidence)] {
		text := fact(explain.Evidence{Value: ev.Value}, subject, shortPath(ev.Path))
		if i > 0 {
			out.WriteString("; ")
		}
		if ev.Object.Name != "" && !ev.Object.Same(subject) && ev.Object != last {
			out.WriteString(ev.Object.String() + ": ")
		}
		last = ev.Object
		room := longestFact
		if len(best) == 1 {
			room *= 2
		}
		out.WriteString(line{t(plain, text)}.cut(room, ellipsis).text())
	}
	return out.String()
}

func fact(ev explain.Evidence, subject analyze.Ref, path string) string {
	text := ev.Value
	if path != "" {
		text = path + " = " + ev.Value
	}
	if ev.Object.Name != "" && !ev.Object.Same(subject) {
		text = ev.Object.String() + ": " + text
	}
	return text
}

// shortPath leaves out what the reader knows: that it is the status, and which
// container.
func shortPath(path string) string {
	for _, list := range []string{"ontainerStatuses[", "ontainers["} {
		if _, rest, ok := strings.Cut(path, list); ok {
			if _, rest, ok = strings.Cut(rest, "]."); ok {
				return rest
			}
		}
	}
	return strings.TrimPrefix(path, "status.")
}

// when writes a time of day with its zone, and how far it is from now.
func (p *page) when(at, now time.Time) string {
	return p.clock(at, now) + " " + p.zoneName(at) + " (" + relative(at, now) + ")"
}
