package load

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
)

func TestProblems(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"none", podHead, nil},
		{"text for a number", "apiVersion: apps/v1\nkind: Deployment\nspec:\n  replicas: \"3\"\n", []string{
			`4:13-4:16 wrong-type spec.replicas: spec.replicas must be a whole number, not the text "3"`,
		}},
		{"all of them, in the order of the file", podHead + "  labels: {a: 1}\nspec:\n  containers:\n  - name: true\n    bogus: 1\n    resources:\n" +
			"      limits: {cpu: 1 Gi}\n    ports:\n    - containerPort: 80.5\n  priority: 3000000000\n  terminationGracePeriodSeconds: 99999999999999999999\n", []string{
			`5:15-5:16 wrong-type metadata.labels.a: metadata.labels.a must be a text, not the number 1`,
			`8:11-8:15 wrong-type spec.containers[0].name: spec.containers[0].name must be a text, not true`,
			`9:5-9:10 unknown-field spec.containers[0].bogus: unknown field "spec.containers[0].bogus"`,
			`11:21-11:25 wrong-type spec.containers[0].resources.limits.cpu: spec.containers[0].resources.limits.cpu must be a quantity such as 100m or 1Gi, not the text "1 Gi"`,
			`13:22-13:26 wrong-type spec.containers[0].ports[0].containerPort: spec.containers[0].ports[0].containerPort must be a whole number, not the number 80.5`,
			`14:13-14:23 wrong-type spec.priority: spec.priority is out of range: 3000000000 does not fit in 32 bits`,
			`15:34-15:54 wrong-type spec.terminationGracePeriodSeconds: spec.terminationGracePeriodSeconds is out of range: 99999999999999999999 does not fit in 64 bits`,
		}},
		{"block of the wrong type is shown at its key", podHead + "spec:\n  containers:\n    a: b\n", []string{
			`6:3-6:13 wrong-type spec.containers: spec.containers must be a list, not an object`,
		}},
		{"no metadata", "apiVersion: v1\nkind: Pod\nmetadata: x\n", []string{
			`3:11-3:12 wrong-type metadata: metadata must be an object, not the text "x"`,
		}},
		{"duplicate keys", podHead + "spec:\n  nodeName: a\n  nodeName: b\n", []string{
			`7:3-7:11 duplicate-key spec.nodeName: the key "spec.nodeName" is written twice`,
		}},
		{"duplicate keys of json", `{"apiVersion": "v1", "kind": "Pod", "spec": {"nodeName": "a", "nodeName": "b"}}`, []string{
			`1:63-1:73 duplicate-key spec.nodeName: the key "spec.nodeName" is written twice`,
		}},
		{"case of a field", podHead + "spec:\n  NodeName: a\n", []string{
			`6:3-6:11 unknown-field spec.NodeName: unknown field "spec.NodeName"`,
		}},
		{"kind that its group does not have", "apiVersion: apps/v1\nkind: Deploymnet\n", []string{
			`2:7-2:17 unknown-kind kind: apps/v1 has no kind "Deploymnet"`,
		}},
		{"kind of a custom group", "apiVersion: example.com/v1\nkind: Thing\nspec: {a: b}\n", nil},
		{"metadata of a custom kind", "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: 1}\n", []string{
			`3:18-3:19 wrong-type metadata.name: metadata.name must be a text, not the number 1`,
		}},
		{"values of secrets are not repeated", "apiVersion: v1\nkind: Secret\ndata: {a: hunter2!}\nstringData: {b: 5}\n", []string{
			`3:11-3:19 wrong-type data.a: data.a must be a text in base64`,
			`4:17-4:18 wrong-type stringData.b: stringData.b must be a text`,
		}},
		{"inside a list", "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  spec: {bogus: 1}\n", []string{
			`6:10-6:15 unknown-field spec.bogus: unknown field "spec.bogus"`,
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := read(t, tt.text)
			if len(in.Objects) != 1 || len(in.Errors) > 0 {
				t.Fatalf("%d objects, errors %v", len(in.Objects), in.Errors)
			}
			var got []string
			for _, p := range in.Objects[0].Problems {
				got = append(got, fmt.Sprintf("%d:%d-%d:%d %s %s: %s", p.Pos.Line, p.Pos.Column, p.Pos.EndLine, p.Pos.EndColumn, p.Kind, p.Path, p.Message))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

// What fits is kept, and items of lists keep their places.
func TestObjectsWithProblemsAreUsable(t *testing.T) {
	d := read(t, "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, labels: {a: 1, b: x}}\nspec:\n  replicas: \"3\"\n  minReadySeconds: 7\n"+
		"  template:\n    spec:\n      containers:\n      - wrong\n      - {name: app, stdin: 1, image: i}\n").Objects[0].API.(*appsv1.Deployment)
	containers := []corev1.Container{{}, {Name: "app", Image: "i"}}
	if d.Name != "web" || d.Spec.Replicas != nil || d.Spec.MinReadySeconds != 7 ||
		!cmp.Equal(d.Labels, map[string]string{"b": "x"}) || !cmp.Equal(d.Spec.Template.Spec.Containers, containers) {
		t.Errorf("got %+v", d)
	}
}
