package render

import (
	"strings"

	"github.com/clipperhouse/displaywidth"
)

// A role says what a piece of text is; paint decides how that looks.
type role int

const (
	plain  role = iota
	strong      // titles
	dim         // gutters, sources
	good
	warn // assumed, warnings
	bad  // killed, errors
	accent
)

// sgr holds the terminal's codes of the roles: base colours only, so that the
// user's theme rules.
var sgr = [...]string{plain: "", strong: "1", dim: "2", good: "32", warn: "33", bad: "1;31", accent: "36"}

// A piece is text in one role. Its text holds no control characters; make it
// with t.
type piece struct {
	text string
	role role
}

// A line is one line of output.
type line []piece

// t makes a piece of any text, wherever it comes from.
func t(r role, text string) piece { return piece{Escape(text), r} }

// ln makes a line of one plain piece.
func ln(text string) line { return line{t(plain, text)} }

// width is the number of terminal columns a string takes, with East Asian
// ambiguous characters counted as one column whatever the locale says.
func width(s string) int { return displaywidth.Options{}.String(s) }

func (l line) width() int {
	if len(l) == 1 {
		return width(l[0].text)
	}
	return width(l.text())
}

// text is the line without its roles.
func (l line) text() string {
	var b strings.Builder
	for _, p := range l {
		b.WriteString(p.text)
	}
	return b.String()
}

// paint turns a line into bytes, without trailing blanks.
func paint(l line, color bool) string {
	var b strings.Builder
	for _, p := range l.trimRight().joined() {
		b.WriteString(coloured(p.text, p.role, color))
	}
	return b.String()
}

// joined makes one piece of neighbours in one role, and of the blanks between
// them, so that a coloured sentence is painted in one go.
func (l line) joined() line {
	var out line
	for _, p := range l {
		if last := len(out) - 1; last >= 0 {
			blankBefore := strings.TrimSpace(out[last].text) == ""
			switch {
			case p.role == out[last].role:
				out[last].text += p.text
				continue
			case blankBefore && last > 0 && out[last-1].role == p.role:
				out[last-1].text += out[last].text + p.text
				out = out[:last]
				continue
			}
		}
		out = append(out, p)
	}
	return out
}

// coloured is the only place that writes SGR codes.
func coloured(text string, r role, color bool) string {
	code := sgr[r]
	if !color || code == "" || strings.TrimSpace(text) == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (l line) trimRight() line {
	out := append(line(nil), l...)
	for len(out) > 0 {
		last := &out[len(out)-1]
		last.text = strings.TrimRight(last.text, " ")
		if last.text != "" {
			break
		}
		out = out[:len(out)-1]
	}
	return out
}

// pad appends blanks up to a width.
func (l line) pad(to int) line {
	if n := to - l.width(); n > 0 {
		return append(append(line(nil), l...), piece{strings.Repeat(" ", n), plain})
	}
	return l
}

// cut shortens a line to a width; what is lost shows as an ellipsis.
func (l line) cut(to int, ellipsis string) line {
	if l.width() <= to {
		return l
	}
	room := to - width(ellipsis)
	if room < 0 {
		return nil
	}
	var out line
	for _, p := range l {
		w := width(p.text)
		if w <= room {
			out = append(out, p)
			room -= w
			continue
		}
		return append(out, piece{head(p.text, room) + ellipsis, p.role})
	}
	return out
}

// head is the longest start of s that fits into some columns.
func head(s string, columns int) string {
	used, end := 0, 0
	g := displaywidth.Options{}.StringGraphemes(s)
	for g.Next() {
		if used += g.Width(); used > columns {
			break
		}
		end += len(g.Value())
	}
	return s[:end]
}

// A word is pieces without a blank between them.
type word = line

// words splits a line at its blanks; a piece's role goes with its words.
func (l line) words() []word {
	var out []word
	glued := false
	for _, p := range l {
		for i, part := range strings.Split(p.text, " ") {
			if i > 0 {
				glued = false
			}
			if part == "" {
				continue
			}
			if glued {
				out[len(out)-1] = append(out[len(out)-1], piece{part, p.role})
			} else {
				out = append(out, word{{part, p.role}})
			}
			glued = true
		}
	}
	return out
}

// wrap breaks a line at blanks so that each line fits; later lines are indented.
// A word longer than a whole line is broken where the line ends.
func (l line) wrap(to, indent int) []line {
	if l.width() <= to {
		return []line{l}
	}
	to = max(to, indent+8)
	hang := piece{strings.Repeat(" ", indent), plain}
	var out []line
	cur, used, empty := leading(l), 0, true
	used = cur.width()
	for _, w := range l.words() {
		need := w.width()
		if !empty && used+1+need > to {
			out, cur, used, empty = append(out, cur), line{hang}, indent, true
		}
		if !empty {
			cur, used = append(cur, piece{" ", w[0].role}), used+1
		}
		for used+need > to {
			a, b := w.split(to - used)
			if len(a) == 0 && empty {
				break // one grapheme wider than the line
			}
			out, cur, used = append(out, append(cur, a...)), line{hang}, indent
			w = b
			if need -= a.width(); need <= to-indent { // measuring what is left each time would take long
				need = b.width()
			}
		}
		cur, used, empty = append(cur, w...), used+need, false
	}
	return append(out, cur)
}

// leading is the blank start of a line.
func leading(l line) line {
	s := l.text()
	return line{{s[:len(s)-len(strings.TrimLeft(s, " "))], plain}}
}

// split cuts a line in two at a column.
func (l line) split(columns int) (a, b line) {
	for i, p := range l {
		h := head(p.text, columns) // does not look at what is behind the cut
		if len(h) == len(p.text) {
			a, columns = append(a, p), columns-width(h)
			continue
		}
		if h != "" {
			a = append(a, piece{h, p.role})
		}
		b = append(b, piece{p.text[len(h):], p.role})
		return a, append(b, l[i+1:]...)
	}
	return a, b
}

// under joins a label column and a text: the text is wrapped to the right of
// the first column, which appears once.
func under(first line, column int, text line, to int) []line {
	lines := text.wrap(max(to-column, 12), 0)
	for i, l := range lines {
		lead := line{}
		if i == 0 {
			lead = first
		}
		lines[i] = append(append(line(nil), lead.pad(column)...), l...)
	}
	return lines
}
