package load

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/util/validation/field"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// Each scalar of each object stands at its place: the text there has its value.
func TestEveryField(t *testing.T) {
	dirs := []string{"../../../testdata"}
	if corpus := os.Getenv("CORPUS"); corpus != "" {
		dirs = append(dirs, corpus)
	}
	checked := 0
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
			if err == nil && isManifestName(path) {
				data, err := os.ReadFile(path)
				if err != nil {
					return err
				}
				checked += checkFile(t, path, data)
				checked += checkFile(t, path+" with CRLF", bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n")))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if checked == 0 {
		t.Error("nothing was checked")
	}
	t.Logf("%d fields stand where they should", checked)
}

// checkFile compares the places in a file with what another reading of it finds.
func checkFile(t *testing.T, name string, data []byte) (checked int) {
	t.Helper()
	src := newSource(name, data)
	r := decodeSource(src, false, false)
	if len(r.errors) > 0 {
		return 0
	}
	var values []map[string]any
	for _, d := range splitDocuments(src.data) {
		var v map[string]any
		if err := yaml.Unmarshal(src.data[d.start:d.end], &v); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		values = unfold(values, v)
	}
	if len(values) != len(r.objects) {
		t.Errorf("%s: %d objects, want %d", name, len(r.objects), len(values))
		return 0
	}
	for i, o := range r.objects {
		eachScalar(values[i], nil, func(path *field.Path, want any) {
			checked++
			pos, exact := o.At(path)
			if text := textAt(o, pos); !exact || !sameValue(text, want) {
				t.Errorf("%s %s: exact %v, text %q, value %v", pos, path, exact, text, want)
			}
		})
	}
	return checked
}

// unfold appends the object, or the objects of a list.
func unfold(to []map[string]any, v map[string]any) []map[string]any {
	items, isList := v["items"].([]any)
	if !isList {
		return append(to, v)
	}
	for _, item := range items {
		to = unfold(to, item.(map[string]any))
	}
	return to
}

func eachScalar(v any, path *field.Path, f func(*field.Path, any)) {
	child := func(name string) *field.Path {
		if path == nil {
			return field.NewPath(name)
		}
		return path.Key(name)
	}
	switch v := v.(type) {
	case map[string]any:
		for k, item := range v {
			eachScalar(item, child(k), f)
		}
	case []any:
		for i, item := range v {
			eachScalar(item, path.Index(i), f)
		}
	case nil:
	default:
		f(path, v)
	}
}

// textAt is the text between the two ends of a position.
func textAt(o *analyze.Object, p analyze.Position) string {
	lines := o.Lines(p.Line, p.EndLine)
	if len(lines) == 0 {
		return ""
	}
	last := []rune(lines[len(lines)-1])
	lines[len(lines)-1] = string(last[:p.EndColumn-1])
	lines[0] = string([]rune(lines[0])[p.Column-1:])
	return strings.Join(lines, "\n")
}

func sameValue(text string, want any) bool {
	if strings.HasPrefix(text, "*") {
		return true // an alias; its value stands elsewhere
	}
	var got any
	if strings.HasPrefix(text, "|") || strings.HasPrefix(text, ">") {
		text += "\n"
	}
	if err := yaml.Unmarshal([]byte(text), &got); err != nil {
		return false
	}
	trim := func(v any) string { return strings.TrimRight(fmt.Sprint(v), "\n") }
	return trim(got) == trim(want)
}
