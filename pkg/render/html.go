package render

import (
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

const htmlHead = `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>%s</title>
<style>body{font:15px/1.5 system-ui,sans-serif;max-width:1072px;margin:2em auto;padding:0 1em;color:#1f2328;background:#fff}
h1{font-size:1.4em}h2{font-size:1.1em;margin-top:2em}svg{max-width:100%%;height:auto}
table{border-collapse:collapse;display:block;overflow-x:auto}th,td{text-align:left;padding:.2em .8em .2em 0;border-bottom:1px solid #d1d9e0;vertical-align:top;overflow-wrap:anywhere}
code,.n{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.92em}.n{text-align:right;white-space:nowrap}.dim{color:#59636e}
@media (prefers-color-scheme:dark){body{color:#f0f6fc;background:#0d1117}th,td{border-color:#3d444d}.dim{color:#9198a1}}</style></head><body>
`

// A htmlPage builds a page that needs nothing but itself.
type htmlPage struct{ b strings.Builder }

// cell is one table cell: HTML already, with a class.
type cell struct{ class, html string }

func textCell(s string) cell { return cell{"", escapeXML(s)} }
func codeCell(s string) cell { return cell{"", "<code>" + escapeXML(s) + "</code>"} }
func numCell(s string) cell  { return cell{"n", escapeXML(s)} }

func (h *htmlPage) table(title string, head []string, rows [][]cell) {
	if len(rows) == 0 {
		return
	}
	fmt.Fprintf(&h.b, "<h2>%s</h2>\n<table><thead><tr>", escapeXML(title))
	for _, c := range head {
		fmt.Fprintf(&h.b, "<th>%s</th>", escapeXML(c))
	}
	h.b.WriteString("</tr></thead><tbody>\n")
	for _, r := range rows {
		h.b.WriteString("<tr>")
		for _, c := range r {
			class := ""
			if c.class != "" {
				class = ` class="` + c.class + `"`
			}
			fmt.Fprintf(&h.b, "<td%s>%s</td>", class, c.html)
		}
		h.b.WriteString("</tr>\n")
	}
	h.b.WriteString("</tbody></table>\n")
}

func htmlTimelines(w io.Writer, items []*analyze.Timeline) error {
	h := &htmlPage{}
	title := fmt.Sprintf("%d timelines", len(items))
	if len(items) == 1 {
		title = timelineTitle(items[0])
	}
	fmt.Fprintf(&h.b, htmlHead, escapeXML(title))
	for i, tl := range items {
		h.timeline(tl, fmt.Sprintf("k%d", i))
	}
	h.b.WriteString("</body></html>\n")
	return write(w, []byte(h.b.String()))
}

func (h *htmlPage) timeline(tl *analyze.Timeline, id string) {
	fmt.Fprintf(&h.b, "<h1>%s</h1>\n<p>%s <span class=\"dim\">(Kubernetes %s)</span></p>\n", escapeXML(timelineTitle(tl)),
		escapeXML(tl.Verdict.Headline), escapeXML(tl.KubernetesVersion))
	h.b.WriteString(svgOf([]*analyze.Timeline{tl}, id, false))
	var rows [][]cell
	for _, a := range tl.Verdict.Advice {
		rows = append(rows, []cell{textCell(a.Summary), textCell(a.Arithmetic), codeCell(a.Field)})
	}
	h.table("What to change", []string{"what", "because", "field"}, rows)
	rows = nil
	for _, e := range tl.Events {
		rows = append(rows, []cell{
			numCell(moment(e.At)), numCell(eventRange(e.At)), textCell(eventText(e)), textCell(eventOutcome(e)),
			textCell(strings.ToLower(string(e.Basis))), codeCell(eventSource(e, tl.Assumptions)), textCell(e.Rule),
		})
	}
	h.table("What happens", []string{"at", "between", "what", "outcome", "basis", "source", "rule"}, rows)
	rows = nil
	for _, a := range tl.Assumptions {
		rows = append(rows, []cell{codeCell(strings.TrimPrefix(a.Container+"."+a.Key, ".") + "=" + a.Value), textCell(strings.ToLower(string(a.Basis))), textCell(a.Why), codeCell(a.Flag)})
	}
	h.table("What is assumed", []string{"value", "basis", "why", "flag"}, rows)
	rows = nil
	for i := range tl.Findings {
		f := &tl.Findings[i]
		rows = append(rows, []cell{textCell(f.Severity.String()), codeCell(f.Rule), codeCell(place(f)), textCell(f.Message), textCell(f.Help)})
	}
	h.table("What lint says", []string{"severity", "rule", "place", "what is wrong", "what to do"}, rows)
	rows = nil
	for _, g := range tl.Gaps {
		rows = append(rows, []cell{textCell(g.What), textCell(g.Why)})
	}
	h.table("What cannot be known", []string{"what", "why"}, rows)
}

// eventRange is the range of a moment where it is wider than the node's jitter.
func eventRange(b analyze.Bounds) string {
	if math.IsInf(b.Latest, 1) {
		return duration(b.Earliest) + " .. no limit"
	}
	if b.Width() <= jitter {
		return ""
	}
	return duration(b.Earliest) + " .. " + duration(b.Latest)
}

func eventOutcome(e analyze.Event) string {
	var parts []string
	if len(e.ExitCodes) > 0 {
		codes := make([]string, len(e.ExitCodes))
		for i, c := range e.ExitCodes {
			codes[i] = fmt.Sprint(c)
		}
		parts = append(parts, "exit code "+strings.Join(codes, " or "))
	}
	if e.Seconds != nil {
		parts = append(parts, "for "+duration(*e.Seconds))
	}
	if e.Note != "" {
		parts = append(parts, e.Note)
	}
	return strings.Join(parts, "; ")
}
