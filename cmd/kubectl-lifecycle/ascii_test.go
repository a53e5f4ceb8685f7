package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mvdan.cc/sh/v3/shell"
)

// TestASCII runs every command that the documents show with --ascii, and demands
// that nothing beyond ASCII is written, neither as an answer nor beside it.
func TestASCII(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	lines := map[string]bool{
		"explain -f testdata/absent-é.yaml": true, "glossary …": true, "schema Timeline": true,
		"lint -f testdata/examples/preview/web.yaml -o sarif": true,
	}
	for _, pattern := range []string{"docs/*.md", "README.md", "testdata/examples/*.md", "testdata/examples/*/README.md"} {
		pages, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, page := range pages {
			text, err := os.ReadFile(page)
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range strings.Split(string(text), "\n") {
				if command, ok := strings.CutPrefix(l, prompt); ok {
					command, _, _ = strings.Cut(command, "  # exit code ")
					lines[command] = true
				}
			}
		}
	}
	if len(lines) < 30 {
		t.Fatalf("only %d commands", len(lines))
	}
	for line := range lines {
		words, err := shell.Fields(line, func(string) string { return "" })
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		var out bytes.Buffer
		e := &env{
			In: strings.NewReader(""), Out: &out, Err: &out,
			Now:    func() time.Time { return time.Date(2026, 11, 21, 20, 0, 0, 0, time.UTC) },
			Getenv: func(string) string { return "" }, Width: func() int { return 0 },
		}
		run(context.Background(), e, append(words, "--ascii"))
		for _, l := range strings.Split(out.String(), "\n") {
			if strings.ContainsFunc(l, func(r rune) bool { return r > 0x7f }) {
				t.Errorf("%s --ascii writes %q", line, l)
			}
		}
		if out.Len() == 0 {
			t.Errorf("%s --ascii writes nothing", line)
		}
	}
}
