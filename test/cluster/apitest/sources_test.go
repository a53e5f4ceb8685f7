package apitest

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// everywhere are the files whose strings no archive needs to cite: conditions
// that almost every pod and node shows.
var everywhere = []string{
	"k8s.io/kubernetes@v1.36.3 pkg/kubelet/status/generate.go",
	"k8s.io/kubernetes@v1.36.3 pkg/kubelet/nodestatus/setters.go",
}

// TestCausesSayWhatTheSourceSays holds the archives of pkg/explain/testdata/causes
// to the files that they cite: every message in them begins with a string of
// a cited file, and every cited file has a string in one of them. Nobody can write a message
// that no component of that version writes.
func TestCausesSayWhatTheSourceSays(t *testing.T) {
	files, err := filepath.Glob(causes)
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	src := &sources{dirs: map[string]string{}, formats: map[string][]*regexp.Regexp{}}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			cited, elsewhere := src.cited(t, file)
			_, objects := readCause(t, file)
			var said []string
			for _, o := range objects {
				said = append(said, messages(o.Object)...)
			}
			for _, m := range said {
				begun := func(at string) bool { return src.makes(t, at, m, true) }
				if !elsewhere && !slices.ContainsFunc(append(cited, everywhere...), begun) {
					t.Errorf("no cited file begins %q", m)
				}
			}
			for _, at := range cited {
				if !slices.ContainsFunc(said, func(m string) bool { return src.makes(t, at, m, false) }) {
					t.Errorf("no message holds a string of %s", at)
				}
			}
		})
	}
}

// sources are Go modules of which files are read.
type sources struct {
	dirs    map[string]string
	formats map[string][]*regexp.Regexp
}

// cited reads the head of an archive: "# strings MODULE@VERSION FILE" for where
// its messages come from, "# behaviour …" for what the situation follows from,
// "# elsewhere …" for what is no Go module.
func (s *sources) cited(t *testing.T, file string) (cited []string, elsewhere bool) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(string(data), "-- want --")
	for line := range strings.Lines(head) {
		word, at, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "# "), " ")
		switch word {
		case "strings":
			cited = append(cited, at)
		case "behaviour":
			if _, err := os.Stat(s.path(t, at)); err != nil {
				t.Errorf("%s: %v", at, err)
			}
		case "elsewhere":
			elsewhere = true
		}
	}
	return cited, elsewhere
}

// path is where a cited file is in the module cache; the Go command fetches and
// verifies what is not there yet.
func (s *sources) path(t *testing.T, at string) string {
	t.Helper()
	module, file, _ := strings.Cut(at, " ")
	if s.dirs[module] == "" {
		cmd := exec.CommandContext(t.Context(), "go", "mod", "download", "-json", module)
		cmd.Dir = os.TempDir() // in no module: versions are as cited
		out, err := cmd.Output()
		var got struct{ Dir, Error string }
		if json.Unmarshal(out, &got) != nil || got.Dir == "" {
			t.Fatalf("getting %s: %v %s", module, err, got.Error)
		}
		s.dirs[module] = got.Dir
	}
	return filepath.Join(s.dirs[module], filepath.FromSlash(file))
}

// makes tells whether a string literal of a file makes a part of a message, or its beginning.
func (s *sources) makes(t *testing.T, at, message string, beginning bool) bool {
	t.Helper()
	formats, read := s.formats[at]
	if !read {
		f, err := parser.ParseFile(token.NewFileSet(), s.path(t, at), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if re := format(lit.Value); re != nil {
					formats = append(formats, re)
				}
			}
			return true
		})
		s.formats[at] = formats
	}
	return slices.ContainsFunc(formats, func(re *regexp.Regexp) bool {
		found := re.FindStringIndex(message)
		return found != nil && (found[0] == 0 || !beginning)
	})
}

var verb = regexp.MustCompile(`%[-+# 0-9.]*[a-zA-Z]`)

// format is what a literal can print; nil if it holds next to nothing itself.
func format(literal string) *regexp.Regexp {
	text, err := strconv.Unquote(literal)
	if err != nil {
		return nil
	}
	longest := 0
	parts := verb.Split(text, -1)
	for i, part := range parts {
		longest = max(longest, len(strings.TrimSpace(part)))
		parts[i] = regexp.QuoteMeta(part)
	}
	if longest < 6 {
		return nil
	}
	return regexp.MustCompile("(?s)" + strings.Join(parts, ".*"))
}

// messages are all values of keys called message, at any depth.
func messages(value any) []string {
	var out []string
	switch v := value.(type) {
	case map[string]any:
		if m, _ := v["message"].(string); m != "" {
			out = append(out, m)
		}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			out = append(out, messages(v[key])...)
		}
	case []any:
		for _, item := range v {
			out = append(out, messages(item)...)
		}
	}
	return out
}
