package lint

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// Fix applies the edits of the findings to the text of one file and says how
// many findings it mended. Muted findings are left alone, and so is an edit
// that overlaps an earlier one: the next run will offer it again. An edit
// outside the text is an error: the file changed since it was judged.
func Fix(file string, text []byte, findings []analyze.Finding) (fixed []byte, mended int, err error) {
	edits, owners := editsOf(file, findings)
	starts := lineStarts(text)
	var out strings.Builder
	done := 0
	touched := map[int]bool{}
	for i, e := range edits {
		from, to := offset(text, starts, e.Line, e.Column), offset(text, starts, e.EndLine, e.EndColumn)
		if from < 0 || to < from {
			return nil, 0, fmt.Errorf("%s: the place of a fix is not in the file; was it changed meanwhile?", e.Position)
		}
		if from < done {
			continue
		}
		out.Write(text[done:from])
		out.WriteString(e.NewText)
		done = to
		touched[owners[i]] = true
	}
	out.Write(text[done:])
	return []byte(out.String()), len(touched), nil
}

// editsOf lists the edits of a file in their order, and the finding of each.
func editsOf(file string, findings []analyze.Finding) ([]analyze.Edit, []int) {
	type owned struct {
		analyze.Edit
		finding int
	}
	var all []owned
	for i, f := range findings {
		if f.Suppressed != nil {
			continue
		}
		for _, e := range f.Edits {
			if e.File == file {
				all = append(all, owned{e, i})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b owned) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	edits, owners := make([]analyze.Edit, len(all)), make([]int, len(all))
	for i, o := range all {
		edits[i], owners[i] = o.Edit, o.finding
	}
	return edits, owners
}

// lineStarts are the byte offsets at which the lines of the text begin.
func lineStarts(text []byte) []int {
	starts := []int{0}
	for i, b := range text {
		if b == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
}

// offset is the byte offset of a line and column (1-based, code points), or -1
// if the text has no such place.
func offset(text []byte, starts []int, line, column int) int {
	if line < 1 || line > len(starts) {
		return -1
	}
	rest := string(text[starts[line-1]:])
	if end := strings.IndexByte(rest, '\n'); end >= 0 {
		rest = rest[:end]
	}
	n := 1
	for i := range rest {
		if n == column {
			return starts[line-1] + i
		}
		n++
	}
	if n == column {
		return starts[line-1] + len(rest)
	}
	return -1
}
