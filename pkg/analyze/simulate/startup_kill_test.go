package simulate

import (
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

const slowJava = `{containers: [{name: java, image: "r/a:1",
  livenessProbe: {httpGet: {port: 1}, initialDelaySeconds: 10, periodSeconds: 10, failureThreshold: 3},
  readinessProbe: {httpGet: {port: 1}, periodSeconds: 5}}]}`

// What is not up is not ready either, where nothing else is said.
func TestReadyNoEarlierThanUp(t *testing.T) {
	const withoutLiveness = `{containers: [{name: java, image: "r/a:1", readinessProbe: {httpGet: {port: 1}, periodSeconds: 5}}]}`
	tl := ask(t, Start, newest, withoutLiveness, "java.startupAfter=60s..75s")
	if at := tl.Verdict.ReadyAt; at == nil || at.Earliest < 60 || at.Latest > 85 {
		t.Errorf("ready at %v, want 60s to 85s", at)
	}
	tl = ask(t, Start, newest, withoutLiveness, "java.startupAfter=60s..75s", "java.readyAfter=5s")
	if at := tl.Verdict.ReadyAt; at == nil || at.Latest > 20 {
		t.Errorf("ready at %v although readyAfter says 5s", at)
	}
	if tl = ask(t, Start, newest, slowJava, "java.startupAfter=60s..75s"); tl.Verdict.ReadyAt != nil {
		t.Errorf("ready at %v although the liveness probe kills it before it is up", tl.Verdict.ReadyAt)
	}
}

// Scripts are read only where something may stop the container: that takes long.
func TestReactionsAreReadWhereTheyMatter(t *testing.T) {
	probe := &corev1.Probe{ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{}}}
	pod := &corev1.Pod{}
	pod.Spec.Containers = []corev1.Container{
		{Name: "alone", Command: []string{"sh", "-c", "sleep 1000"}, ReadinessProbe: probe},
		{Name: "probed", Command: []string{"sh", "-c", "sleep 1000"}, LivenessProbe: probe},
	}
	s, o := podSnapshot(pod)
	p, err := planStart(s, o, Scenario{})
	if err != nil {
		t.Fatal(err)
	}
	if a, b := p.containers[0].stopNote.Basis, p.containers[1].stopNote.Basis; a == analyze.Inferred || b != analyze.Inferred {
		t.Errorf("alone: %s, probed: %s", a, b)
	}
}
