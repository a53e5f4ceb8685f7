package render

import (
	"fmt"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// A column of a table.
type column struct {
	title string
	right bool
	// wraps says that its cells may be broken into several lines to save width.
	wraps bool
}

// tableGap is the number of blanks between two columns.
const tableGap = 3

// table lays out rows in columns. Where to is not 0, no line is longer, as long as
// each column keeps 3 columns: cells of columns that wrap are broken first, then
// the widest cells are cut.
//
// This is the only user of the table library, which pads and aligns. Its other
// services are switched off or never reached, since they rewrite headers, trim
// the indentation of trees, spread widths by guess and measure by the locale.
// Cells hold no control characters (see t), because for a tab it would read
// the environment and .editorconfig files. It sees bare text: in coloured cells
// it ends the padding with codes of its own, so the roles come back afterwards.
func table(cols []column, rows [][]line, to, indent int, ellipsis string) ([]line, error) {
	widths := columnWidths(cols, rows, to-indent)
	var cells [][]line
	if header := headerOf(cols); header != nil {
		cells = append(cells, header)
	}
	for _, row := range rows {
		cells = append(cells, brokenRow(row, cols, widths, ellipsis)...)
	}
	text, err := align(cols, cells, widths)
	if err != nil {
		return nil, fmt.Errorf("lay out table: %w", err)
	}
	laid := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if len(laid) != len(cells) {
		return nil, fmt.Errorf("lay out table: %d rows became %d lines", len(cells), len(laid))
	}
	out := make([]line, len(laid))
	for i, l := range laid {
		out[i] = append(line{{strings.Repeat(" ", indent), plain}}, withRoles(l, cells[i])...)
	}
	return out, nil
}

// withRoles finds the cells again in a laid out line.
func withRoles(laid string, row []line) line {
	var out line
	for _, cell := range row {
		at := strings.Index(laid, cell.text())
		if at < 0 || len(cell) == 0 {
			continue
		}
		out = append(append(out, piece{laid[:at], plain}), cell...)
		laid = laid[at+len(cell.text()):]
	}
	return append(out, piece{laid, plain})
}

func headerOf(cols []column) []line {
	header := make([]line, len(cols))
	some := false
	for i, c := range cols {
		header[i] = line{t(strong, c.title)}
		some = some || c.title != ""
	}
	if !some {
		return nil
	}
	return header
}

// columnWidths gives each column what it needs, and takes from those that wrap,
// then from the widest, until all fit.
func columnWidths(cols []column, rows [][]line, to int) []int {
	w := make([]int, len(cols))
	for i, c := range cols {
		w[i] = width(c.title)
		for _, row := range rows {
			w[i] = max(w[i], row[i].width())
		}
	}
	if to <= 0 {
		return w
	}
	excess := -to + tableGap*(len(cols)-1)
	for _, n := range w {
		excess += n
	}
	excess = shrink(w, excess, 16, func(i int) bool { return cols[i].wraps })
	excess = shrink(w, excess, 8, func(int) bool { return true })
	shrink(w, excess, 3, func(int) bool { return true })
	return w
}

// shrink takes columns from the widest that may give, down to a floor, and
// returns what is still too much.
func shrink(w []int, excess, floor int, may func(int) bool) int {
	for excess > 0 {
		widest := -1
		for i := range w {
			if may(i) && w[i] > floor && (widest < 0 || w[i] > w[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			break
		}
		w[widest]--
		excess--
	}
	return excess
}

// brokenRow breaks or cuts the cells of a row to the widths of their columns.
func brokenRow(row []line, cols []column, widths []int, ellipsis string) [][]line {
	parts := make([][]line, len(cols))
	height := 1
	for i := range cols {
		if cols[i].wraps {
			parts[i] = row[i].wrap(widths[i], 0)
		} else {
			parts[i] = []line{row[i].cut(widths[i], ellipsis)}
		}
		height = max(height, len(parts[i]))
	}
	out := make([][]line, height)
	for h := range out {
		out[h] = make([]line, len(cols))
		for i := range cols {
			if h < len(parts[i]) {
				out[h][i] = parts[i][h]
			}
		}
	}
	return out
}

func align(cols []column, cells [][]line, widths []int) (string, error) {
	mapped := tw.Mapper[int, int]{}
	var aligns tw.Alignment
	for i, c := range cols {
		mapped[i] = max(widths[i], 1) + tableGap
		a := tw.AlignLeft
		if c.right {
			a = tw.AlignRight
		}
		aligns = append(aligns, a)
	}
	var b strings.Builder
	gap := tw.Padding{Right: strings.Repeat(" ", tableGap), Overwrite: true}
	w := tablewriter.NewTable(&b,
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders:  tw.BorderNone,
			Symbols:  tw.NewSymbols(tw.StyleNone),
			Settings: tw.Settings{Lines: tw.LinesNone, Separators: tw.SeparatorsNone},
		})),
		tablewriter.WithEastAsian(tw.Off),
		tablewriter.WithTrimSpace(tw.Off), tablewriter.WithTrimLine(tw.Off), tablewriter.WithTrimTab(tw.Off),
		tablewriter.WithRowAutoFormat(tw.Off), tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithAlignment(aligns), tablewriter.WithPadding(gap),
		tablewriter.WithColumnWidths(mapped),
	)
	for _, row := range cells {
		bare := make([]string, len(row))
		for i, cell := range row {
			bare[i] = cell.text()
		}
		if err := w.Append(bare); err != nil {
			return "", err
		}
	}
	if err := w.Render(); err != nil {
		return "", err
	}
	return b.String(), nil
}

// table adds a table to the page. Only where the user gave a width is it held.
func (p *page) table(indent int, cols []column, rows [][]line) error {
	to := p.Width
	if to > 0 {
		to = p.columns()
	}
	lines, err := table(cols, rows, to, indent, p.g.ellipsis)
	if err != nil {
		return err
	}
	p.add(lines...)
	return nil
}
