package simulate

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// ask answers a question about a pod's spec in YAML.
func ask(t *testing.T, question func(*analyze.Snapshot, *analyze.Object, Scenario) (*analyze.Timeline, error), v analyze.Version, spec string, assume ...string) *analyze.Timeline {
	t.Helper()
	pod := &corev1.Pod{}
	if err := yaml.UnmarshalStrict([]byte(spec), &pod.Spec); err != nil {
		t.Fatal(err)
	}
	pod.Name = "p"
	_, o := podSnapshot(pod)
	a, err := ParseAssumptions(assume, nil, "")
	if err != nil {
		t.Fatal(err)
	}
	tl, err := question(analyze.NewSnapshot(analyze.SnapshotInput{Version: v, Objects: []*analyze.Object{o}}), o, Scenario{Assumptions: a})
	if err != nil {
		t.Fatal(err)
	}
	return tl
}

var newest = analyze.Version{Minor: analyze.NewestMinor}

// story lists what happens in the likely run, in order.
func story(tl *analyze.Timeline, types ...analyze.EventType) []string {
	var out []string
	for _, e := range tl.Events {
		if math.IsInf(e.At.Likely, 1) {
			continue
		}
		for _, t := range types {
			if e.Type == t {
				out = append(out, strings.TrimSpace(e.Container+" "+string(e.Type)))
			}
		}
	}
	return out
}

func TestContainersStartOneAfterTheOther(t *testing.T) {
	tl := ask(t, Start, newest, `
initContainers:
- {name: first, image: "r/a:1", command: [sleep, "2"]}
- {name: side, image: "r/a:1", restartPolicy: Always, startupProbe: {exec: {command: [check]}, periodSeconds: 1}}
- {name: second, image: "r/a:1", command: [sleep, "1"]}
containers:
- {name: slow, image: "r/b:1", lifecycle: {postStart: {exec: {command: [sleep, "3"]}}}}
- {name: last, image: "r/c:1"}
`, "side.startupAfter=2s", "slow.pull=4s")
	want := []string{
		"first ContainerStarted", "first ContainerExited", "side ContainerStarted", "side ContainerStartedStatus",
		"second ContainerStarted", "second ContainerExited", "PodInitialized", "slow ContainerStarted", "slow PostStartFinished",
		"last ContainerStarted", "PodReady",
	}
	got := story(tl, analyze.ContainerStarted, analyze.ContainerExited, analyze.PodInitialized, analyze.PostStartFinished, analyze.PodReady)
	var short []string
	for _, line := range want {
		if !strings.HasSuffix(line, "StartedStatus") {
			short = append(short, line)
		}
	}
	if d := cmp.Diff(short, got); d != "" {
		t.Error(d)
	}
	at := func(c string, typ analyze.EventType) analyze.Bounds {
		return nthEvent(tl, startEvent{Container: c, Type: typ}, 0).At
	}
	if wait := at("slow", analyze.ContainerStarted).Earliest - at("second", analyze.ContainerExited).Earliest; wait < 4 {
		t.Errorf("slow starts %v after second although its image takes 4s", wait)
	}
	if wait := at("last", analyze.ContainerStarted).Likely - at("slow", analyze.ContainerStarted).Likely; wait < 3 {
		t.Errorf("last starts %v after slow although the hook takes 3s", wait)
	}
	if a, b := at("slow", analyze.ContainerStartedStatus).Likely, at("last", analyze.ContainerStarted).Likely; a < b {
		t.Errorf("slow is shown at %v, before the sync that starts last at %v is over (K101)", a, b)
	}
	if chain := strings.Join(tl.CriticalChain, " "); !strings.HasPrefix(chain, "pod/PodScheduled pod/SandboxReady first/ContainerStarted") || !strings.HasSuffix(chain, "pod/ContainersReady pod/PodReady") {
		t.Errorf("critical chain: %s", chain)
	}
}

func TestVersionsShowRunningAtDifferentTimes(t *testing.T) {
	spec := `{hostNetwork: true, containers: [{name: app, image: "r/a:1"}]}`
	old := nthEvent(ask(t, Start, analyze.Version{Minor: 35}, spec), startEvent{Container: "app", Type: analyze.ContainerReady}, 0)
	now := nthEvent(ask(t, Start, newest, spec), startEvent{Container: "app", Type: analyze.ContainerReady}, 0)
	if old.At.Width() < 0.9 || now.At.Width() > 0.9 {
		t.Errorf("1.35 waits for a relist, 1.36 asks for one (K103): %v and %v", old.At, now.At)
	}
}

func TestRestartsByPolicy(t *testing.T) {
	for _, tt := range []struct {
		name, policy, container string
		minor                   int
		starts                  int
		phase                   string
	}{
		{"Always after success", "Always", `command: [sh, -c, "exit 0"]`, 36, 8, ""},
		{"OnFailure after success", "OnFailure", `command: [sh, -c, "exit 0"]`, 36, 1, "Succeeded"},
		{"OnFailure after failure", "OnFailure", `command: [sh, -c, "exit 3"]`, 36, 8, ""},
		{"Never after failure", "Never", `command: ["false"]`, 36, 1, "Failed"},
		{"own rule", "Never", `{command: [sh, -c, "exit 42"], restartPolicy: Never, restartPolicyRules: [{action: Restart, exitCodes: {operator: In, values: [42]}}]}`, 36, 8, ""},
		{"the rule is not known to 1.33", "Never", `{command: [sh, -c, "exit 42"], restartPolicy: Never, restartPolicyRules: [{action: Restart, exitCodes: {operator: In, values: [42]}}]}`, 33, 1, "Failed"},
		// Killed and started in one sync whatever the exit code (K204), until the back-off refuses the start: then the
		// exit code 0 counts, and the pod is done (K219).
		{"liveness kill of OnFailure", "OnFailure", `{command: [sh, -c, "trap 'exit 0' TERM; while true; do sleep 0.2; done"], livenessProbe: {exec: {command: ["false"]}, periodSeconds: 60, failureThreshold: 1}}`, 36, 6, "Succeeded"},
	} {
		c := strings.Trim(tt.container, "{}")
		if strings.HasPrefix(tt.container, "{") {
			c = tt.container[1 : len(tt.container)-1]
		}
		tl := ask(t, Restarts, analyze.Version{Minor: tt.minor}, fmt.Sprintf(`{restartPolicy: %s, containers: [{name: app, image: "r/a:1", %s}]}`, tt.policy, c))
		starts := len(story(tl, analyze.ContainerStarted))
		if tt.phase == "" && starts < tt.starts-1 || tt.phase != "" && starts != tt.starts {
			t.Errorf("%s: %d starts within 15m, want about %d", tt.name, starts, tt.starts)
		}
		if tt.phase != "" && (len(tl.Verdict.Phase) != 1 || tl.Verdict.Phase[0] != tt.phase) {
			t.Errorf("%s: ends as %v, want %s", tt.name, tl.Verdict.Phase, tt.phase)
		}
	}
}

// The test vectors TV21 to TV24 of the model.
func TestBackoffLadders(t *testing.T) {
	reduce := map[string]bool{GateReduceCrashLoop: true}
	for _, tt := range []struct {
		v    analyze.Version
		want []float64
	}{
		{newest, []float64{10, 20, 40, 80, 160, 300}},
		{analyze.Version{Minor: 30}, []float64{10, 20, 40, 80, 160, 300}},
		{analyze.Version{Minor: 36, Gates: reduce}, []float64{1, 2, 4, 8, 16, 32, 64, 128, 256}},
		{analyze.Version{Minor: 34, Gates: reduce}, []float64{1, 2, 4, 8, 16, 32, 60, 60}},
	} {
		tl := ask(t, Restarts, tt.v, `{containers: [{name: app, image: "r/a:1"}]}`, "app.runs=0s", "app.exitCode=1")
		var got []float64
		for _, e := range tl.Events {
			if e.Type == analyze.BackoffStarted && len(got) < len(tt.want) && !math.IsInf(e.At.Likely, 1) {
				got = append(got, *e.Seconds)
			}
		}
		if d := cmp.Diff(tt.want, got); d != "" {
			t.Errorf("1.%d %v: %s", tt.v.Minor, tt.v.Gates, d)
		}
	}
}

func TestRunOfTenMinutesResetsTheBackoff(t *testing.T) {
	pod := `{containers: [{name: app, image: "r/a:1"}]}`
	tl := ask(t, Restarts, newest, pod, "app.runs=601s", "app.exitCode=1")
	if e := nthEvent(tl, startEvent{Container: "app", Type: analyze.ContainerStarted}, 1); e == nil || e.Delay.Latest > 3 {
		t.Errorf("the first restart is immediate: %+v", e)
	}
	if e := nthEvent(tl, startEvent{Container: "app", Type: analyze.BackoffStarted}, 0); e != nil {
		t.Errorf("there is no back-off: %+v", e)
	}
}

func TestFailedInitEndsThePod(t *testing.T) {
	tl := ask(t, Start, newest, `
restartPolicy: Never
initContainers:
- {name: side, image: "r/a:1", restartPolicy: Always, command: [sh, -c, "trap 'exit 0' TERM; while true; do sleep 0.2; done"]}
- {name: init, image: "r/a:1", command: [sh, -c, "sleep 1; exit 2"]}
containers: [{name: app, image: "r/a:1"}]
`)
	if tl.Verdict.ReadyAt != nil || len(tl.Verdict.Phase) != 1 || tl.Verdict.Phase[0] != "Failed" {
		t.Errorf("verdict: %+v", tl.Verdict)
	}
	e := nthEvent(tl, startEvent{Container: "side", Type: analyze.ContainerExited}, 0)
	if e == nil || e.At.Earliest < 1 {
		t.Errorf("the sidecar is stopped when the pod has failed: %+v", e)
	}
	if e := nthEvent(tl, startEvent{Container: "app", Type: analyze.ContainerStarted}, 0); e != nil {
		t.Errorf("app is started: %+v", e)
	}
}

func TestRestartOfAllContainers(t *testing.T) {
	tl := ask(t, Restarts, newest, `
containers:
- {name: lead, image: "r/a:1", restartPolicy: Never, restartPolicyRules: [{action: RestartAllContainers, exitCodes: {operator: In, values: [88]}}]}
- {name: worker, image: "r/a:1", command: [sh, -c, "trap 'exit 0' TERM; while true; do sleep 0.2; done"]}
`, "lead.runs=20s", "lead.exitCode=88")
	e := nthEvent(tl, startEvent{Container: "worker", Type: analyze.ContainerStarted}, 1)
	if e == nil || e.At.Likely < 20 || e.At.Likely > 26 {
		t.Errorf("worker is started again with lead: %+v", e)
	}
	if e := nthEvent(tl, startEvent{Container: "lead", Type: analyze.BackoffStarted}, 0); e != nil {
		t.Errorf("no back-off applies (K242): %+v", e)
	}
}

func TestSlowStartIsKilledByLiveness(t *testing.T) {
	java := `{containers: [{name: app, image: "r/a:1", livenessProbe: {httpGet: {port: 8080}}}]}`
	tl := ask(t, Start, newest, java, "app.startupAfter=60s")
	e := nthEvent(tl, startEvent{Container: "app", Type: analyze.ContainerExited}, 0)
	if e == nil || e.At.Earliest < 20 || e.At.Earliest > 60 || e.Rule != "K139" {
		t.Fatalf("a start of 60s outlives the liveness probe: %+v", e)
	}
	if len(tl.Verdict.Advice) == 0 || !strings.Contains(tl.Verdict.Advice[0].Summary, "startup probe") || tl.Verdict.Advice[0].Arithmetic == "" {
		t.Errorf("advice: %+v", tl.Verdict.Advice)
	}
	fixed := `{containers: [{name: app, image: "r/a:1", startupProbe: {httpGet: {port: 8080}, failureThreshold: 8}, livenessProbe: {httpGet: {port: 8080}}}]}`
	tl = ask(t, Start, newest, fixed, "app.startupAfter=60s")
	if ready := tl.Verdict.ReadyAt; ready == nil || ready.Earliest < 60 || ready.Latest > 75 {
		t.Errorf("with the startup probe it gets ready: %v", ready)
	}
	if len(tl.Verdict.Advice) != 0 {
		t.Errorf("nothing is left to advise: %+v", tl.Verdict.Advice)
	}
}

func TestDeploymentWhoseStartOutlastsItsDeadline(t *testing.T) {
	d := &appsv1.Deployment{}
	deadline := int32(60)
	d.Name, d.Spec.ProgressDeadlineSeconds, d.Spec.MinReadySeconds = "web", &deadline, 10
	d.Spec.Template.Spec.Containers = []corev1.Container{{Name: "app", Image: "r/a:1", ReadinessProbe: &corev1.Probe{ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{}}}}}
	o := analyze.NewObject(analyze.Ref{APIVersion: "apps/v1", Kind: "Deployment", Name: "web"}, d, d, nil)
	s := analyze.NewSnapshot(analyze.SnapshotInput{Version: newest, Objects: []*analyze.Object{o}})
	a, _ := ParseAssumptions([]string{"app.readyAfter=70s"}, nil, "")
	tl, err := Start(s, o, Scenario{Assumptions: a})
	if err != nil {
		t.Fatal(err)
	}
	available, ok := tl.Verdict.Extra["availableAt"].(analyze.Bounds)
	if !ok || available.Earliest < 80 {
		t.Errorf("available 10s after ready: %v", tl.Verdict.Extra)
	}
	if len(tl.Verdict.Advice) != 1 || tl.Verdict.Advice[0].Field != "spec.progressDeadlineSeconds" {
		t.Errorf("advice: %+v", tl.Verdict.Advice)
	}
}

func TestReadinessGateKeepsThePodUnready(t *testing.T) {
	tl := ask(t, Start, newest, `{readinessGates: [{conditionType: lb/ready}], containers: [{name: app, image: "r/a:1"}]}`)
	ready := nthEvent(tl, startEvent{Type: analyze.PodReady}, 0)
	if ready == nil || !math.IsInf(ready.At.Latest, 1) || !math.IsInf(ready.At.Likely, 1) {
		t.Errorf("nothing says when the gate is passed: %+v", ready)
	}
	if len(tl.Gaps) == 0 || !strings.Contains(tl.Gaps[0].What, "lb/ready") {
		t.Errorf("gaps: %v", tl.Gaps)
	}
}

func TestUnknownStartHasNoLatestMoment(t *testing.T) {
	tl := ask(t, Start, newest, `{containers: [{name: app, image: "r/a:1", startupProbe: {httpGet: {port: 1}, failureThreshold: 100}}]}`)
	ready := tl.Verdict.ReadyAt
	if ready == nil || !math.IsInf(ready.Latest, 1) || math.IsInf(ready.Likely, 1) {
		t.Errorf("ready at %v", ready)
	}
	for _, a := range tl.Assumptions {
		if a.Key == "startupAfter" && a.Basis == analyze.Assumed && strings.HasPrefix(a.Flag, "--assume app.startupAfter=") {
			return
		}
	}
	t.Errorf("the guess is not listed: %+v", tl.Assumptions)
}

// A run that a probe would end later ends with the pod.
func TestLifeCutsWhatTheEndCuts(t *testing.T) {
	tl := ask(t, Life, newest, `{containers: [{name: app, image: "r/a:1", livenessProbe: {httpGet: {port: 1}}}]}`,
		"app.stop=2s", "app.livenessFailsAfter=200s", "app.runs=never")
	for _, sp := range tl.Spans {
		if sp.What == "running" && sp.End.Likely > tl.Verdict.ObjectGone.Likely {
			t.Errorf("runs until %g, though the pod is gone at %g", sp.End.Likely, tl.Verdict.ObjectGone.Likely)
		}
	}
}

func TestLifeIsOnePicture(t *testing.T) {
	tl := ask(t, Life, newest, `{containers: [{name: app, image: "r/a:1", livenessProbe: {httpGet: {port: 1}}}]}`, "app.stop=2s")
	got := story(tl, analyze.PodReady, analyze.SignalSent, analyze.PodRemoved)
	if d := cmp.Diff([]string{"PodReady", "app SignalSent", "PodRemoved"}, got); d != "" {
		t.Error(d)
	}
	if tl.Question != analyze.Life || tl.Verdict.ReadyAt == nil || tl.Verdict.ObjectGone == nil || tl.Verdict.ObjectGone.Earliest < 10 {
		t.Errorf("verdict: %+v", tl.Verdict)
	}
}
