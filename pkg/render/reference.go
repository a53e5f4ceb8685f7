package render

import (
	"io"
	"strconv"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/explain"
)

// manyTerms is how many terms are written in full; more become a table.
const manyTerms = 8

// Glossary writes explained terms: a table of many, the full text of one. It
// fails with ErrFormat for a format that it does not have.
func Glossary(w io.Writer, g *explain.GlossaryPage, st Style) error {
	w, g = st.out(w), drawn(st, g)
	if known, err := st.object(w, g, nil); known {
		return err
	}
	p := newPage(st)
	switch st.Format {
	case "", "wide", "table":
		if len(g.Items) > manyTerms && !p.wide() {
			return p.glossaryTable(w, g)
		}
		for _, e := range g.Items {
			p.blank()
			p.entry(e)
		}
		return p.writeTo(w)
	case "markdown":
		m := &mdPage{}
		var rows [][]string
		for _, e := range g.Items {
			rows = append(rows, []string{mdCode(e.Term), md(e.Kind), md(strings.TrimSpace(e.Short + " " + e.Text)), md(e.Next)})
		}
		m.table([]string{"term", "kind", "meaning", "what to do"}, rows)
		return m.writeTo(w)
	}
	return st.unknownFormat(explain.KindGlossary)
}

func (p *page) glossaryTable(w io.Writer, g *explain.GlossaryPage) error {
	var rows [][]line
	for _, e := range g.Items {
		rows = append(rows, []line{{t(strong, e.Term)}, ln(e.Kind), ln(e.Short)})
	}
	if err := p.table(0, []column{{title: "TERM"}, {title: "KIND"}, {title: "MEANING", wraps: true}}, rows); err != nil {
		return err
	}
	return p.writeTo(w)
}

func (p *page) entry(e explain.Entry) {
	p.prose(2, t(strong, e.Term), t(dim, " ("+e.Kind+")"))
	paragraph := func(label, text string) {
		if text != "" {
			p.prose(2, piece{"  ", plain}, t(accent, label), t(plain, text))
		}
	}
	paragraph("", e.Short)
	paragraph("", e.Text)
	paragraph("what to do: ", e.Next)
	seen := "Kubernetes says: "
	if e.Kind == "word" {
		seen = "found as: "
	}
	paragraph(seen, strings.Join(e.Seen, ", "))
	paragraph("see also: ", strings.Join(e.See, ", "))
	paragraph("rules: ", strings.Join(e.Rules, ", "))
}

// A ruleList is the document of the lint rules.
type ruleList struct {
	APIVersion string             `json:"apiVersion"`
	Kind       string             `json:"kind"` // "RuleList"
	Items      []analyze.RuleInfo `json:"items"`
}

func ruleListOf(rules []*analyze.Rule) *ruleList {
	doc := &ruleList{analyze.APIVersion, "RuleList", []analyze.RuleInfo{}}
	for _, r := range rules {
		doc.Items = append(doc.Items, r.Info())
	}
	return doc
}

// RuleList writes a table of the lint rules. It fails with ErrFormat for a format
// that it does not have.
func RuleList(w io.Writer, rules []*analyze.Rule, st Style) error {
	w = st.out(w)
	doc := drawn(st, ruleListOf(rules))
	if known, err := st.ruleDocument(w, doc); known {
		return err
	}
	p := newPage(st)
	switch st.Format {
	case "", "wide", "table":
		cols := []column{{title: "ID"}, {title: "SEVERITY"}, {title: "WHAT", wraps: true}}
		if p.wide() {
			cols = append(cols, column{title: "NAME"}, column{title: "FAMILY"}, column{title: "NEEDS", wraps: true})
		}
		var rows [][]line
		for _, r := range doc.Items {
			row := []line{{t(strong, r.ID)}, {t(severityRole(r.Severity), r.Severity.String())}, ln(r.Title)}
			if p.wide() {
				row = append(row, ln(r.Name), ln(r.Family), ln(strings.Join(r.Needs, ", ")))
			}
			rows = append(rows, row)
		}
		if err := p.table(0, cols, rows); err != nil {
			return err
		}
		return p.writeTo(w)
	case "markdown":
		return markdownRules(w, doc)
	}
	return st.unknownFormat("RuleList")
}

// ruleDocument is object, but -o name prints the ids.
func (st Style) ruleDocument(w io.Writer, doc *ruleList) (bool, error) {
	if st.Format != "name" {
		return st.object(w, doc, nil)
	}
	var b strings.Builder
	for _, r := range doc.Items {
		b.WriteString(Escape(r.ID) + "\n")
	}
	return true, write(w, []byte(b.String()))
}

func markdownRules(w io.Writer, doc *ruleList) error {
	m := &mdPage{}
	var rows [][]string
	for _, r := range doc.Items {
		rows = append(rows, []string{mdCode(r.ID), r.Severity.String(), mdCode(r.Name), md(r.Title)})
	}
	m.table([]string{"rule", "severity", "name", "what"}, rows)
	return m.writeTo(w)
}

// Rule writes the documentation of one rule. It fails with ErrFormat for a format
// that it does not have.
func Rule(w io.Writer, rule *analyze.Rule, st Style) error {
	w = st.out(w)
	doc := drawn(st, ruleListOf([]*analyze.Rule{rule}))
	if known, err := st.ruleDocument(w, doc); known {
		return err
	}
	r := doc.Items[0]
	p := newPage(st)
	switch st.Format {
	case "", "wide", "table":
		p.prose(2, t(severityRole(r.Severity), r.Severity.String()+"["+r.ID+"]"), t(strong, ": "+r.Title))
		p.prose(2, t(dim, r.Name+", "+r.Family))
		p.blank()
		p.document(withoutTitle(r.Doc, r.Title))
		p.blank()
		for _, param := range r.Params {
			p.prose(4, t(dim, "parameter "), t(strong, param.Name), t(plain, " = "+strconv.Itoa(param.Default)+": "+param.Help))
		}
		for _, c := range r.Sources {
			p.source(c)
		}
		return p.writeTo(w)
	case "markdown":
		return write(w, []byte("# "+md(r.ID+": "+r.Title)+"\n\n"+string(escapeText([]byte(strings.TrimSpace(r.Doc))))+"\n"))
	}
	return st.unknownFormat("RuleList")
}

// source names a source; an address stands on a line of its own where it does not
// fit, and is never broken, so that it can be clicked.
func (p *page) source(c analyze.Citation) {
	l := line{t(dim, "source: "), t(plain, c.Text)}
	address := t(plain, "<"+c.URL+">")
	switch {
	case c.URL == "":
		p.prose(4, l...)
	case l.width()+1+width(address.text) <= p.columns():
		p.add(append(l, piece{" ", plain}, address))
	default:
		p.prose(4, l...)
		p.add(line{{"    ", plain}, address})
	}
}

// withoutTitle drops the heading of a documentation that repeats the title.
func withoutTitle(doc, title string) string {
	first, rest, _ := strings.Cut(strings.TrimSpace(doc), "\n")
	if strings.EqualFold(strings.Trim(first, "# "), title) {
		return rest
	}
	return doc
}

// document prints Markdown as it is: headings and code stand out, paragraphs are
// filled anew.
func (p *page) document(text string) {
	code := false
	var para []string
	for _, l := range append(strings.Split(strings.TrimSpace(text), "\n"), "") {
		fence := strings.HasPrefix(strings.TrimSpace(l), "```")
		prose := !code && !fence && strings.TrimSpace(l) != "" && !strings.HasPrefix(l, "#") && !verbatim(l)
		if !prose || strings.HasPrefix(l, "- ") {
			p.paragraph(para)
			para = nil
		}
		switch {
		case prose:
			para = append(para, strings.TrimSpace(l))
		case fence:
			code = !code
		case code:
			p.add(line{{"    ", plain}, t(accent, l)})
		case verbatim(l):
			p.add(line{t(accent, l)})
		case strings.HasPrefix(l, "#"):
			p.prose(2, t(strong, strings.TrimLeft(l, "# ")))
		default:
			p.blank()
		}
	}
}

// verbatim says whether a line of Markdown is indented code or part of a table.
func verbatim(l string) bool { return strings.HasPrefix(l, "    ") || strings.HasPrefix(l, "|") }

func (p *page) paragraph(lines []string) {
	if len(lines) == 0 {
		return
	}
	indent := 0
	if strings.HasPrefix(lines[0], "- ") {
		indent = 2
	}
	p.prose(indent, t(plain, strings.Join(lines, " ")))
}
