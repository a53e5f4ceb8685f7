package simulate

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func TestWhatCannotBeToldIsAGap(t *testing.T) {
	raw := &unstructured.Unstructured{}
	o := analyze.NewObject(analyze.Ref{APIVersion: "apps/v1", Kind: "Deployment", Name: "web"}, raw, raw, nil)
	o.Problems = []analyze.Problem{{Message: "spec.replicas: not a number"}}
	s := analyze.NewSnapshot(analyze.SnapshotInput{Version: newest, Objects: []*analyze.Object{o}})
	for _, ask := range []func(*analyze.Snapshot, *analyze.Object, Scenario) (*analyze.Timeline, error){Start, Restarts, Life} {
		tl, err := ask(s, o, Scenario{})
		if err != nil || len(tl.Gaps) != 1 || !strings.Contains(tl.Gaps[0].Why, "spec.replicas") {
			t.Errorf("an object that cannot be decoded: %+v, %v", tl, err)
		}
	}
	service := &corev1.Service{}
	o = analyze.NewObject(analyze.Ref{APIVersion: "v1", Kind: "Service", Name: "web"}, service, service, nil)
	if _, err := Start(s, o, Scenario{}); err == nil {
		t.Error("a service does not start")
	}
	tl := ask(t, Restarts, newest, `{containers: [{name: app, image: "r/a:1"}]}`)
	if !strings.Contains(tl.Verdict.Headline, "--assume app.runs=") {
		t.Errorf("the headline does not say how to ask: %q", tl.Verdict.Headline)
	}
}
