package lint

import (
	"testing"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func TestFix(t *testing.T) {
	edit := func(line, column, endLine, endColumn int, text string) analyze.Finding {
		return analyze.Finding{Edits: []analyze.Edit{{
			Position: analyze.Position{File: "a.yaml", Line: line, Column: column, EndLine: endLine, EndColumn: endColumn}, NewText: text,
		}}}
	}
	muted := edit(1, 1, 1, 2, "X")
	muted.Suppressed = &analyze.Suppression{Reason: "on purpose"}
	elsewhere := edit(1, 1, 1, 2, "X")
	elsewhere.Edits[0].File = "b.yaml"
	const text = "é: 30\nb: 2\n"
	for _, tt := range []struct {
		name     string
		findings []analyze.Finding
		want     string
		mended   int
	}{
		{"columns are code points", []analyze.Finding{edit(1, 4, 1, 6, "45")}, "é: 45\nb: 2\n", 1},
		{"in the order of the file", []analyze.Finding{edit(2, 4, 2, 5, "9"), edit(1, 1, 1, 2, "a")}, "a: 30\nb: 9\n", 2},
		{"an overlap waits for the next run", []analyze.Finding{edit(1, 1, 1, 6, "x"), edit(1, 4, 1, 6, "45")}, "x\nb: 2\n", 1},
		{"an insertion at the end of a line", []analyze.Finding{edit(2, 5, 2, 5, "0")}, "é: 30\nb: 20\n", 1},
		{"muted and foreign findings", []analyze.Finding{muted, elsewhere}, text, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, mended, err := Fix("a.yaml", []byte(text), tt.findings)
			if err != nil || string(got) != tt.want || mended != tt.mended {
				t.Errorf("got %q, %d mended, %v; want %q, %d", got, mended, err, tt.want, tt.mended)
			}
		})
	}
	if _, _, err := Fix("a.yaml", []byte(text), []analyze.Finding{edit(7, 1, 7, 2, "x")}); err == nil {
		t.Error("a place outside the file must be an error")
	}
}
