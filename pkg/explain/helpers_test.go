package explain_test

import (
	"strconv"
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

func itoa(n int) string { return strconv.Itoa(n) }
