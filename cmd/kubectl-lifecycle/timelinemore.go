package main

import (
	"slices"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/lint"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/load"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/rules"
)

// ruleFamilies are the lint rules that a question is about, by the start of
// their ids.
func ruleFamilies(q analyze.Question) []string {
	switch q {
	case analyze.Termination:
		return []string{"KL1"}
	case analyze.Startup:
		return []string{"KL2", "KL6"}
	case analyze.Restart:
		return []string{"KL2"}
	case analyze.Life:
	}
	return []string{"KL1", "KL2", "KL6"}
}

// addFindings fills in what lint says about the subjects. Muted findings stay out.
func addFindings(res *load.Result, items []*analyze.Timeline) {
	if len(items) == 0 {
		return
	}
	families := ruleFamilies(items[0].Question)
	about := slices.DeleteFunc(slices.Clone(rules.All()), func(r *analyze.Rule) bool {
		return !slices.ContainsFunc(families, func(f string) bool { return strings.HasPrefix(r.ID, f) })
	})
	report := lint.Run(res.Snapshot, about, lint.Config{Subjects: res.Subjects})
	byObject := map[analyze.Ref][]analyze.Finding{}
	for _, f := range report.Findings {
		if f.Suppressed == nil {
			byObject[f.Object] = append(byObject[f.Object], f)
		}
	}
	for _, t := range items {
		t.Findings = byObject[t.Subject]
	}
}

// addGaps tells what could not be read, of the subject and of what is around it.
func addGaps(t *analyze.Timeline, s *analyze.Snapshot, o *analyze.Object) {
	add := func(g analyze.Gap) {
		if !slices.ContainsFunc(t.Gaps, func(old analyze.Gap) bool { return old.What == g.What && old.Why == g.Why }) {
			t.Gaps = append(t.Gaps, g)
		}
	}
	for _, p := range o.Problems {
		if p.Kind != "unknown-field" {
			add(analyze.Gap{What: p.Path, Why: strings.TrimPrefix(p.Message, p.Path+" ")})
		}
	}
	for _, g := range s.Gaps {
		if g.Namespace == "" || o.Namespace == "" || g.Namespace == o.Namespace {
			add(g)
		}
	}
}
