package load

import (
	"testing"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// FuzzPositions asks for places in any text: they lie in the file and in order.
func FuzzPositions(f *testing.F) {
	for _, s := range []string{
		podHead + "spec:\n  containers:\n  - name: a\n    command: [a, 'b']\n",
		"apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  spec: &s\n    nodeName: |\n      x\n- *s\n",
		`{"apiVersion":"v1","kind":"PodList","items":[{"spec":{"nodeName":"x"}}]}{"a":1}`,
		"apiVersion: v1\r\nkind: Pod\r\nspec: {nodeName: \"\u2028\", <<: {a: b}}\r\n--- # x\n? a\n: b\n",
		"apiVersion: apps/v1\nkind: Deployment\nspec: {replicas: \"3\", replicas: 2, x: y}\n",
	} {
		f.Add([]byte(s), "spec.nodeName")
	}
	f.Fuzz(func(t *testing.T, data []byte, path string) {
		src := newSource("f", data)
		r := decodeSource(src, false, false)
		lines := len(src.lines(1, len(data)+1))
		for _, o := range r.objects {
			for _, p := range []string{"", path, "spec", "spec.nodeName", "metadata.name", "spec.containers[0].name"} {
				var at *field.Path
				if p != "" {
					at = field.NewPath(p)
				}
				pos, exact := o.At(at)
				if pos.Line < 1 || pos.Column < 1 || pos.Line > lines || pos.EndLine > lines+1 ||
					pos.EndLine < pos.Line || (pos.EndLine == pos.Line && pos.EndColumn < pos.Column) {
					t.Errorf("At(%q) = %+v, %v in a file of %d lines", p, pos, exact, lines)
				}
				if o.Lines(pos.Line, pos.Line) == nil {
					t.Errorf("line %d of %q is not in the file", pos.Line, p)
				}
			}
			for _, c := range o.Comments() {
				if c.Pos.Line < 1 || c.Pos.Line > lines {
					t.Errorf("comment at %v", c.Pos)
				}
			}
		}
		for _, e := range r.errors {
			if e.Message == "" || e.Line < 1 || e.Line > lines+1 {
				t.Errorf("error %+v in a file of %d lines", e, lines)
			}
		}
	})
}
