package render

import "strings"

// command adds a command that can be pasted: where it is too long it is broken
// at blanks outside quotes, with backslashes. A word is never broken.
func (p *page) command(indent int, text string) {
	p.add(commandLines(line{{strings.Repeat(" ", indent), plain}}, indent+2, text, p.columns())...)
}

func commandLines(lead line, indent int, text string, to int) []line {
	var out []line
	cur, empty := lead, true
	for _, w := range shellWords(Escape(text)) {
		if !empty && cur.width()+1+width(w) > to-2 {
			out = append(out, append(cur, piece{" \\", plain}))
			cur, empty = line{{strings.Repeat(" ", indent), plain}}, true
		}
		if !empty {
			w = " " + w
		}
		cur, empty = append(cur, piece{w, accent}), false
	}
	return append(out, cur)
}

// shellWords splits at blanks outside quotes; the words keep their quotes.
func shellWords(s string) []string {
	var out []string
	var quote byte
	start := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quote == 0 && c == ' ':
			if i > start {
				out = append(out, s[start:i])
			}
			start = i + 1
		case c == '\\' && quote != '\'':
			i++
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case c == quote:
			quote = 0
		}
	}
	if start < len(s) {
		out = append(out, s[start:])
	}
	return out
}
