package render

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func textOf(lines []line, color bool) string {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(paint(l, color) + "\n")
	}
	return b.String()
}

func cells(rows ...[]string) [][]line {
	var out [][]line
	for _, r := range rows {
		var row []line
		for _, c := range r {
			row = append(row, ln(c))
		}
		out = append(out, row)
	}
	return out
}

// Each case is a trap of the table library, or a promise of ours.
func TestTable(t *testing.T) {
	t.Setenv("LANG", "ja_JP.UTF-8")
	t.Setenv("TABWIDTH", "13")
	cols := []column{{title: "NAME"}, {title: "N", right: true}, {title: "WHAT", wraps: true}}
	tests := []struct {
		name string
		cols []column
		rows [][]line
		to   int
		want string
	}{
		{
			"plain", cols, cells([]string{"a", "1", "x"}, []string{"bbb", "22", "yy"}), 0,
			"NAME    N   WHAT\na       1   x\nbbb    22   yy\n",
		},
		{
			"header text is kept",
			[]column{{title: "KL101"}, {title: "1e3"}},
			cells([]string{"a", "b"}), 0,
			"KL101   1e3\na       b\n",
		},
		{
			"indentation is kept",
			[]column{{title: "TREE"}, {title: "X"}},
			cells([]string{"  └─ a", "b"}), 0,
			"TREE     X\n  └─ a   b\n",
		},
		{
			"wide characters",
			[]column{{title: "NAME"}, {title: "X"}},
			cells([]string{"日本語", "b"}, []string{"é", "c"}), 0,
			"NAME     X\n日本語   b\né        c\n",
		},
		{
			"tabs never reach the library",
			[]column{{title: "NAME"}, {title: "X"}},
			cells([]string{"a\tb", "b"}), 0,
			"NAME   X\na\\tb   b\n",
		},
		{
			"wraps to the width", cols, cells([]string{"a", "1", "one two three four five six seven"}), 40,
			"NAME   N   WHAT\na      1   one two three four five six\n           seven\n",
		},
		{
			"cuts what does not wrap",
			[]column{{title: "NAME"}, {title: "X"}},
			cells([]string{strings.Repeat("x", 60), "b"}), 20,
			"NAME               X\nxxxxxxxxxxxxxxx…   b\n",
		},
		{
			"no header",
			[]column{{}, {}},
			cells([]string{"a", "b"}), 0,
			"a   b\n",
		},
		{
			"empty cells",
			[]column{{title: "A"}, {title: "B"}},
			cells([]string{"", ""}, []string{"x", ""}), 0,
			"A   B\n\nx\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := table(tt.cols, tt.rows, tt.to, 0, "…")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, textOf(got, false)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestTableColourDoesNotMoveColumns(t *testing.T) {
	rows := [][]line{{{piece{"bad", bad}}, ln("x")}, {ln("good!"), ln("y")}}
	cols := []column{{title: "STATE"}, {title: "X"}}
	got, err := table(cols, rows, 0, 2, "…")
	if err != nil {
		t.Fatal(err)
	}
	want := "  \x1b[1mSTATE   X\x1b[0m\n  \x1b[1;31mbad\x1b[0m     x\n  good!   y\n"
	if diff := cmp.Diff(want, textOf(got, true)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
