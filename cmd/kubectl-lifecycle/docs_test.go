package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"mvdan.cc/sh/v3/shell"
)

const prompt = "$ kubectl lifecycle "

// TestDocuments runs every command that the documents show, and demands the
// output they show. Blocks of "console" hold commands and their output; every
// other block of shell commands must say why it is not run.
func TestDocuments(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	pages, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range append(pages, "README.md") {
		t.Run(filepath.Base(page), func(t *testing.T) {
			text, err := os.ReadFile(page)
			if err != nil {
				t.Fatal(err)
			}
			got := replay(t, strings.Split(string(text), "\n"))
			if *update {
				if err := os.WriteFile(page, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(text), got); diff != "" {
				t.Errorf("the page does not show what the program prints (-page +program); go test ./cmd/... -update mends it\n%s", diff)
			}
		})
	}
}

// replay copies a page and puts what the program prints into its console
// blocks.
func replay(t *testing.T, lines []string) string {
	t.Helper()
	var out []string
	inside := "" // the language of the block we are in
	for i, line := range lines {
		fence, isFence := strings.CutPrefix(line, "```")
		switch {
		case isFence && inside == "":
			inside = fence
			if inside == "" {
				inside = "text"
			}
			if inside == "sh" && (i == 0 || !strings.HasPrefix(lines[i-1], "<!-- not run: ")) {
				t.Errorf("line %d: a block of commands that no test runs; say why in a line <!-- not run: REASON --> before it", i+1)
			}
			out = append(out, line)
		case isFence:
			inside = ""
			out = append(out, line)
		case inside != "console":
			out = append(out, line)
		case strings.HasPrefix(line, prompt):
			out = append(out, line)
			out = append(out, printed(t, strings.TrimPrefix(line, prompt))...)
		}
	}
	return strings.Join(out, "\n")
}

// printed is what a command line prints, without trailing blank lines.
func printed(t *testing.T, line string) []string {
	t.Helper()
	line, code, _ := strings.Cut(line, "  # exit code ")
	words, err := shell.Fields(line, func(string) string { return "" })
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	var stdout, stderr bytes.Buffer
	e := &env{
		In: strings.NewReader(""), Out: &stdout, Err: &stderr,
		Now:    func() time.Time { return time.Date(2026, 11, 21, 20, 0, 0, 0, time.UTC) },
		Getenv: func(string) string { return "" },
		Width:  func() int { return 0 },
	}
	got := run(context.Background(), e, words)
	if want := map[string]int{"": 0, "1": 1, "2": 2}[code]; got != want {
		t.Errorf("%s: exit code %d, want %d; stderr: %s", line, got, want, stderr.String())
	}
	text := strings.TrimRight(stdout.String()+stderr.String(), "\n")
	return strings.Split(text, "\n")
}
