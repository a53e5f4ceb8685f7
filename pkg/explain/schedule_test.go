package explain

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestParseFitError takes messages of FitError.Error
// (pkg/scheduler/framework/types.go@v1.36.3) apart (C382, C383).
func TestParseFitError(t *testing.T) {
	for _, c := range []struct {
		message string
		want    fitError
	}{
		{
			"0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.",
			fitError{total: 1, counts: []predicateCount{{1, "Insufficient cpu"}}, preemption: "0/1 nodes are available: 1 Preemption is not helpful for scheduling."},
		},
		{
			"0/12 nodes are available: 10 node(s) didn't match Pod's node affinity/selector, 2 node(s) had volume node affinity conflict. preemption: not eligible due to preemptionPolicy=Never.",
			fitError{
				total: 12, counts: []predicateCount{{10, "node(s) didn't match Pod's node affinity/selector"}, {2, "node(s) had volume node affinity conflict"}},
				preemption: "not eligible due to preemptionPolicy=Never.",
			},
		},
		{
			"0/3 nodes are available: 1 node(s) had untolerated taint {a: b, c}, 2 Insufficient memory.",
			fitError{total: 3, counts: []predicateCount{{2, "Insufficient memory"}, {1, "node(s) had untolerated taint {a: b, c}"}}},
		},
		{
			`0/1 nodes are available: persistentvolumeclaim "data" not found. not found`,
			fitError{total: 1, sentence: `persistentvolumeclaim "data" not found`},
		},
		{
			"0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.",
			fitError{total: 2, sentence: "pod has unbound immediate PersistentVolumeClaims", preemption: "0/2 nodes are available: 2 Preemption is not helpful for scheduling."},
		},
		{"0/5 nodes are available: ", fitError{total: 5}},
	} {
		got, ok := parseFitError(c.message)
		if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(fitError{}, predicateCount{})); !ok || diff != "" {
			t.Errorf("%s: %s", c.message, diff)
		}
	}
	if _, ok := parseFitError("no nodes available to schedule pods"); ok {
		t.Error("a sentence was taken for a count")
	}
}
