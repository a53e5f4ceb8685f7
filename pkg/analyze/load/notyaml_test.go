package load

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestBadInput(t *testing.T) {
	const head = "apiVersion: v1\nkind: ConfigMap\n"
	bomb := head + "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c <= 'z'; c++ {
		bomb += fmt.Sprintf("%c: &%c [%s]\n", c, c, strings.Repeat(fmt.Sprintf("*%c,", c-1), 10))
	}
	tests := []struct{ name, text, want, help string }{
		{"tab", "apiVersion: v1\nkind: Pod\nmetadata:\n\tname: x\n", "4:1: not YAML: tabs cannot indent YAML; use spaces", ""},
		{"tab behind spaces", head + "data:\n  a: b\n  \tc: d\n  e: f\n", "5:3: not YAML: tabs cannot indent YAML; use spaces", ""},
		{"too deep", head + "metadata:\n  name: a\n   b: c\n", `5:4: not YAML: a "key:" stands where none can be; is the line indented wrongly, or does a text with ": " in it need quotes?`, ""},
		{"colon in a text", head + "data:\n  a: b: c\n", `4:3: not YAML: a "key:" stands where none can be; is the line indented wrongly, or does a text with ": " in it need quotes?`, ""},
		{"not deep enough", head + "metadata:\n    a: b\n  c: d\nx: y\n", "5:3: not YAML: expected a key here; is the line indented wrongly?", ""},
		{"no colon", "apiVersion: v1\nkind Pod\nmetadata: {}\n", "2:1: not YAML: expected a ':' behind the key", ""},
		{"second document", head + "---\n" + head + "---\n# c\na: b\nc\nd: e\n", "9:1: not YAML: expected a ':' behind the key", ""},
		{"open quote", head + "data:\n  a: \"b\n  c: d\n", "4:3: not YAML: found unexpected end of stream", ""},
		{"unknown anchor", head + "data:\n  a: *nope\n", "4:6: not YAML: unknown anchor 'nope' referenced", ""},
		{"key that is no text", head + "data:\n  [a]: b\n", "4:3: not YAML: a key must be a text, not a list or an object", ""},
		{"alias bomb", bomb, `4:8: refused: its aliases expand to very much more than is written (an "alias bomb")`, ""},
		{"alias in itself", head + "data: &a\n  b: *a\n", "4:3: not YAML: anchor 'a' value contains itself", ""},
		{"deep flow", head + "data: " + strings.Repeat("[", 200_000), "3:1: not YAML: nested more than 10000 levels deep", ""},
		{"deep block", head + "data:\n" + strings.Repeat("- ", 200_000) + "a", "4:1: not YAML: nested more than 10000 levels deep", ""},
		{"deep json", `{"apiVersion":"v1","kind":"Pod","spec":` + strings.Repeat("[", 200_000), "1:10039: not JSON: nested more than 10000 levels deep", ""},
		{"control character", head + "data: {a: \x1b}\n", "3:11: not YAML: control characters are not allowed", ""},
		{"binary", head + "\x00\x01", "3:1: this is binary data, not YAML or JSON", ""},
		{"latin 1", head + "data: {a: caf\xe9}", "3:14: this byte is not UTF-8 text", ""},
		{"utf-16", "\xff\xfea\x00:\x00", "1:1: the text is UTF-16; Kubernetes reads UTF-8", ""},
		{"utf-16 without a mark", "a\x00:\x00 \x00b\x00", "1:1: the text is UTF-16; Kubernetes reads UTF-8", ""},
		{"gzip", "\x1f\x8b\x08\x00", "1:1: the data is compressed with gzip", ""},
		{"comma at the end of json", "{\"apiVersion\": \"v1\",\n \"kind\": \"Pod\",}", "2:16: not JSON: invalid character '}' looking for beginning of object key string", ""},
		{"json that ends too early", "{\"apiVersion\": \"v1\",\n \"kind\": \"Pod\"\n", "2:15: not JSON: unexpected end of JSON input", ""},
		{
			"text behind json", "{\"apiVersion\": \"v1\", \"kind\": \"Pod\"}\n}", "2:1: not JSON: nothing but another object may follow the end of one",
			"remove what stands behind the closing brace, or put --- between a JSON and a YAML document",
		},
		{"template", head + "metadata:\n  name: {{ .Release.Name }}\n", "4:9: this looks like a Helm template, not YAML; render it first", templateHelp},
		{"template of blocks", "{{- if .Values.a }}\n" + head + "{{- end }}\n", "1:1: this looks like a Helm template, not YAML; render it first", templateHelp},
		{"prose", "hello\nworld\n", `1:1: not a Kubernetes object: it is the text "hello world", not an object with apiVersion and kind`, ""},
		{"a list", "# c\n- a\n", "2:1: not a Kubernetes object: it is a list, not an object with apiVersion and kind", ""},
		{"no kind", "\napiVersion: v1\n", "2:1: not a Kubernetes object: it has no kind", ""},
		{"no apiVersion", "kind: Pod\n", "1:1: not a Kubernetes object: it has no apiVersion", ""},
		{"strange apiVersion", "apiVersion: a/b/c\nkind: Pod\n", "1:1: not a Kubernetes object: its apiVersion is not of the form GROUP/VERSION", ""},
		{"kustomization", "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n", "1:1: not a Kubernetes object: it is a kustomization, not an object of the API", ""},
		{"nothing", "", " standard input is empty", ""},
		{"only comments", "# a\n---\n# b\n", " there are no Kubernetes objects in it", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := read(t, tt.text)
			if len(in.Errors) != 1 {
				t.Fatalf("errors: %v", in.Errors)
			}
			got := strings.TrimPrefix(in.Errors[0].Error(), stdinName+":")
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.help, in.Errors[0].Help); diff != "" {
				t.Errorf("help (-want +got):\n%s", diff)
			}
		})
	}
}

// A document that cannot be read does not hide the others, and text in double
// braces is no template where it is YAML.
func TestTheRestIsRead(t *testing.T) {
	in := read(t, podHead+"---\na: b: c\n---\n"+podHead+"  annotations: {a: \"{{ $labels.x }}\"}\n---\n# nothing\n---\nkind: Pod\n")
	if len(in.Objects) != 2 || in.Documents != 4 || len(in.Errors) != 2 {
		t.Fatalf("%d objects, %d documents, %v", len(in.Objects), in.Documents, in.Errors)
	}
	if d := in.Objects[1].Document; d != 2 {
		t.Errorf("the second pod is in document %d, want 2", d)
	}
}
