package rules_test

import (
	"strings"
	"testing"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/lint"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/load"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/rules"
)

// An unknown field comes with what it was probably meant to be, and a misspelt
// one can be mended.
func TestUnknownFieldSuggests(t *testing.T) {
	const pod = `apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  lifecycle: {}
  containers:
    - name: app
      image: example.com/web:1
      readinesProbe: {tcpSocket: {port: 80}}
      terminationGracePeriodSeconds: 60
      colour: blue
`
	result, err := load.Bytes("web.yaml", []byte(pod))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"spec.lifecycle":                                   "lifecycle belongs into containers, one level deeper",
		"spec.containers[0].readinesProbe":                 "did you mean readinessProbe?",
		"spec.containers[0].terminationGracePeriodSeconds": "terminationGracePeriodSeconds belongs to spec, further up",
		"spec.containers[0].colour":                        "kubectl refuses",
	}
	report := lint.Run(result.Snapshot, rules.All(), lint.Config{})
	for _, f := range report.Findings {
		if f.Rule != "KL901" {
			continue
		}
		if !strings.HasPrefix(f.Help, want[f.Path]) || want[f.Path] == "" {
			t.Errorf("%s: %s", f.Path, f.Help)
		}
		delete(want, f.Path)
	}
	for path := range want {
		t.Errorf("%s is not found", path)
	}
	fixed, mended, err := lint.Fix("web.yaml", []byte(pod), report.Findings)
	if err != nil || mended != 1 || !strings.Contains(string(fixed), "      readinessProbe: {tcp") {
		t.Errorf("%d mended, %v:\n%s", mended, err, fixed)
	}
}
