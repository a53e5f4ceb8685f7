package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestExamples holds the pages of testdata/examples to what the program prints,
// and demands that every example shows its timelines and what lint says of it.
func TestExamples(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	manifests, err := filepath.Glob("testdata/examples/*/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if len(manifests) < 7 {
		t.Fatalf("only %d examples", len(manifests))
	}
	for _, manifest := range manifests {
		if filepath.Base(filepath.Dir(manifest)) == "preview" { // the README shows it
			continue
		}
		page := filepath.Join(filepath.Dir(manifest), "README.md")
		t.Run(filepath.Base(filepath.Dir(manifest)), func(t *testing.T) {
			text, err := os.ReadFile(page)
			if err != nil {
				t.Fatal(err)
			}
			for _, command := range []string{"termination-timeline -f ", "startup-timeline -f ", "lint "} {
				if !strings.Contains(string(text), prompt+command+manifest) {
					t.Errorf("%s does not show: %s%s", page, command, manifest)
				}
			}
			comparePage(t, page, string(text))
		})
	}
}

// comparePage demands that a page shows what the program prints; -update mends it.
func comparePage(t *testing.T, page, text string) {
	t.Helper()
	got := replay(t, strings.Split(text, "\n"))
	if *update {
		if err := os.WriteFile(page, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(text, got); diff != "" {
		t.Errorf("the page does not show what the program prints (-page +program); go test ./cmd/... -update mends it\n%s", diff)
	}
}
