package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/explain"
)

// Values recorded from the program's own JSON about recordings of real clusters:
// what they look like must not depend on the engines' next sentence.
func TestRecordedValues(t *testing.T) {
	files, err := filepath.Glob("testdata/values/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no values: %v", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			render, again := recorded(t, name, data)
			validates(t, strings.ToUpper(name[:1])+strings.Split(name, "-")[0][1:], again)
			for _, columns := range []int{50, 80, 120} {
				got := twice(t, func(b *bytes.Buffer) error { return render(b, Style{Width: columns, Wide: columns == 120}) })
				fits(t, got, columns)
				golden(t, fmt.Sprintf("recorded/%s.%d.txt", name, columns), got)
			}
		})
	}
}

// recorded decodes a value; again is what it looks like when it is encoded anew.
func recorded(t *testing.T, name string, data []byte) (render func(*bytes.Buffer, Style) error, again []byte) {
	t.Helper()
	if strings.HasPrefix(name, "timeline") {
		var tl analyze.Timeline
		if err := json.Unmarshal(data, &tl); err != nil {
			t.Fatal(err)
		}
		render = func(b *bytes.Buffer, st Style) error { return Timelines(b, []*analyze.Timeline{&tl}, false, st) }
	} else {
		var e explain.Explanation
		if err := json.Unmarshal(data, &e); err != nil {
			t.Fatal(err)
		}
		render = func(b *bytes.Buffer, st Style) error { return Explanations(b, []*explain.Explanation{&e}, false, st) }
	}
	var b bytes.Buffer
	if err := render(&b, Style{Format: "json"}); err != nil {
		t.Fatal(err)
	}
	return render, b.Bytes()
}
