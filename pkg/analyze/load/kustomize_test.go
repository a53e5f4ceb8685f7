package load

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// files writes a txtar archive to a new directory and makes it the working
// directory, so that names in positions are short.
func files(t *testing.T, archive string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for _, f := range txtar.Parse([]byte(archive)).Files {
		if err := os.MkdirAll(filepath.Dir(f.Name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(f.Name, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

const overlay = `
-- base/kustomization.yaml --
resources: [all.yaml]
configMapGenerator:
- name: settings
  literals: [URL=https://example.com]
-- base/all.yaml --
# two objects
apiVersion: v1
kind: Service
metadata:
  name: web
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  minReadySeconds: 5
  progressDeadlineSeconds: 60
  template:
    spec:
      containers:
      - name: app
        image: "app:1"
        # a note
        command: [a, b]
-- prod/kustomization.yaml --
resources:
- ../base
namePrefix: prod-
namespace: shop
patches:
- path: patch.yaml
buildMetadata: [managedByLabel]
-- prod/patch.yaml --
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
  progressDeadlineSeconds: 90
  template:
    spec:
      containers:
      - name: proxy
        image: proxy:1
`

func TestKustomize(t *testing.T) {
	files(t, overlay)
	in, err := readFiles(context.Background(), Request{Kustomize: "prod"})
	if err != nil || len(in.Errors) > 0 {
		t.Fatal(err, in.Errors)
	}
	var got []string
	for _, o := range in.Objects {
		pos, _ := o.At(nil)
		name := regexp.MustCompile(`-[a-z0-9]{10}$`).ReplaceAllString(o.String(), "") // a generated hash
		got = append(got, o.Namespace+" "+name+" "+pos.String())
		if len(o.Meta.GetAnnotations()) > 0 {
			t.Errorf("%s has annotations of the build: %v", o.Ref, o.Meta.GetAnnotations())
		}
	}
	want := []string{
		"shop service/prod-web base/all.yaml:2:1",
		"shop deployment/prod-web base/all.yaml:7:1",
		"shop configmap/prod-settings base/kustomization.yaml:3:3",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("objects (-want +got):\n%s", diff)
	}
	deploy := in.Objects[1]
	containers := deploy.API.(*appsv1.Deployment).Spec.Template.Spec.Containers
	for i, c := range containers {
		pos, exact := deploy.At(field.NewPath("spec", "template", "spec", "containers").Index(i).Child("image"))
		switch {
		case c.Name == "app" && (pos.String() != "base/all.yaml:18:16" || !exact):
			t.Errorf("image of app: %s %v", pos, exact)
		case c.Name == "proxy" && (pos.String() != "base/all.yaml:16:7" || exact):
			t.Errorf("image of proxy, which only the patch has: %s %v", pos, exact)
		}
	}
	for name, want := range map[string]string{
		"minReadySeconds":         "base/all.yaml:12:20 true",
		"progressDeadlineSeconds": "base/all.yaml:13:28 false", // written, but patched
		"replicas":                "base/all.yaml:11:1 false",
	} {
		pos, exact := deploy.At(field.NewPath("spec", name))
		if got := fmt.Sprint(pos, " ", exact); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	if len(containers) != 2 || len(deploy.Comments()) != 1 {
		t.Errorf("%d containers, comments %v", len(containers), deploy.Comments())
	}
}

func TestKustomizeFetchesNothing(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("something was fetched")
	}))
	defer server.Close()
	for _, entry := range []string{
		server.URL + "/a.yaml", "github.com/owner/repo//base?ref=v1", "git@github.com:owner/repo", "ssh://git@example.com/x",
		"https://example.com/x.git", "git::" + server.URL + "/x",
	} {
		files(t, "-- top/kustomization.yaml --\nresources:\n- ../base\n-- base/kustomization.yaml --\nnamePrefix: a-\nresources:\n- x.yaml\n- "+
			entry+"\n-- base/x.yaml --\napiVersion: v1\nkind: Service\nmetadata: {name: a}\n")
		in, err := readFiles(context.Background(), Request{Kustomize: "top"})
		if err != nil || len(in.Errors) != 1 || len(in.Objects) != 0 {
			t.Fatalf("%s: %v %v, %d objects", entry, err, in.Errors, len(in.Objects))
		}
		want := `base/kustomization.yaml:4:3: "` + entry + `" is remote, and nothing is fetched; clone it and name the directory`
		if diff := cmp.Diff(want, in.Errors[0].Error()); diff != "" {
			t.Errorf("error (-want +got):\n%s", diff)
		}
	}
}

func TestKustomizeErrors(t *testing.T) {
	tests := []struct{ name, archive, dir, want string }{
		{"no directory", "", "nope", "nope: no such file or directory"},
		{"no kustomization", "-- a/x.txt --\n", "a", "a: no kustomization.yaml in this directory"},
		{"missing resource", "-- a/kustomization.yaml --\nresources: [x.yaml]\n", "a", `a/kustomization.yaml:1:13: "x.yaml": no such file or directory`},
		{"remote directory", "", "https://github.com/a/b", "https://github.com/a/b: remote kustomizations are not fetched; clone it and name the directory"},
		{"remote patch", "-- a/kustomization.yaml --\npatches: [{path: 'https://example.com/p.yaml'}]\n", "a", `a/kustomization.yaml:1:18: "https://example.com/p.yaml" is remote, and nothing is fetched; save it as a file`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files(t, tt.archive)
			in, err := readFiles(context.Background(), Request{Kustomize: tt.dir})
			if err != nil || len(in.Errors) != 1 {
				t.Fatal(err, in.Errors)
			}
			if diff := cmp.Diff(tt.want, in.Errors[0].Error()); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
}
