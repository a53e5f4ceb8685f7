package lint

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// skips says once per rule what it did not see.
func (r *run) skips(results []judgement) []analyze.Skip {
	why := map[*analyze.Rule]map[string]bool{}
	for _, j := range results {
		for _, u := range j.unseen {
			if why[u.rule] == nil {
				why[u.rule] = map[string]bool{}
			}
			why[u.rule][u.kind.Kind] = true
		}
	}
	var out []analyze.Skip
	for _, rule := range r.rules {
		for _, need := range rule.Needs {
			if why[rule][need.Kind] {
				what := need.Kind
				if holdsPods(need) {
					what = "workload"
				}
				out = append(out, analyze.Skip{Rule: rule.ID, Why: fmt.Sprintf("not every %s was seen; --complete says that the input is all there is", what)})
				break
			}
		}
	}
	return out
}

// count counts files and documents that hold at least one object; what load
// skipped is not in the snapshot.
func count(objects []*analyze.Object, findings []analyze.Finding) analyze.Counts {
	type document struct {
		file string
		n    int
	}
	files, documents := map[string]bool{}, map[document]bool{}
	for _, o := range objects {
		if o.File != "" {
			files[o.File], documents[document{o.File, o.Document}] = true, true
		}
	}
	c := analyze.Counts{Files: len(files), Documents: len(documents), Objects: len(objects)}
	for i := range findings {
		switch f := &findings[i]; {
		case f.Suppressed != nil:
			c.Suppressed++
		case f.Severity == analyze.Error:
			c.Error++
		case f.Severity == analyze.Warning:
			c.Warning++
		case f.Severity == analyze.Info:
			c.Info++
		}
	}
	return c
}

// excerpt collects source lines, each once, in order of file and number.
type excerpt struct {
	seen  map[analyze.SourceLine]bool
	lines []analyze.SourceLine
}

// maxExcerpt is how many lines of one place are shown.
const maxExcerpt = 3

func newExcerpt() *excerpt { return &excerpt{seen: map[analyze.SourceLine]bool{}} }

func (e *excerpt) add(o *analyze.Object, pos analyze.Position) {
	if pos.Line == 0 {
		return
	}
	last := min(max(pos.EndLine, pos.Line), pos.Line+maxExcerpt-1)
	for i, text := range o.Lines(pos.Line, last) {
		line := analyze.SourceLine{File: pos.File, Number: pos.Line + i, Text: text}
		if !e.seen[line] {
			e.seen[line] = true
			e.lines = append(e.lines, line)
		}
	}
	slices.SortStableFunc(e.lines, func(a, b analyze.SourceLine) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Number, b.Number))
	})
}
