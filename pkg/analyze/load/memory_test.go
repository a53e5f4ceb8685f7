package load

import (
	"context"
	"os"
	"runtime"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// The bytes of a large file are let go of and read again for places; when the
// file has changed meanwhile, places are not made up.
func TestLargeFilesAreReadAgain(t *testing.T) {
	t.Chdir(t.TempDir())
	text := `{"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "v1", "kind": "ConfigMap", "data": {"a": "` +
		strings.Repeat("é", largeInput/2) + "\"}},\n" + `{"apiVersion": "v1", "kind": "Pod", "spec": {"nodeName": "x"}}]}`
	if err := os.WriteFile("large.json", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := readFiles(context.Background(), Request{Filenames: []string{"large.json"}})
	if err != nil || len(in.Objects) != 2 {
		t.Fatal(err, summary(in))
	}
	pod, path := in.Objects[1], field.NewPath("spec", "nodeName")
	for range 2 {
		runtime.GC()
		if pos, exact := pod.At(path); pos.String() != "large.json:2:58" || !exact {
			t.Errorf("At = %s %v", pos, exact)
		}
		if lines := pod.Lines(2, 2); len(lines) != 1 || !strings.HasPrefix(lines[0], `{"apiVersion"`) {
			t.Errorf("Lines = %.80q", lines)
		}
	}
	if lines := pod.Lines(1, 1); len(lines) != 1 || len(lines[0]) > maxLine {
		t.Errorf("%d lines", len(lines))
	}
	if err := os.WriteFile("large.json", []byte("other"), 0o600); err != nil {
		t.Fatal(err)
	}
	runtime.GC()
	if pos, exact := pod.At(path); pos.Line != 0 || exact || len(pod.Lines(2, 2)) != 0 {
		t.Errorf("At in a changed file = %s %v", pos, exact)
	}
}
