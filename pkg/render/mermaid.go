package render

import (
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/explain"
)

// mermaidName makes any text safe as a name in Mermaid. In a gantt chart a task
// whose name begins with a keyword is a syntax error, or vanishes without a
// word; a leading dot keeps names apart from keywords. Characters with a meaning
// become entities.
func mermaidName(s string) string {
	return strings.NewReplacer("#", "#35;", ";", "#59;", ":", "#58;", "%", "#37;", "<", "#lt;", ">", "#gt;", `"`, "#quot;",
		"`", "#96;", "&", "#amp;", `\`, "#92;", "{", "#123;", "}", "#125;").Replace(Escape(s))
}

// mermaidGantt draws timelines as one gantt chart, a section for each lane. Times
// are milliseconds from time 0, shown in seconds, so that the reader's time zone
// does not matter.
func mermaidGantt(w io.Writer, items []*analyze.Timeline) error {
	var b strings.Builder
	title := fmt.Sprintf("%d timelines", len(items))
	if len(items) == 1 {
		title = timelineTitle(items[0])
	}
	fmt.Fprintf(&b, "gantt\n    title %s\n    dateFormat x\n    axisFormat %%ss\n    todayMarker off\n", mermaidName(title))
	for i, tl := range items {
		for j, l := range lanesOf(tl) {
			name := l.title()
			if len(items) > 1 {
				name = tl.Subject.String() + " " + name
			}
			fmt.Fprintf(&b, "    section · %s\n", mermaidName(name))
			for k, s := range l.spans {
				mermaidTask(&b, s, fmt.Sprintf("s%d_%d_%d", i, j, k))
			}
		}
	}
	return write(w, []byte(b.String()))
}

func mermaidTask(b *strings.Builder, s analyze.Span, id string) {
	name := "· " + mermaidName(s.What+" ("+spanNote(s)+")")
	ms := func(seconds float64) int64 { return int64(math.Round(math.Max(seconds, 0) * 1000)) }
	start, end := spanStart(s), spanEnd(s)
	tag := "done"
	switch {
	case s.Kind == analyze.SpanKill && !s.NotReached:
		tag = "crit"
	case s.Basis == analyze.Assumed || s.Basis == analyze.Inferred || uncertain(s):
		tag = "active"
	}
	if isMoment(s) {
		if tag == "done" {
			fmt.Fprintf(b, "    %s :milestone, %s, %d, 0ms\n", name, id, ms(start))
			return
		}
		fmt.Fprintf(b, "    %s :%s, milestone, %s, %d, 0ms\n", name, tag, id, ms(start))
		return
	}
	fmt.Fprintf(b, "    %s :%s, %s, %d, %d\n", name, tag, id, ms(start), max(ms(end), ms(start)+1))
}

// mermaidOwners draws the owners of explained objects as a flowchart.
func mermaidOwners(w io.Writer, items []*explain.Explanation) error {
	var b strings.Builder
	b.WriteString("flowchart TD\n")
	for i, e := range items {
		for j, o := range e.Owners {
			text := mermaidName(kindName(o.Object))
			if o.Summary != "" {
				text += "<br/>" + mermaidName(o.Summary)
			}
			fmt.Fprintf(&b, "    n%d_%d[\"%s\"]\n", i, j, text)
			if j > 0 {
				fmt.Fprintf(&b, "    n%d_%d --> n%d_%d\n", i, j-1, i, j)
			}
		}
		if len(e.Owners) > 0 {
			fmt.Fprintf(&b, "    style n%d_%d stroke-width:3px\n", i, len(e.Owners)-1)
		}
		for j, f := range e.Effects {
			fmt.Fprintf(&b, "    f%d_%d([\"%s<br/>%s\"])\n", i, j, mermaidName(kindName(f.Object)), mermaidName(f.Summary))
			if len(e.Owners) > 0 {
				fmt.Fprintf(&b, "    n%d_%d -.-> f%d_%d\n", i, len(e.Owners)-1, i, j)
			}
		}
	}
	return write(w, []byte(b.String()))
}
