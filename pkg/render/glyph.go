package render

// glyphs are the characters that charts and trees are drawn with. No emoji:
// nobody knows how wide they are.
type glyphs struct {
	fixed, inferred, assumed, mayLast string // bars
	signal, kill, here, more          string // moments; more = goes on beyond the chart
	tick, axis, axisStart, axisEnd    string
	branch, last, pass                string // trees
	rule, ellipsis, upTo, arrow, dash string
	dot                               string
}

func (st Style) glyphs() glyphs {
	if st.ASCII {
		return glyphs{
			fixed: "#", inferred: "%", assumed: "=", mayLast: ".", signal: "v", kill: "X", here: "|", more: ">",
			tick: "+", axis: "-", axisStart: "|", axisEnd: "|", branch: "|- ", last: "`- ", pass: "|  ",
			rule: "|", ellipsis: "..", upTo: "<=", arrow: "<-", dash: "-", dot: "-",
		}
	}
	return glyphs{
		fixed: "█", inferred: "▓", assumed: "▒", mayLast: "░", signal: "▼", kill: "✗", here: "│", more: "»",
		tick: "┼", axis: "─", axisStart: "├", axisEnd: "┤", branch: "├─ ", last: "└─ ", pass: "│  ",
		rule: "│", ellipsis: "…", upTo: "≤", arrow: "←", dash: "–", dot: "·",
	}
}
