package apitest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/yaml"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/testkit"
)

const causes = "../../../pkg/explain/testdata/causes/*.txtar"

// TestCausesThroughTheServer writes every situation of pkg/explain/testdata/causes
// through a real API server. It must take each object and status as it stands,
// give every field back, and with all that it adds (defaults, addresses, token
// volumes) explain must answer as it does for the file, and call a pod what the
// server's own table calls it.
func TestCausesThroughTheServer(t *testing.T) {
	files, err := filepath.Glob(causes)
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	world := newStillWorld(t)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			want, objects := readCause(t, file)
			back, rows := world.through(t, objects)
			if t.Failed() {
				return
			}
			for i, o := range back {
				for _, s := range changed("", objects[i].Object, o.Object) {
					t.Errorf("%s: the API server does not keep what the file says: %s", title(o), s)
				}
			}
			t.Parallel() // from here on the server is not needed
			sameAnswer(t, want, objects, back, rows)
		})
	}
}

// sameAnswer explains the objects as they were written and as they came back.
func sameAnswer(t *testing.T, want map[string][]string, objects, back []*unstructured.Unstructured, rows map[string]testkit.Row) {
	t.Helper()
	var written, came map[string]any
	explainCause(t, want, objects).JSON(t, &written)
	out := explainCause(t, want, back)
	out.JSON(t, &came)
	if diff := cmp.Diff(written, came); diff != "" {
		t.Errorf("the answer to what came back from the server (+) is not that to the file (-):\n%s", diff)
	}
	checkCause(t, want, came)
	var x testkit.Explanation
	out.JSON(t, &x)
	if row, is := rows[x.Subject.Name]; is && x.Subject.Kind == "Pod" {
		if diff := testkit.SameRow(row, x); diff != "" {
			t.Error(diff)
		}
	}
}

// readCause reads one archive: its expectations by their first word, and its objects.
func readCause(t *testing.T, file string) (map[string][]string, []*unstructured.Unstructured) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(data), "-- want --\n")
	wants, cluster, found := strings.Cut(rest, "-- cluster.yaml --\n")
	if !found {
		t.Fatalf("%s lacks a want or a cluster.yaml", file)
	}
	want := map[string][]string{}
	for line := range strings.Lines(wants) {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		want[word] = append(want[word], rest)
	}
	var objects []*unstructured.Unstructured
	for d := yaml.NewYAMLOrJSONDecoder(strings.NewReader(cluster), 4096); ; {
		var raw runtime.RawExtension
		err := d.Decode(&raw)
		if errors.Is(err, io.EOF) {
			return want, objects
		}
		o := &unstructured.Unstructured{}
		if err == nil {
			err = o.UnmarshalJSON(raw.Raw)
		}
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		objects = append(objects, o)
	}
}

// explainCause asks as pkg/explain's own test of the archives does.
func explainCause(t *testing.T, want map[string][]string, objects []*unstructured.Unstructured) testkit.Output {
	t.Helper()
	var raw [][]byte
	for _, o := range objects {
		b, err := json.Marshal(o.Object)
		if err != nil {
			t.Fatal(err)
		}
		raw = append(raw, b)
	}
	args := []string{"explain", "-o", "json", "--clock", "2026-03-01T12:00:00Z", "-f", testkit.WriteList(t, raw...)}
	if _, incomplete := want["incomplete"]; !incomplete {
		args = append(args, "--complete")
	}
	out := env.Run(t, env.Cluster.Kubeconfig, append(args, want["subject"]...)...)
	if out.Code != 0 {
		t.Fatalf("explain: exit code %d\n%s", out.Code, out.Stderr)
	}
	return out
}

// checkCause holds what the archive wants first of all; pkg/explain's test holds
// the rest, and this answer is the same.
func checkCause(t *testing.T, want map[string][]string, x map[string]any) {
	t.Helper()
	got := maps.Clone(x)
	got["reason"] = ""
	if reasons, _ := x["reasons"].([]any); len(reasons) > 0 {
		got["reason"] = reasons[0].(map[string]any)["id"]
	}
	for _, word := range []string{"status", "state", "severity", "reason"} {
		if v, asked := want[word]; asked && got[word] != v[0] {
			t.Errorf("%s is %q, want %q", word, got[word], v[0])
		}
	}
}

// changed says what of an object is not, or is otherwise, in another one. Empty
// values may be left out, and a quantity may be written in another way.
func changed(path string, file, server any) []string {
	switch v := file.(type) {
	case map[string]any:
		s, _ := server.(map[string]any)
		var out []string
		for _, key := range slices.Sorted(maps.Keys(v)) {
			out = append(out, changed(path+"."+key, v[key], s[key])...)
		}
		return out
	case []any:
		s, _ := server.([]any)
		if len(v) > len(s) {
			return []string{fmt.Sprintf("%s has %d items, it was given %d", path, len(s), len(v))}
		}
		var out []string
		for i := range v {
			out = append(out, changed(fmt.Sprintf("%s[%d]", path, i), v[i], s[i])...)
		}
		return out
	}
	empty := file == nil || file == "" || file == false || fmt.Sprint(file) == "0"
	if fmt.Sprint(file) == fmt.Sprint(server) || server == nil && empty || sameQuantity(file, server) {
		return nil
	}
	return []string{fmt.Sprintf("%s is %v, it was given %v", path, server, file)}
}

func sameQuantity(a, b any) bool {
	x, err := resource.ParseQuantity(fmt.Sprint(a))
	y, err2 := resource.ParseQuantity(fmt.Sprint(b))
	return err == nil && err2 == nil && x.Cmp(y) == 0
}
