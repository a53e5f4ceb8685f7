package render

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares bytes with a file under testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", filepath.FromSlash(name))
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (go test ./pkg/render -update writes it)", err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", name, diff)
	}
}

// twice renders two times and wants the same bytes.
func twice(t *testing.T, f func(*bytes.Buffer) error) []byte {
	t.Helper()
	var a, b bytes.Buffer
	if err := f(&a); err != nil {
		t.Fatal(err)
	}
	if err := f(&b); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Errorf("rendering twice differs:\n%s", cmp.Diff(a.String(), b.String()))
	}
	return a.Bytes()
}

// fits wants no line over the width, no blanks at line ends, and no line that a
// txtar archive would take for a file name.
func fits(t *testing.T, text []byte, columns int) {
	t.Helper()
	for _, l := range strings.Split(string(text), "\n") {
		if w := width(l); columns > 0 && w > columns && !strings.Contains(l, "kubectl ") && !strings.Contains(l, "--> ") && !strings.Contains(l, "<https://") {
			t.Errorf("a line has %d columns, over %d: %q", w, columns, l)
		}
		if strings.TrimRight(l, " ") != l {
			t.Errorf("blanks at the end of %q", l)
		}
		if strings.HasPrefix(l, "-- ") {
			t.Errorf("a line looks like a txtar header: %q", l)
		}
	}
}
