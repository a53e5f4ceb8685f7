package explain_test

import (
	"encoding/json"
	"strconv"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func podOf(t *testing.T, s *analyze.Snapshot, name string) *corev1.Pod {
	t.Helper()
	p, ok := subjectOf(t, s, "pod/"+name).API.(*corev1.Pod)
	if !ok {
		t.Fatalf("%s is no pod", name)
	}
	return p
}

func itoa(n int) string { return strconv.Itoa(n) }

// podJSON is the pod under another name, without its owners.
func podJSON(tb testing.TB, o *analyze.Object, namespace, name string) string {
	tb.Helper()
	p, ok := o.API.(*corev1.Pod)
	if !ok {
		tb.Fatalf("%s is no pod", o.Ref)
	}
	p = p.DeepCopy()
	p.APIVersion, p.Kind = "v1", "Pod"
	p.Namespace, p.Name, p.OwnerReferences = namespace, name, nil
	p.UID = types.UID(namespace + "/" + name)
	data, err := json.Marshal(p)
	if err != nil {
		tb.Fatal(err)
	}
	return string(data)
}
