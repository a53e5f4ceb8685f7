package render

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// A mark is a place in a source line and what to say about it.
type mark struct {
	analyze.Position
	label   string
	primary bool
}

// finding writes one finding as compilers do: a general title, the exact source
// with its marks, then notes.
func (p *page) finding(f *analyze.Finding) {
	r := severityRole(f.Severity)
	title := f.Title
	if title == "" {
		title = f.Message
	}
	p.prose(2, t(r, f.Severity.String()+"["+f.Rule+"]"), t(strong, ": "+title))
	blocks := marksByFile(f)
	gutter := gutterWidth(blocks)
	pad := strings.Repeat(" ", gutter)
	p.add(line{{pad[1:] + "--> ", dim}, t(plain, place(f))}) // never broken: it can be clicked
	labelled := p.excerpts(f, blocks, gutter, r)
	notes := []line{}
	if !labelled && f.Title != "" {
		notes = append(notes, line{t(strong, f.Message)})
		for _, rel := range f.Related {
			notes = append(notes, line{t(plain, relatedText(rel))})
		}
	}
	notes = append(notes, line{t(plain, subjectOf(f))})
	if p.wide() && f.Path != "" && f.Line > 0 {
		notes = append(notes, line{t(dim, f.Path)})
	}
	for _, n := range notes {
		p.add(under(line{{pad + "= ", dim}}, gutter+2, n, p.columns())...)
	}
	p.help(f.Help, pad)
}

func relatedText(r analyze.Related) string {
	if r.Line == 0 {
		return r.Message
	}
	return r.String() + ": " + r.Message
}

func subjectOf(f *analyze.Finding) string {
	out := f.Object.String()
	if f.Object.Namespace != "" {
		out += " in namespace " + f.Object.Namespace
	}
	if f.Container != "" {
		out += ", container " + f.Container
	}
	return out
}

// help keeps the line breaks of the advice: it may hold YAML to copy.
func (p *page) help(text, pad string) {
	for i, l := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		switch {
		case text == "":
		case i == 0:
			p.add(under(line{{pad + "= ", dim}, {"help: ", accent}}, len(pad)+8, line{t(plain, l)}, p.columns())...)
		default:
			indent := len(l) - len(strings.TrimLeft(l, " "))
			p.prose(len(pad)+8+indent, piece{strings.Repeat(" ", len(pad)+8), plain}, t(plain, l))
		}
	}
}

// marksByFile collects the places of a finding that have a line, the file of the
// finding itself first.
func marksByFile(f *analyze.Finding) [][]mark {
	var out [][]mark
	add := func(m mark) {
		if m.Line == 0 {
			return
		}
		for i := range out {
			if out[i][0].File == m.File {
				out[i] = append(out[i], m)
				return
			}
		}
		out = append(out, []mark{m})
	}
	add(mark{f.Position, f.Message, true})
	for _, r := range f.Related {
		add(mark{r.Position, r.Message, false})
	}
	for _, marks := range out {
		slices.SortStableFunc(marks, func(a, b mark) int {
			return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(b.Column, a.Column))
		})
	}
	return out
}

func gutterWidth(blocks [][]mark) int {
	n := 1
	for _, marks := range blocks {
		for _, m := range marks {
			n = max(n, len(strconv.Itoa(m.Line)))
		}
	}
	return n + 1
}

// excerpts writes the source lines with their marks; false if there is no source.
func (p *page) excerpts(f *analyze.Finding, blocks [][]mark, gutter int, r role) bool {
	if len(f.Excerpt) == 0 || f.Line == 0 || !hasSource(f, blocks[0]) {
		return false
	}
	pad := strings.Repeat(" ", gutter)
	bar := line{{pad + "|", dim}}
	p.add(bar)
	for i, marks := range blocks {
		if i > 0 {
			p.add(line{{pad[1:] + "::: ", dim}, t(plain, marks[0].String())})
			p.add(bar)
		}
		last := 0
		for _, m := range marks {
			text, ok := sourceLine(f, m)
			if !ok {
				continue
			}
			if m.Line != last {
				if last != 0 && m.Line > last+1 {
					p.add(line{{"...", dim}})
				}
				p.sourceAndMark(m, text, gutter, r)
			} else {
				p.markBelow(m, text, gutter, r)
			}
			last = m.Line
		}
	}
	p.add(bar)
	return true
}

func hasSource(f *analyze.Finding, marks []mark) bool {
	for _, m := range marks {
		if _, ok := sourceLine(f, m); m.primary && ok {
			return true
		}
	}
	return false
}

func sourceLine(f *analyze.Finding, m mark) (string, bool) {
	for _, l := range f.Excerpt {
		if l.Number == m.Line && (l.File == m.File || l.File == "") {
			return strings.TrimRight(l.Text, "\r\n"), true
		}
	}
	return "", false
}

// sourceAndMark writes a source line, cut around the mark where it is too long,
// and the mark under it.
func (p *page) sourceAndMark(m mark, text string, gutter int, r role) {
	number := strconv.Itoa(m.Line)
	number = strings.Repeat(" ", gutter-1-len(number)) + number
	shown, _, _ := p.window(m, text, gutter)
	p.add(line{{number + " | ", dim}, {shown, plain}})
	p.markBelow(m, text, gutter, r)
}

// window is the part of the source line that fits, and the columns (from 0) of
// the mark in it.
func (p *page) window(m mark, text string, gutter int) (shown string, from, to int) {
	runes := []rune(text)
	start := min(max(m.Column-1, 0), len(runes))
	end := len(runes)
	if m.EndLine <= m.Line && m.EndColumn > m.Column {
		end = min(m.EndColumn-1, len(runes))
	}
	before, marked, after := p.esc(string(runes[:start])), p.esc(string(runes[start:end])), p.esc(string(runes[end:]))
	from = width(before)
	to = from + max(width(strings.TrimRight(marked, " ")), 1)
	full := before + marked + after
	room := p.columns() - gutter - 2
	if width(full) <= room {
		return full, from, to
	}
	return p.cutAround(full, from, to, room)
}

// cutAround keeps the marked part and some of what is before it.
func (p *page) cutAround(full string, from, to, room int) (string, int, int) {
	dots := p.g.ellipsis
	skip := 0
	if to > room-width(dots) {
		skip = max(min(from-8, to-room+width(dots)), 0)
	}
	lead := ""
	if skip > 0 {
		lead = dots
		dropped := head(full, skip+width(dots))
		skip = width(dropped) - width(dots)
		full = full[len(dropped):]
	}
	shown := lead + full
	if width(shown) > room {
		shown = head(shown, room-width(dots)) + dots
	}
	from, to = from-skip, to-skip
	return shown, from, max(min(to, width(shown)), from+1)
}

// markBelow draws ^^^ (or --- for related places) and the label: beside it where
// it fits, else below.
func (p *page) markBelow(m mark, text string, gutter int, r role) {
	_, from, to := p.window(m, text, gutter)
	sign := "-"
	if m.primary {
		sign = "^"
	} else {
		r = accent
	}
	pad := piece{strings.Repeat(" ", gutter) + "| ", dim}
	carets := line{pad, {strings.Repeat(" ", from) + strings.Repeat(sign, to-from), r}}
	label := line{t(r, m.label)}
	room := p.columns() - carets.width() - 1
	if m.label == "" || label.width() <= room || room >= 40 {
		indent := piece{strings.Repeat(" ", to+1), plain}
		for i, l := range label.wrap(room, 0) {
			if i == 0 {
				p.add(append(append(carets, piece{" ", plain}), l...))
				continue
			}
			p.add(append(line{pad, indent}, l...))
		}
		return
	}
	p.add(carets)
	indent := min(from, max(p.columns()-gutter-2-44, 0))
	if label.width() > 2*(p.columns()-gutter-2-indent) {
		indent = min(indent, 4)
	}
	for _, l := range label.wrap(p.columns()-gutter-2-indent, 0) {
		p.add(append(line{pad, {strings.Repeat(" ", indent), plain}}, l...))
	}
}
