package explain_test

import (
	"testing"

	corev1 "k8s.io/api/core/v1"

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
