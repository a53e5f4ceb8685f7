package load

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// summary is what a test compares of an input.
func summary(in *fileInput) []string {
	var out []string
	for _, o := range in.Objects {
		out = append(out, "object "+o.File+" "+o.String())
	}
	for _, s := range in.Skipped {
		out = append(out, "skipped "+s.File+": "+s.Why)
	}
	for _, e := range in.Errors {
		line := "error " + e.Error()
		if e.Help != "" {
			line += " [" + e.Help + "]"
		}
		out = append(out, line)
	}
	return out
}

const tree1 = `
-- k/a.yaml --
apiVersion: v1
kind: Pod
metadata: {name: a}
-- k/b.json --
{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "b"}}
-- k/c.txt --
apiVersion: v1
-- k/package.json --
{"name": "x"}
-- k/broken.yml --
apiVersion: v1
kind: Pod
 metadata: x
-- k/broken-ci.yml --
steps: [
-- k/sub/kustomization.yaml --
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [d.yaml]
patches: [{path: patch.yaml}]
-- k/sub/d.yaml --
apiVersion: v1
kind: Pod
metadata: {name: d}
-- k/sub/patch.yaml --
apiVersion: v1
kind: Pod
metadata: {name: d}
spec: {nodeName: x}
-- k/sub/directive.yaml --
apiVersion: v1
kind: Pod
metadata: {name: d}
$patch: delete
-- k/chart/Chart.yaml --
apiVersion: v2
name: c
-- k/chart/values.yaml --
a: b
-- k/chart/templates/t.yaml --
apiVersion: v1
kind: Pod
metadata: {name: "{{ .Release.Name }}"}
-- k/jinja.yaml --
apiVersion: v1
kind: Pod
{% if x %}
metadata: {name: d}
{% endif %}
`

func TestWalk(t *testing.T) {
	files(t, tree1)
	flat := []string{
		"object k/a.yaml pod/a",
		"object k/b.json pod/b",
		"skipped k/broken-ci.yml: not Kubernetes YAML",
		"skipped k/jinja.yaml: a Helm template",
		"skipped k/package.json: not Kubernetes YAML",
		`error k/broken.yml:3:2: not YAML: a "key:" stands where none can be; is the line indented wrongly, or does a text with ": " in it need quotes?`,
	}
	tests := []struct {
		name      string
		files     []string
		recursive bool
		want      []string
	}{
		{"directory", []string{"k"}, false, flat},
		{"with a slash, and twice", []string{"k/", "./k", "k/a.yaml"}, false, flat},
		{"named chart template", []string{"k/chart/templates/t.yaml"}, false, []string{
			"error k/chart/templates/t.yaml:3:19: this looks like a Helm template, not YAML; render it first [" + templateHelp + "]",
		}},
		{"named file of another kind", []string{"k/package.json", "k/a.yaml"}, false, []string{
			"object k/a.yaml pod/a",
			"error k/package.json:1:1: not a Kubernetes object: it has no apiVersion and no kind",
		}},
		{"named kustomization", []string{"k/sub/kustomization.yaml"}, false, []string{
			"error k/sub/kustomization.yaml:1:1: not a Kubernetes object: it is a kustomization, not an object of the API [kubectl lifecycle lint -k k/sub]",
		}},
		{"named patch", []string{"k/sub/patch.yaml"}, false, []string{"object k/sub/patch.yaml pod/d"}},
		{"missing", []string{"nope.yaml", "k/a.yaml"}, false, []string{
			"object k/a.yaml pod/a", "error nope.yaml: no such file or directory",
		}},
		{"directory of directories", []string{"."}, false, []string{"error .: no .yaml, .yml or .json files in this directory itself; -R reads those below it"}},
		{"chart", []string{"k/chart"}, true, []string{
			"skipped k/chart/Chart.yaml: not Kubernetes YAML",
			"skipped k/chart/templates/t.yaml: a Helm template",
			"skipped k/chart/values.yaml: not Kubernetes YAML",
			"error k/chart: there are no Kubernetes objects in it [" + templateHelp + "]",
		}},
		{"kustomize tree", []string{"k/sub"}, true, []string{
			"object k/sub/d.yaml pod/d",
			"skipped k/sub/directive.yaml: a patch of a kustomization, not a whole object",
			"skipped k/sub/patch.yaml: a patch of a kustomization, not a whole object",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in, err := readFiles(context.Background(), Request{Filenames: tt.files, Recursive: tt.recursive})
			if err != nil {
				t.Fatal(err)
			}
			got := summary(in)
			for i := range got {
				got[i] = strings.ReplaceAll(got[i], "k//", "k/")
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("input (-want +got):\n%s", diff)
			}
		})
	}
}

// A kustomization gives labels and selectors to what it takes in, also by way of
// another one; without includeSelectors it gives labels only.
func TestLabelledByKustomization(t *testing.T) {
	files(t, `
-- top/kustomization.yaml --
resources: [../base]
commonLabels: {app: web}
-- base/kustomization.yaml --
resources: [in.yaml]
-- base/in.yaml --
apiVersion: v1
kind: Pod
metadata: {name: in}
-- base/out.yaml --
apiVersion: v1
kind: Pod
metadata: {name: out}
-- labels/kustomization.yaml --
resources: [a.yaml]
labels: [{pairs: {app: web}}]
-- labels/a.yaml --
apiVersion: v1
kind: Pod
metadata: {name: labels-only}
`)
	in, err := readFiles(context.Background(), Request{Filenames: []string{"."}, Recursive: true})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for _, o := range in.Objects {
		got[o.Name] = o.Labelled
	}
	if diff := cmp.Diff(map[string]bool{"in": true, "out": false, "labels-only": false}, got); diff != "" {
		t.Errorf("labelled (-want +got):\n%s", diff)
	}
}

func TestUnreadableFiles(t *testing.T) {
	files(t, tree1)
	if err := os.Symlink("nowhere", filepath.Join("k", "sub", "link.yaml")); err != nil {
		t.Fatal(err)
	}
	in, err := readFiles(context.Background(), Request{Filenames: []string{"k/sub"}})
	if err != nil || len(in.Objects) != 1 || len(in.Errors) != 1 {
		t.Fatal(err, summary(in))
	}
	if diff := cmp.Diff("k/sub/link.yaml: no such file or directory", in.Errors[0].Error()); diff != "" {
		t.Errorf("error (-want +got):\n%s", diff)
	}
}

func TestURL(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/pod.yaml" {
			http.NotFound(w, r)
			return
		}
		_, _ = fmt.Fprint(w, podHead)
	}))
	defer server.Close()
	good, missing := server.URL+"/pod.yaml", server.URL+"/no.yaml"
	in, err := readFiles(context.Background(), Request{Filenames: []string{good, missing}})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"object " + good + " pod/web", "error " + missing + ": cannot be read: the server answered 404 Not Found"}
	if diff := cmp.Diff(want, summary(in)); diff != "" {
		t.Errorf("input (-want +got):\n%s", diff)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := readFiles(ctx, Request{Filenames: []string{good}}); !errors.Is(err, context.Canceled) {
		t.Errorf("error after the end: %v", err)
	}
}

func TestListsAreUnfolded(t *testing.T) {
	const item = "- apiVersion: v1\n  kind: Pod\n  metadata: {name: %s}\n"
	tests := []struct {
		name, text string
		want       []string
	}{
		{"list", "apiVersion: v1\nkind: List\nitems:\n" + fmt.Sprintf(item, "a") + "# c\n\n" + fmt.Sprintf(item, "b") + "metadata:\n  resourceVersion: \"\"\n", []string{"a", "b"}},
		{"empty", "apiVersion: v1\nkind: List\nitems: []\n", nil},
		{"null", "apiVersion: v1\nkind: List\nitems:\n", nil},
		{"typed, without kinds", "apiVersion: v1\nkind: PodList\nitems:\n- metadata: {name: a}\n", []string{"a"}},
		{"typed json, without kinds", `{"kind":"PodList","apiVersion":"v1","items":[{"metadata":{"name":"a"}},{"metadata":{"name":"b"}}]}`, []string{"a", "b"}},
		{"of a custom kind", "apiVersion: v1\nkind: ThingList\nitems:\n- {apiVersion: x/v1, kind: Thing, metadata: {name: a}}\n", []string{"a"}},
		{"key named items in an item", "apiVersion: v1\nkind: List\nitems:\n- apiVersion: x/v1\n  kind: Thing\n  metadata: {name: a}\n  items:\n  - b\n", []string{"a"}},
		{"literal with dashes", "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: a}\n  data:\n    x: |\n      - b\n      items:\n      - c\n", []string{"a"}},
		{"anchors across items", "apiVersion: v1\nkind: List\nitems:\n- &a\n  apiVersion: v1\n  kind: Pod\n  metadata: {name: a}\n- <<: *a\n  metadata: {name: b}\n", []string{"a", "b"}},
		{"kind that only ends in List", "apiVersion: x/v1\nkind: AllowList\nmetadata: {name: a}\nspec: {items: []}\n", []string{"a"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := read(t, tt.text)
			var got []string
			for _, o := range in.Objects {
				if o.Kind == "" || o.APIVersion == "" || o.Document != 0 {
					t.Errorf("object %+v in document %d", o.Ref, o.Document)
				}
				got = append(got, o.Name)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("names (-want +got):\n%s\n%v", diff, in.Errors)
			}
		})
	}
}

func TestNewest(t *testing.T) {
	const recorded = "apiVersion: v1\nkind: Pod\nmetadata:\n  uid: u\n  creationTimestamp: \"2026-01-01T00:00:00Z\"\n"
	tests := []struct{ name, text, want string }{
		{"creation", recorded, "2026-01-01T00:00:00Z"},
		{"condition", recorded + "status: {conditions: [{type: Ready, lastTransitionTime: \"2026-01-02T00:00:00Z\"}]}\n", "2026-01-02T00:00:00Z"},
		{"container state", recorded + "status: {containerStatuses: [{name: a, lastState: {terminated: {finishedAt: \"2026-01-03T00:00:00Z\"}}}]}\n", "2026-01-03T00:00:00Z"},
		{"deletion was asked for before its timestamp", recorded + "  deletionTimestamp: \"2026-01-01T00:01:00Z\"\n  deletionGracePeriodSeconds: 30\n", "2026-01-01T00:00:30Z"},
		{"event", "apiVersion: v1\nkind: Event\nmetadata: {uid: u}\nlastTimestamp: \"2026-01-04T00:00:00Z\"\n", "2026-01-04T00:00:00Z"},
		{"custom condition", "apiVersion: x/v1\nkind: Thing\nmetadata: {uid: u}\nstatus: {conditions: [{lastTransitionTime: \"2026-01-05T00:00:00Z\"}]}\n", "2026-01-05T00:00:00Z"},
		{"not recorded", strings.Replace(recorded, "uid: u", "name: u", 1), "0001-01-01T00:00:00Z"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := read(t, tt.text).Newest.UTC().Format(time.RFC3339); got != tt.want {
				t.Errorf("newest = %s, want %s", got, tt.want)
			}
		})
	}
}

func TestProgress(t *testing.T) {
	files(t, "-- l.yaml --\napiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod}\n- {apiVersion: v1, kind: Pod}\n-- p.yaml --\n"+podHead)
	var mu sync.Mutex
	var steps, last, whole int64
	req := Request{Filenames: []string{"l.yaml", "p.yaml"}, Progress: func(done, total int64) {
		mu.Lock()
		defer mu.Unlock()
		steps, last, whole = steps+1, max(last, done), total
	}}
	if _, err := readFiles(context.Background(), req); err != nil {
		t.Fatal(err)
	}
	if steps < 4 || last != whole || whole == 0 {
		t.Errorf("%d steps, %d of %d bytes", steps, last, whole)
	}
}
