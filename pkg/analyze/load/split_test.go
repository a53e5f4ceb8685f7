package load

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
)

func TestSplitDocuments(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"nothing", "", nil},
		{"one", "a: 1", []string{"a: 1"}},
		{"two", "a: 1\n---\nb: 2\n", []string{"a: 1\n", "b: 2\n"}},
		{"empty ones", "---\n---\n# note\n---\na: 1\n---\n\n", []string{"a: 1\n"}},
		{"comment behind the dashes", "a: 1\n--- # next\nb: 2", []string{"a: 1\n", "b: 2"}},
		{"content behind the dashes", "a: 1\n--- b", []string{"a: 1\n", "--- b"}},
		{"more dashes are text", "a: 1\n---- \nb", []string{"a: 1\n---- \nb"}},
		{"dashes inside a line", "a: ---\n ---\n", []string{"a: ---\n ---\n"}},
		{"windows line ends", "a: 1\r\n---\r\nb: 2\r\n", []string{"a: 1\r\n", "b: 2\r\n"}},
		{"directive and document end", "%YAML 1.1\n---\na: 1\n...\n---\n...\n", []string{"a: 1\n...\n"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, s := range splitDocuments([]byte(tt.text)) {
				got = append(got, tt.text[s.start:s.end])
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("documents (-want +got):\n%s", diff)
			}
		})
	}
}

// FuzzSplit holds the splitter against the one that kubectl uses.
func FuzzSplit(f *testing.F) {
	for _, s := range []string{"", "a: 1\n---\nb: 2\n", "---\n---\n# c\n", "--- # x\r\na", "a\n---\t\n...\n--- \nb", "%YAML 1.1\n---\na", "a\r\r\nb"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		spans := splitDocuments(data)
		end := 0
		var got []string
		for _, s := range spans {
			if s.start < end || s.end <= s.start || s.end > len(data) {
				t.Fatalf("span %v behind %d in %d bytes", s, end, len(data))
			}
			if s.start > 0 && data[s.start-1] != '\n' {
				t.Fatalf("span %v does not start a line", s)
			}
			end = s.end
			got = append(got, normal(data[s.start:s.end]))
		}
		want, ok := kubectlDocuments(data)
		if !ok {
			return
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("documents of %q (-kubectl +got):\n%s", data, diff)
		}
	})
}

// kubectlDocuments splits as kubectl does; ok is false where kubectl refuses the
// text, or takes something for a separator that YAML does not.
func kubectlDocuments(data []byte) (docs []string, ok bool) {
	if bytes.ContainsAny(data, "\x00") || bytes.HasPrefix(data, []byte("\ufeff")) {
		return nil, false
	}
	for at := 0; at < len(data); {
		line := lineAt(data, at)
		if bytes.HasPrefix(line, []byte("---")) && (!isSeparator(line) || !isBlank(line[3:])) {
			return nil, false
		}
		at += len(line)
	}
	// Without the end of a line its reader loses a last one as long as its buffer.
	r := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(append(slices.Clone(data), '\n'))))
	for {
		doc, err := r.Read()
		if errors.Is(err, io.EOF) {
			return docs, true
		}
		if err != nil {
			return nil, false
		}
		if line := lineAt(doc, 0); isSeparator(line) { // kubectl keeps the first one
			doc = doc[len(line):]
		}
		if !isBlank(doc) {
			docs = append(docs, normal(doc))
		}
	}
}

// normal takes out the line ends, which kubectl's reader rewrites.
func normal(b []byte) string {
	return string(bytes.TrimSpace(bytes.ReplaceAll(b, []byte("\r"), nil)))
}
