package render

import (
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// Timelines writes timelines: as text, one after the other; as a document of
// kind TimelineList where there are several or asList is set; or as pictures.
// It fails with ErrFormat for a format that timelines do not have.
func Timelines(w io.Writer, items []*analyze.Timeline, asList bool, st Style) error {
	w, items = st.out(w), drawn(st, items)
	refs := make([]analyze.Ref, len(items))
	for i, tl := range items {
		refs[i] = tl.Subject
	}
	if known, err := st.object(w, one("Timeline", items, asList), refs); known {
		return err
	}
	switch st.Format {
	case "", "wide", "table":
		return pages(w, st, items, (*page).timeline)
	case "mermaid":
		return mermaidGantt(w, items)
	case "svg":
		return writeSVG(w, items)
	case "html":
		return htmlTimelines(w, items)
	case "markdown":
		return markdownTimelines(w, items)
	case "trace":
		return writeTrace(w, items)
	}
	return st.unknownFormat("Timeline")
}

func (p *page) timeline(tl *analyze.Timeline) error {
	p.prose(0, t(strong, timelineTitle(tl)))
	if tl.Verdict.Headline != "" {
		p.prose(0, t(verdictRole(tl), tl.Verdict.Headline))
	}
	p.blank()
	if len(tl.Spans) > 0 {
		if p.narrow() || p.Format == "table" {
			if err := p.spanList(tl); err != nil {
				return err
			}
		} else {
			p.gantt(tl, tl.Spans)
		}
	}
	if len(tl.Spans) == 0 || p.Format == "table" || p.wide() && !p.narrow() {
		if err := p.eventList(tl); err != nil {
			return err
		}
	}
	p.chain(tl)
	if err := p.budgets(tl.Verdict.Budgets); err != nil {
		return err
	}
	p.assumptions(tl.Assumptions)
	p.advice(tl.Verdict.Advice)
	p.timelineFindings(tl.Findings)
	p.gaps("What cannot be known", tl.Gaps)
	return nil
}

// timelineTitle says what happens to whom: "Deleting pod/web".
func timelineTitle(tl *analyze.Timeline) string {
	title := triggerVerb(tl) + " " + whom(tl)
	if tl.Subject.Namespace != "" && tl.Subject.Namespace != "default" {
		title += " in namespace " + tl.Subject.Namespace
	}
	if tr := tl.Trigger; tl.Question == analyze.Termination && tr.GracePeriodSeconds != nil {
		title += fmt.Sprintf(" with a grace period of %s", duration(float64(*tr.GracePeriodSeconds)))
		if tr.GraceBasis == analyze.Default {
			title += " (default)"
		}
	}
	return title
}

func triggerVerb(tl *analyze.Timeline) string {
	verbs := map[analyze.Question]string{analyze.Startup: "Starting", analyze.Restart: "Restarts of", analyze.Life: "Life of"}
	if verb := verbs[tl.Question]; verb != "" {
		return verb
	}
	verb := map[string]string{
		"delete": "Deleting", "evict": "Evicting", "drain": "Draining the node of", "preempt": "Preempting",
		"soft-eviction": "Evicting for node pressure (soft)", "hard-eviction": "Evicting for node pressure (hard)",
		"node-shutdown": "Shutting down the node of", "deadline": "Active deadline of",
		"liveness": "Failing liveness probe of", "startup": "Failing startup probe of",
	}[tl.Trigger.Type]
	if verb == "" {
		verb = "What happens to"
	}
	if tl.Trigger.Forced {
		verb = "Force-" + strings.ToLower(verb[:1]) + verb[1:]
	}
	return verb
}

// whom names the pod, or says that it is one of those the subject makes.
func whom(tl *analyze.Timeline) string {
	name := tl.Subject.String()
	if tl.Subject.Name == "" { // generateName
		name = "a " + strings.ToLower(tl.Subject.Kind) + " without a name yet"
	}
	if tl.Subject.Kind == "Pod" {
		return name
	}
	return "a pod of " + name
}

func verdictRole(tl *analyze.Timeline) role {
	switch {
	case len(tl.Verdict.Killed) > 0:
		return bad
	case len(tl.Verdict.MayBeKilled) > 0:
		return warn
	}
	return plain
}

// spanList is the chart for narrow terminals: one line per span in order of time.
func (p *page) spanList(tl *analyze.Timeline) error {
	titled := p.Format == "table"
	cols := []column{{right: true}, {}, {wraps: true}, {wraps: true}, {wraps: true}}
	if titled {
		for i, title := range []string{"AT", "TAKES", "WHO", "WHAT", "HOW KNOWN"} {
			cols[i].title = title
		}
	} else {
		cols = cols[:4]
	}
	var rows [][]line
	here := tl.Now != nil
	for _, s := range byTime(tl.Spans) {
		if here && spanStart(s) > *tl.Now {
			rows = append(rows, hereRow(*tl.Now, len(cols)))
			here = false
		}
		rows = append(rows, p.listRow(s, titled))
	}
	if here {
		rows = append(rows, hereRow(*tl.Now, len(cols)))
	}
	q := *p
	q.Width = p.columns()
	q.lines = nil
	if titled && p.Width == 0 {
		q.Width = 0
	}
	indent := 2
	if titled {
		indent = 0
	}
	if err := q.table(indent, cols, rows); err != nil {
		return err
	}
	p.add(q.lines...)
	return nil
}

func hereRow(now float64, columns int) []line {
	row := make([]line, columns)
	row[0], row[3] = line{t(strong, duration(now))}, line{t(strong, "you are here")}
	return row
}

func (p *page) listRow(s analyze.Span, titled bool) []line {
	at := duration(spanStart(s))
	if uncertain(s) {
		at = "(" + at + ")"
	}
	takes := ""
	if !isMoment(s) {
		takes = "+" + duration(spanEnd(s)-spanStart(s))
		if math.IsInf(s.End.Likely, 1) && math.IsInf(s.End.Latest, 1) {
			takes = "+?"
		}
	}
	row := []line{{t(dim, at)}, ln(takes), {t(strong, s.Lane)}}
	if titled {
		note := source(s)
		if s.Note != "" {
			note = strings.TrimSuffix(s.Note+", "+note, ", ")
		}
		return append(row, line{t(noteRole(s), s.What+p.listLimit(s))}, line{t(dim, note)})
	}
	what := s.What
	var extra []string
	if w := basisWord(s.Basis, ""); w != "" && !isMoment(s) {
		extra = append(extra, w)
	}
	if limit := p.limitOf(s); limit != "" {
		extra = append(extra, limit)
	}
	if len(extra) > 0 {
		what += " (" + strings.Join(extra, ", ") + ")"
	}
	if s.NotReached {
		what += ", not reached"
	}
	return append(row, line{t(noteRole(s), what)})
}

func (p *page) listLimit(s analyze.Span) string {
	out := ""
	if limit := p.limitOf(s); limit != "" {
		out = " (" + limit + ")"
	}
	if s.NotReached {
		out += ", not reached"
	}
	return out
}

func (p *page) limitOf(s analyze.Span) string {
	if isMoment(s) || math.IsInf(s.End.Latest, 1) || s.End.Latest-spanEnd(s) <= jitter {
		return ""
	}
	return p.g.upTo + " " + duration(s.End.Latest-spanStart(s))
}

// eventList is what happens, moment by moment.
func (p *page) eventList(tl *analyze.Timeline) error {
	if len(tl.Events) == 0 {
		return nil
	}
	p.blank()
	cols := []column{{title: "AT", right: true}, {title: "BETWEEN"}, {title: "WHAT", wraps: true}, {title: "OUTCOME", wraps: true}}
	if p.wide() || p.Format == "table" {
		cols = append(cols, column{title: "HOW KNOWN", wraps: true}, column{title: "RULE"})
	}
	var rows [][]line
	for _, e := range tl.Events {
		r := plain
		if e.Killed {
			r = bad
		}
		at := "perhaps"
		if !math.IsInf(e.At.Likely, 1) {
			at = duration(e.At.Likely)
		}
		row := []line{{t(strong, at)}, {t(dim, eventRange(e.At))}, {t(r, eventText(e))}, ln(eventOutcome(e))}
		if len(cols) > 4 {
			known := strings.ToLower(string(e.Basis))
			if src := eventSource(e, tl.Assumptions); src != "" && src != known {
				known = strings.TrimPrefix(known+"; "+strings.TrimPrefix(src, known+"; "), "; ")
			}
			row = append(row, line{t(dim, known)}, line{t(dim, e.Rule)})
		}
		rows = append(rows, row)
	}
	q := *p
	q.lines = nil
	if p.Format != "table" || p.Width > 0 {
		q.Width = p.columns()
	}
	if err := q.table(0, cols, rows); err != nil {
		return err
	}
	p.add(q.lines...)
	return nil
}
