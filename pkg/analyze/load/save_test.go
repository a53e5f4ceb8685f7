package load_test

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/load"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/load/apitest"
)

// What is saved from a server is the snapshot that was read from it.
func TestSaveAndLoadBack(t *testing.T) {
	for _, file := range snapshotFiles(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			s := apitest.New(t, file)
			want := expectationOf(t, file)
			req := load.Request{Kube: s.Getter("shop"), Args: []string{want.Subject}, ChunkSize: 500, Now: want.Taken}
			direct := mustAsk(t, s, nil, want.Subject)
			data, err := load.Save(context.Background(), req)
			if err != nil {
				t.Fatal(err)
			}
			again, err := load.Save(context.Background(), req)
			if err != nil || !bytes.Equal(data, again) {
				t.Errorf("saved twice, the bytes differ (%v)", err)
			}
			back, err := load.Bytes("saved.yaml", data, func(r *load.Request) {
				r.Args, r.Question, r.Clock = []string{want.Subject}, load.Explain, want.Taken
			})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(refsOf(direct.Subjects), refsOf(back.Subjects)); diff != "" {
				t.Errorf("subjects (-server +saved):\n%s", diff)
			}
			for _, o := range direct.Snapshot.Objects() {
				if back.Snapshot.Get(o.Ref) == nil {
					t.Errorf("%s was not saved", o)
				}
			}
			for _, gk := range []analyze.Ref{{APIVersion: "policy/v1", Kind: "PodDisruptionBudget"}, {APIVersion: "v1", Kind: "Service"}} {
				if !back.Snapshot.Sees(gk.GroupKind(), "shop") {
					t.Errorf("that there is no %s was known, and is lost", gk.Kind)
				}
			}
		})
	}
}

func TestSaveKeepsSecretsIn(t *testing.T) {
	const object = `
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
  uid: u1
  managedFields: [{manager: kubectl}]
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: '{"spec": "hunter2"}'
    note: kept
spec:
  nodeName: n1
  containers:
  - name: app
    command: [serve, --verbose]
    env:
    - {name: PASSWORD, value: hunter2}
    - {name: FROM, valueFrom: {secretKeyRef: {name: db, key: password}}}
    - {name: EMPTY, value: ""}
    livenessProbe: {httpGet: {port: 80, httpHeaders: [{name: Authorization, value: hunter2}]}}
status: {phase: Running}
`
	var pod map[string]any
	if err := yaml.Unmarshal([]byte(object), &pod); err != nil {
		t.Fatal(err)
	}
	s := apitest.New(t)
	s.Add(&unstructured.Unstructured{Object: pod})
	for name, req := range map[string]load.Request{
		"server": {Kube: s.Getter("shop"), Args: []string{"pod/web"}, ChunkSize: 500, Now: time.Unix(0, 0)},
		"file": {Filenames: []string{"-"}, Stdin: strings.NewReader(object + `---
apiVersion: v1
kind: Secret
metadata: {name: db, namespace: shop, uid: u2}
data: {password: aHVudGVyMg==}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop, uid: u3}
data: {password: hunter2}
---
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: web, namespace: shop, uid: u4}
spec: {template: {spec: {containers: [{name: app, env: [{name: PASSWORD, value: hunter2}]}]}}}
`), Args: []string{"pod/web"}},
	} {
		t.Run(name, func(t *testing.T) {
			data, err := load.Save(context.Background(), req)
			if err != nil {
				t.Fatal(err)
			}
			text := string(data)
			for _, never := range []string{"hunter2", "aHVudGVyMg==", "managedFields", "last-applied", "kind: Secret"} {
				if strings.Contains(text, never) {
					t.Errorf("%q was saved:\n%s", never, text)
				}
			}
			for _, always := range []string{"--verbose", "name: PASSWORD", `value: '***'`, "key: password", "note: kept", "name: Authorization"} {
				if !strings.Contains(text, always) {
					t.Errorf("%q was not saved:\n%s", always, text)
				}
			}
		})
	}
}

// Nobody knows which field of a custom kind holds a password.
func TestSaveLeavesCustomFieldsOut(t *testing.T) {
	const widget = `
apiVersion: example.com/v1
kind: Widget
metadata: {name: w, namespace: shop, uid: u}
spec: {password: hunter2, replicas: 3, selector: {matchLabels: {app: w}}}
stringData: {x: hunter3}
status: {conditions: [{type: Ready, status: "False"}]}
`
	data, err := load.Save(context.Background(), load.Request{Filenames: []string{"-"}, Stdin: strings.NewReader(widget), Args: []string{"widget/w"}, Now: time.Unix(0, 0)})
	if err != nil {
		t.Fatal(err)
	}
	if text := string(data); strings.Contains(text, "hunter") || !strings.Contains(text, "app: w") || !strings.Contains(text, "type: Ready") {
		t.Error(text)
	}
}
