package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/rules"
)

// TestRulesPage keeps docs/rules.md equal to what "rules" tells. The reports for
// code scanning link to its headings.
func TestRulesPage(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	var b strings.Builder
	b.WriteString("# The lint rules\n\nWritten by the program: `kubectl lifecycle rules ID -o markdown`. How to mute, configure or mend: [lint](lint.md).\n\n")
	b.WriteString("| Rule | Severity | What is wrong |\n| --- | --- | --- |\n")
	for _, r := range rules.All() {
		fmt.Fprintf(&b, "| [%s](#%s) | %s | %s |\n", r.ID, strings.ToLower(r.ID), r.Severity, r.Title)
	}
	for _, r := range rules.All() {
		fmt.Fprintf(&b, "\n## %s\n\n**%s** · `%s` · %s\n", r.ID, r.Title, r.Name, r.Severity)
		headings := true
		for line := range strings.Lines(stdoutOf(t, 0, "rules", r.ID, "-o", "markdown")) {
			headings = headings && (strings.HasPrefix(line, "# ") || line == "\n")
			if !headings || line == "\n" {
				b.WriteString(line)
			}
		}
	}
	compareFile(t, "docs/rules.md", collapse(b.String()))
}

// collapse leaves one blank line where headings were taken out.
func collapse(text string) string {
	for strings.Contains(text, "\n\n\n") {
		text = strings.ReplaceAll(text, "\n\n\n", "\n\n")
	}
	return text
}
