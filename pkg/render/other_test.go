package render

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/explain"
)

func TestOtherDocuments(t *testing.T) {
	one := &explain.GlossaryPage{Items: sampleGlossary().Items[:1]}
	documents := map[string]func(b *bytes.Buffer, st Style) error{
		"summary":    func(b *bytes.Buffer, st Style) error { return Summary(b, sampleSummary(), st) },
		"glossary":   func(b *bytes.Buffer, st Style) error { return Glossary(b, sampleGlossary(), st) },
		"term":       func(b *bytes.Buffer, st Style) error { return Glossary(b, one, st) },
		"rules":      func(b *bytes.Buffer, st Style) error { return RuleList(b, sampleRules(), st) },
		"rule":       func(b *bytes.Buffer, st Style) error { return Rule(b, sampleRules()[0], st) },
		"comparison": func(b *bytes.Buffer, st Style) error { return Comparisons(b, sampleComparisons(), false, st) },
	}
	for name, f := range documents {
		for _, columns := range []int{50, 80, 120} {
			got := twice(t, func(b *bytes.Buffer) error { return f(b, Style{Width: columns, Wide: columns == 120}) })
			fits(t, got, columns)
			golden(t, fmt.Sprintf("other/%s.%d.txt", name, columns), got)
		}
		got := twice(t, func(b *bytes.Buffer) error { return f(b, Style{Format: "markdown"}) })
		golden(t, "other/"+name+".md", got)
	}
}
