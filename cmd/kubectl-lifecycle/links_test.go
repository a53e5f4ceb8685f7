package main

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
)

var (
	inlineLink = regexp.MustCompile(`\]\(<?([^)>\s]+)>?\)`)
	codeSpan   = regexp.MustCompile("`[^`]*`")
	idOrName   = regexp.MustCompile(`<a (?:id|name)="([^"]+)">`)
)

// TestLinks demands of every page that the files and headings it links to exist.
// Addresses elsewhere are not asked.
func TestLinks(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	links := 0
	for _, page := range markdownPages(t) {
		for n, line := range proseOf(t, page) {
			for _, m := range inlineLink.FindAllStringSubmatch(line, -1) {
				target := m[1]
				if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
					continue
				}
				links++
				file, anchor, _ := strings.Cut(target, "#")
				to := page
				if file != "" {
					to = filepath.Join(filepath.Dir(page), filepath.FromSlash(file))
				}
				info, err := os.Stat(to)
				if err != nil {
					t.Errorf("%s:%d: the link %s leads nowhere", page, n+1, target)
					continue
				}
				if anchor != "" && (info.IsDir() || !anchorsOf(t, to)[anchor]) {
					t.Errorf("%s:%d: %s has no heading for #%s", page, n+1, to, anchor)
				}
			}
		}
	}
	if links < 20 {
		t.Errorf("only %d links were found", links)
	}
}

func markdownPages(t *testing.T) []string {
	t.Helper()
	var pages []string
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := d.Name(); d.IsDir() && (name == ".git" || name == ".cache" || name == "dist" || name == "bin") {
			return filepath.SkipDir
		}
		if strings.HasSuffix(path, ".md") {
			pages = append(pages, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return pages
}

// proseOf are the lines of a page, with those of code emptied.
func proseOf(t *testing.T, page string) []string {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	inside := false
	for i, line := range lines {
		fence := strings.HasPrefix(strings.TrimSpace(line), "```")
		if fence {
			inside = !inside
		}
		if fence || inside {
			lines[i] = ""
			continue
		}
		lines[i] = codeSpan.ReplaceAllStringFunc(line, func(code string) string {
			return strings.NewReplacer("(", " ", ")", " ", "]", " ").Replace(code)
		})
	}
	return lines
}

// anchorsOf are the names that a page's headings have on GitHub.
func anchorsOf(t *testing.T, page string) map[string]bool {
	t.Helper()
	anchors := map[string]bool{}
	for _, line := range proseOf(t, page) {
		for _, m := range idOrName.FindAllStringSubmatch(line, -1) {
			anchors[m[1]] = true
		}
		title := strings.TrimLeft(line, "#")
		if title == line || !strings.HasPrefix(title, " ") {
			continue
		}
		anchors[strings.Map(func(r rune) rune {
			switch {
			case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_':
				return unicode.ToLower(r)
			case r == ' ':
				return '-'
			}
			return -1
		}, strings.TrimSpace(title))] = true
	}
	return anchors
}

// TestPicture keeps the picture of the README equal to what the program draws.
func TestPicture(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	compareFile(t, "docs/termination.svg", stdoutOf(t, 0, "termination-timeline", "deploy/web",
		"-f", "testdata/examples/preview/web.yaml", "--assume", "app.stop=2s", "-o", "svg"))
}

// TestRecipes holds the manifests that the documents hand out to our own rules,
// advice included.
func TestRecipes(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	got := stdoutOf(t, 0, "lint", "docs/rbac.yaml", "docs/image/cronjob.yaml", "--info", "--complete", "--fail-on", "info")
	if !strings.HasPrefix(got, "no lifecycle problems in 5 objects, 2 files") {
		t.Errorf("our own recipes do not pass our own rules:\n%s", got)
	}
}

// stdoutOf runs one command line as the documents do.
func stdoutOf(t *testing.T, code int, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	e := &env{
		In: strings.NewReader(""), Out: &stdout, Err: &stderr,
		Now:    func() time.Time { return time.Date(2026, 11, 21, 20, 0, 0, 0, time.UTC) },
		Getenv: func(string) string { return "" },
		Width:  func() int { return 0 },
	}
	if got := run(context.Background(), e, args); got != code {
		t.Errorf("%s: exit code %d, want %d; stderr: %s", strings.Join(args, " "), got, code, stderr.String())
	}
	return stdout.String()
}
