package load

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// marked takes the signs « and » out of a text and returns the place between
// them, counted here in the simplest way there is.
func marked(t *testing.T, text string) (string, analyze.Position) {
	t.Helper()
	before, rest, ok := strings.Cut(text, "«")
	inside, after, ok2 := strings.Cut(rest, "»")
	if !ok || !ok2 {
		t.Fatalf("no place is marked in %q", text)
	}
	count := func(s string) (line, column int) {
		lines := strings.Split(strings.TrimPrefix(s, "\ufeff"), "\n")
		return len(lines), len([]rune(lines[len(lines)-1])) + 1
	}
	p := analyze.Position{File: stdinName}
	p.Line, p.Column = count(before)
	p.EndLine, p.EndColumn = count(before + inside)
	return before + inside + after, p
}

const podHead = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n"

func TestAt(t *testing.T) {
	tests := []struct {
		name, text, path string
		missing          bool
	}{
		{name: "plain scalar", text: podHead + "spec:\n  nodeName: «node-1»  # here\n", path: "spec.nodeName"},
		{name: "plain scalar at the end of the file", text: podHead + "spec:\n  nodeName: «node-1»", path: "spec.nodeName"},
		{name: "double quoted with quotes inside", text: podHead + `spec: {nodeName: «"a \" # b"»}`, path: "spec.nodeName"},
		{name: "single quoted with a doubled quote", text: podHead + "spec:\n  nodeName: «'it''s'»\n", path: "spec.nodeName"},
		{name: "wide characters before", text: podHead + "spec: {hostname: \"日本語 🎉\", nodeName: «x»}\n", path: "spec.nodeName"},
		{name: "wide characters inside", text: podHead + "spec: {hostname: «\"日本語 🎉\"», nodeName: x}\n", path: "spec.hostname"},
		{name: "combining characters count one by one", text: podHead + "spec: {hostname: e\u0301, nodeName: «x»}\n", path: "spec.nodeName"},
		{name: "tab inside a string", text: podHead + "spec: {hostname: \"a\tb\", nodeName: «x»}\n", path: "spec.nodeName"},
		{name: "tab between key and value", text: podHead + "spec:\n  nodeName:\t«x»\t# tab\n", path: "spec.nodeName"},
		{name: "windows line ends", text: strings.ReplaceAll(podHead, "\n", "\r\n") + "spec:\r\n  nodeName: «node-1»\r\n  x: 1\r\n", path: "spec.nodeName"},
		{name: "byte order mark", text: "\ufeffapiVersion: «v1»\nkind: Pod\n", path: "apiVersion"},
		{name: "line separator in a string is no line end", text: podHead + "spec:\n  hostname: \"a\u2028b\"\n  nodeName: «x»\n", path: "spec.nodeName"},
		{name: "next line sign in a string", text: podHead + "spec:\n  hostname: 'a\u0085b'\n  nodeName: «x»\n", path: "spec.nodeName"},
		{name: "block mapping is shown at its key", text: podHead + "«spec»:\n  nodeName: x\n", path: "spec"},
		{name: "flow mapping is its own place", text: podHead + "spec: «{nodeName: x, hostname: \"}\", a: [1, 2]}» # }\n", path: "spec"},
		{name: "flow mapping over lines", text: podHead + "spec: «{\n  nodeName: x, # }\n  hostname: it's\n}»\n", path: "spec"},
		{name: "flow sequence", text: podHead + "spec:\n  containers:\n  - command: «[sh, -c, 'a]b']»\n", path: "spec.containers[0].command"},
		{name: "item of a flow sequence", text: podHead + "spec:\n  containers:\n  - command: [sh, «-c», 'a]b']\n", path: "spec.containers[0].command[1]"},
		{name: "item of a block sequence", text: podHead + "spec:\n  containers:\n  - name: a\n  - «name»: b\n", path: "spec.containers[1]"},
		{name: "item that is a scalar", text: podHead + "spec:\n  containers:\n  - args:\n    - a\n    - «b c»\n", path: "spec.containers[0].args[1]"},
		{name: "nothing behind the key", text: podHead + "spec:\n  «nodeName»:\n  x: 1\n", path: "spec.nodeName"},
		{name: "missing field: nearest ancestor", text: podHead + "«spec»:\n  nodeName: x\n", path: "spec.containers[2].name", missing: true},
		{name: "missing everything: the object", text: "«apiVersion»: v1\nkind: Pod\n", path: "spec.containers[2].name", missing: true},
		{name: "missing item", text: podHead + "spec:\n  «containers»:\n  - name: a\n", path: "spec.containers[2].name", missing: true},
		{name: "key with dots", text: podHead + "  annotations:\n    a.b/c: «x»\n", path: "metadata.annotations[a.b/c]"},
		{name: "key with dots as a child", text: podHead + "  annotations:\n    a.b/c: «x»\n", path: "metadata.annotations.a.b/c"},
		{name: "key with brackets", text: podHead + "  annotations:\n    \"a[0].b\": «x»\n", path: "metadata.annotations[a[0].b]"},
		{name: "item by name", text: podHead + "spec:\n  containers:\n  - name: a\n  - name: b\n    image: «i»\n", path: "spec.containers[b].image"},
		{name: "anchor inside a flow collection", text: podHead + "spec: «{a: &x " + "'}', nodeName: !!str \"]\"}»\n", path: "spec"},
		{name: "anchor and tag are not the value", text: podHead + "spec:\n  nodeName: &n !!str «x»\n", path: "spec.nodeName"},
		{name: "alias is its own place", text: podHead + "spec:\n  nodeName: &n x\n  hostname: «*n»\n", path: "spec.hostname"},
		{name: "field inside an alias", text: podHead + "  labels: &l\n    app: «x»\nspec:\n  nodeSelector: *l\n", path: "spec.nodeSelector.app"},
		{name: "merged field", text: podHead + "  labels: &l\n    app: «x»\n  annotations:\n    <<: *l\n    b: c\n", path: "metadata.annotations.app"},
		{name: "field over a merged one", text: podHead + "  labels: &l\n    app: x\n  annotations:\n    app: «y»\n    <<: *l\n", path: "metadata.annotations.app"},
		{name: "first of several merged", text: podHead + "  a: &a {app: «1»}\n  b: &b {app: 2}\n  annotations:\n    <<: [*a, *b]\n", path: "metadata.annotations.app"},
		{name: "literal block", text: podHead + "spec:\n  nodeName: «|\n    a # no comment\n\n    b»\n\n  x: 1\n", path: "spec.nodeName"},
		{name: "literal block with indentation", text: podHead + "spec:\n  nodeName: «|2-\n      a\n    b»\n  x: 1\n", path: "spec.nodeName"},
		{name: "folded block", text: podHead + "spec:\n  nodeName: «>-\n    a\n    b»\n  # c\n  x: 1\n", path: "spec.nodeName"},
		{name: "empty block", text: podHead + "spec:\n  nodeName: «|»\n  x: 1\n", path: "spec.nodeName"},
		{name: "after a literal block", text: podHead + "spec:\n  hostname: |\n    a\n\n    b\n  nodeName: «x»\n", path: "spec.nodeName"},
		{name: "plain scalar over lines", text: podHead + "spec:\n  nodeName: «a\n    b\n    c» # d\n  x: 1\n", path: "spec.nodeName"},
		{name: "quoted scalar over lines", text: podHead + "spec:\n  nodeName: «\"a\n    b\"»\n  x: 1\n", path: "spec.nodeName"},
		{name: "explicit key", text: podHead + "? spec\n: ? nodeName\n  : «x»\n", path: "spec.nodeName"},
		{name: "second of two equal keys", text: podHead + "spec:\n  nodeName: x\n  nodeName: «y»\n", path: "spec.nodeName"},
		{name: "bare on as a key", text: podHead + "  labels:\n    on: «x»\n", path: "metadata.labels.true"},
		{name: "second document", text: "---\n# first\n---\na: 1\n---\n" + podHead + "spec:\n  nodeName: «x»\n", path: "spec.nodeName"},
		{name: "content on the separator line", text: "--- {apiVersion: v1, kind: Pod, spec: {nodeName: «x»}}\n", path: "spec.nodeName"},
		{name: "separator with comment and CRLF", text: "--- # a\r\napiVersion: v1\r\nkind: «Pod»\r\n", path: "kind"},
		{name: "directive", text: "%YAML 1.1\n---\napiVersion: v1\nkind: «Pod»\n", path: "kind"},
		{name: "json", text: "{\"apiVersion\": \"v1\",\n\t\"kind\": \"Pod\", \"spec\": {\"nodeName\": «\"日本\"»}}", path: "spec.nodeName"},
		{name: "json object", text: `{"apiVersion": "v1", "kind": "Pod", "spec": «{"nodeName": "}\"]"}»}`, path: "spec"},
		{name: "json number", text: `{"apiVersion": "v1", "kind": "Pod", "spec": {"priority": «12»}}`, path: "spec.priority"},
		{name: "json escaped key", text: `{"apiVersion": "v1", "kind": "Pod", "spec": {"node\u004eame": «"x"»}}`, path: "spec.nodeName"},
		{name: "json array item", text: `{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "a"}, {"name": «"b"»}]}}`, path: "spec.containers[1].name"},
		{name: "json missing", text: `{"apiVersion": "v1", "kind": "Pod", "spec": «{"nodeName": "x"}»}`, path: "spec.containers", missing: true},
		{name: "second json document", text: `{"a": 1} {"apiVersion": "v1", "kind": "Pod", "spec": {"nodeName": «"x"»}}`, path: "spec.nodeName"},
		{name: "yaml list", text: "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  spec:\n    nodeName: «x»\n", path: "spec.nodeName"},
		{name: "yaml list, indented, with comments", text: "apiVersion: v1\nitems:\n  # a\n  - apiVersion: v1 # b\n    kind: Pod\n# c\n    spec:\n      nodeName: «x»\nkind: List\n", path: "spec.nodeName"},
		{name: "yaml list with an alias between items", text: "apiVersion: v1\nkind: List\nitems:\n- &p\n  apiVersion: v1\n  kind: Pod\n  spec: {nodeName: «x»}\n- *p\n", path: "spec.nodeName"},
		{name: "typed list", text: "apiVersion: v1\nkind: PodList\nitems:\n- metadata: {name: a}\n  spec: {nodeName: «x»}\n", path: "spec.nodeName"},
		{name: "flow list", text: "apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Pod, spec: {nodeName: «x»}}]\n", path: "spec.nodeName"},
		{name: "list in a list", text: "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: List\n  items:\n  - apiVersion: v1\n    kind: Pod\n    spec: {nodeName: «x»}\n", path: "spec.nodeName"},
		{name: "json list", text: "{\"kind\": \"List\", \"apiVersion\": \"v1\", \"items\": [\n {\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"spec\": {\"nodeName\": «\"x\"»}}]}", path: "spec.nodeName"},
		{name: "quoted text that looks like an item", text: "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata:\n    name: \"a\n- b\"\n  spec: {nodeName: «x»}\n", path: "spec.nodeName"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text, want := marked(t, tt.text)
			in := read(t, text)
			if len(in.Objects) == 0 {
				t.Fatalf("no object; errors %v", in.Errors)
			}
			got, exact := in.Objects[0].At(field.NewPath(tt.path))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("At(%s) (-want +got):\n%s", tt.path, diff)
			}
			if exact == tt.missing {
				t.Errorf("At(%s): exact = %v", tt.path, exact)
			}
		})
	}
}

func TestAtOfTheWholeObject(t *testing.T) {
	text, want := marked(t, "# a comment\n\n«apiVersion»: v1\nkind: Pod\n")
	got, exact := read(t, text).Objects[0].At(nil)
	if diff := cmp.Diff(want, got); diff != "" || !exact {
		t.Errorf("At(nil) = exact %v (-want +got):\n%s", exact, diff)
	}
}

func TestLines(t *testing.T) {
	o := read(t, "apiVersion: v1\r\nkind: Pod\r\n\r\n# end").Objects[0]
	for _, tt := range []struct {
		first, last int
		want        []string
	}{
		{1, 2, []string{"apiVersion: v1", "kind: Pod"}},
		{0, 1, []string{"apiVersion: v1"}},
		{3, 9, []string{"", "# end"}},
		{9, 12, nil},
		{3, 2, nil},
	} {
		if diff := cmp.Diff(tt.want, o.Lines(tt.first, tt.last)); diff != "" {
			t.Errorf("Lines(%d, %d) (-want +got):\n%s", tt.first, tt.last, diff)
		}
	}
}

func TestComments(t *testing.T) {
	text := "# head\napiVersion: v1 # one\nkind: Pod\nmetadata:\n  name: \"a # no\"\n  annotations:\n    a: x#no\n" +
		"    b: | # block\n      # no\n      no\n    c: 'no # no'\n  # own\nspec: {a: b, # flow\r\n  c: d}\n# tail\n"
	var got []string
	for _, c := range read(t, text).Objects[0].Comments() {
		own := ""
		if c.OwnLine {
			own = " own"
		}
		got = append(got, strings.TrimPrefix(c.Pos.String(), stdinName+":")+own+c.Text)
	}
	want := []string{"1:1 own head", "2:16 one", "8:10 block", "12:3 own own", "13:14 flow", "15:1 own tail"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("comments (-want +got):\n%s", diff)
	}
}

func TestCommentsOfItems(t *testing.T) {
	for name, text := range map[string]string{
		"one by one":    "apiVersion: v1\nkind: List\nitems:\n# 1\n- apiVersion: v1 # 2\n  kind: Pod\n# 3\n- apiVersion: v1\n  kind: Pod # 4\n",
		"with an alias": "apiVersion: v1\nkind: List\nitems:\n# 1\n- apiVersion: v1 # 2\n  kind: &k Pod\n# 3\n- apiVersion: v1\n  kind: *k # 4\n",
		"flow":          "apiVersion: v1\nkind: List\nitems: [\n# 1\n{apiVersion: v1, # 2\n  kind: Pod},\n# 3\n{apiVersion: v1,\n  kind: Pod # 4\n}]\n",
	} {
		var got [][]string
		for _, o := range read(t, text).Objects {
			var own []string
			for _, c := range o.Comments() {
				own = append(own, strings.TrimSpace(c.Text))
			}
			got = append(got, own)
		}
		if diff := cmp.Diff([][]string{{"1", "2"}, {"3", "4"}}, got); diff != "" {
			t.Errorf("%s: comments (-want +got):\n%s", name, diff)
		}
	}
}

// A file of many blocks, on one line and on many, counts as a small one does.
func TestPositionsInLargeFiles(t *testing.T) {
	for name, pad := range map[string]string{"one line": "é日", "many lines": "é日\n"} {
		data := strings.Repeat(pad, 3*markBlock/len(pad)) + "x"
		src := newSource("f", []byte(data))
		for _, off := range []int{0, 2, markBlock - 1, markBlock, markBlock + 3, 2*markBlock + 7, len(data) - 1} {
			for off > 0 && data[off]&0xC0 == 0x80 {
				off--
			}
			line := strings.Count(data[:off], "\n") + 1
			column := len([]rune(data[strings.LastIndex(data[:off], "\n")+1:off])) + 1
			if l, c := src.lineColumn(off); l != line || c != column {
				t.Errorf("%s: offset %d is %d:%d, want %d:%d", name, off, l, c, line, column)
			}
			if start := strings.LastIndex(data[:off], "\n") + 1; src.lineStart(line) != start {
				t.Errorf("%s: line %d starts at %d, want %d", name, line, src.lineStart(line), start)
			}
		}
	}
}
