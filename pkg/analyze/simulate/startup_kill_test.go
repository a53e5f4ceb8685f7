package simulate

import (
	"slices"
	"strings"
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
		{Name: "well", Command: []string{"sh", "-c", "sleep 1000"}, LivenessProbe: probe},
		{Name: "slow", Command: []string{"sh", "-c", "sleep 1000"}, LivenessProbe: probe},
	}
	s, o := podSnapshot(pod)
	a, err := ParseAssumptions([]string{"slow.startupAfter=1m"}, nil, "")
	if err != nil {
		t.Fatal(err)
	}
	p, err := planStart(s, o, Scenario{Assumptions: a})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{false, false, true} {
		if c := p.containers[i]; (c.stopNote.Basis == analyze.Inferred) != want {
			t.Errorf("the script of %s: %+v", c.Name, c.stopNote)
		}
	}
}

func contains(t *testing.T, what, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%s: %q does not say %q", what, text, part)
		}
	}
}

// A start that a probe cuts short says so: in the headline, in the critical
// chain, in the advice with its arithmetic, and in the picture.
func TestKillingProbeIsNamed(t *testing.T) {
	tl := ask(t, Start, newest, slowJava, "java.startupAfter=60s..75s", "java.readyAfter=60s..75s")
	contains(t, "headline", tl.Verdict.Headline, "java needs 1m to 1m15s", "its liveness probe kills it after 29s to 40s", "starts")
	want := []string{"pod/PodScheduled", "pod/SandboxReady", "java/ContainerStarted", "java/ContainerExited"}
	if !slices.Equal(tl.CriticalChain, want) {
		t.Errorf("critical chain %v, want %v", tl.CriticalChain, want)
	}
	exit := nthEvent(tl, startEvent{Container: "java", Type: analyze.ContainerExited}, 0)
	contains(t, "note of the exit", exit.Note, "liveness probe failed")
	if len(tl.Verdict.Advice) != 1 {
		t.Fatalf("advice: %+v", tl.Verdict.Advice)
	}
	advice := tl.Verdict.Advice[0]
	contains(t, "advice", advice.Summary, "java", "startup probe", "failureThreshold 9", "liveness probe")
	contains(t, "arithmetic", advice.Arithmetic, "10 + periodSeconds 10 × failureThreshold 3 = 40s", "1m to 1m15s", "(9 − 1) × 10s = 1m20s")
	notes := ""
	for _, sp := range tl.Spans {
		notes += sp.Note + "\n"
	}
	contains(t, "notes of the picture", notes, "more starts follow")
}

func TestWhyAPodIsNotReady(t *testing.T) {
	for _, tt := range []struct{ name, spec, assume, want string }{
		{"startup probe", `{containers: [{name: app, image: "r/a:1", startupProbe: {httpGet: {port: 1}, failureThreshold: 2}}]}`, "app.startupAfter=never", "app never comes up, and its startup probe kills it after 10s to 20s"},
		{"own end", `{containers: [{name: app, image: "r/a:1", readinessProbe: {httpGet: {port: 1}, initialDelaySeconds: 20}}]}`, "app.runs=5s", "app ends by itself after 5s with exit code 0"},
		{"postStart", `{containers: [{name: app, image: "r/a:1", lifecycle: {postStart: {exec: {command: ["false"]}}}}]}`, "app.stop=1s", "app is killed because its postStart hook fails"},
		{"init", `{restartPolicy: Never, initContainers: [{name: init, image: "r/a:1", command: ["false"]}], containers: [{name: app, image: "r/a:1"}]}`, "app.stop=1s", "the pod ends as Failed: init ends by itself"},
		{"no end", `{initContainers: [{name: init, image: "r/a:1"}], containers: [{name: app, image: "r/a:1"}]}`, "init.runs=never", "init does not end"},
		{"readiness", `{containers: [{name: app, image: "r/a:1", readinessProbe: {httpGet: {port: 1}}}]}`, "app.readyAfter=never", "app does not pass its readiness probe"},
		{"in doubt", slowJava, "java.startupAfter=20s..32s", "its liveness probe may kill java before it is up"},
	} {
		tl := ask(t, Start, newest, tt.spec, tt.assume)
		contains(t, tt.name, tl.Verdict.Headline, tt.want)
		if len(tl.CriticalChain) < 3 && tt.name != "init" {
			t.Errorf("%s: the critical chain breaks off: %v", tt.name, tl.CriticalChain)
		}
	}
}

// Where a probe kills some of the starts, those after the kill are no rare outcome.
func TestUndecidedKillWidensReadiness(t *testing.T) {
	at := ask(t, Start, newest, slowJava, "java.startupAfter=25s..38s", "java.stop=1s").Verdict.ReadyAt
	if at == nil || at.Earliest < 25 || at.Latest < 60 {
		t.Errorf("ready at %v, want from 25s to more than a second start", at)
	}
}
