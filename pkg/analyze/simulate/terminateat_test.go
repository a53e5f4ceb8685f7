package simulate

import (
	"slices"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// podOf is a snapshot of one pod written as YAML.
func podOf(t testing.TB, text string) (*analyze.Snapshot, *analyze.Object) {
	t.Helper()
	pod := &corev1.Pod{}
	if err := yaml.UnmarshalStrict([]byte(text), pod); err != nil {
		t.Fatal(err)
	}
	pod.APIVersion, pod.Kind = "v1", "Pod"
	return snapshotOf(pod)
}

func terminate(t testing.TB, pod string, sc Scenario, assume ...string) *analyze.Timeline {
	t.Helper()
	s, o := podOf(t, pod)
	var err error
	if sc.Assumptions, err = ParseAssumptions(assume, nil, ""); err != nil {
		t.Fatal(err)
	}
	tl, err := Terminate(s, o, sc)
	if err != nil {
		t.Fatal(err)
	}
	return tl
}

// find returns the event of a container, or nil.
func find(tl *analyze.Timeline, container string, kind analyze.EventType) *analyze.Event {
	for i := range tl.Events {
		if tl.Events[i].Container == container && tl.Events[i].Type == kind {
			return &tl.Events[i]
		}
	}
	return nil
}

const startingPod = `
metadata: {name: web}
spec:
  terminationGracePeriodSeconds: 10
  initContainers:
  - {name: init0, image: busybox, command: [sh, -c, "sleep 5"]}
  - {name: side, image: busybox, command: [sh, -c, "trap 'exit 0' TERM; while :; do sleep 0.1; done"], restartPolicy: Always}
  containers:
  - {name: a, image: busybox, command: [sh, -c, "trap 'exit 3' TERM; while :; do sleep 0.1; done"], lifecycle: {postStart: {exec: {command: [sleep, "4"]}}}}
  - {name: b, image: busybox, command: [sh, -c, "trap 'exit 3' TERM; while :; do sleep 0.1; done"]}
`

func TestDeleteDuringStart(t *testing.T) {
	age := func(d time.Duration) Scenario { return Scenario{At: &d} }

	t.Run("while an init container runs", func(t *testing.T) {
		tl := terminate(t, startingPod, age(3*time.Second))
		if find(tl, "a", analyze.SignalSent) != nil || find(tl, "side", analyze.SignalSent) != nil {
			t.Error("containers that never ran cannot be signalled")
		}
		signal, exit := find(tl, "init0", analyze.SignalSent), find(tl, "init0", analyze.ContainerExited)
		if signal == nil || exit == nil || signal.At.Likely > 0.5 || exit.At.Likely < 1.5 || exit.At.Likely > 4.5 || exit.ExitCodes[0] != 0 {
			t.Errorf("the init container is signalled at once and ends by itself with 0: %+v, %+v", signal, exit)
		}
	})
	t.Run("while postStart runs", func(t *testing.T) {
		tl := terminate(t, startingPod, age(8500*time.Millisecond))
		signal := find(tl, "a", analyze.SignalSent)
		if signal == nil || signal.At.Likely < 1 || signal.At.Likely > 5 {
			t.Errorf("the kubelet carries the hook through first: %+v", signal)
		}
		if find(tl, "b", analyze.SignalSent) == nil {
			t.Error("b is started in the same sync, and then stopped")
		}
		if find(tl, "init0", analyze.ContainerExited) != nil {
			t.Error("init0 has ended before")
		}
	})
	t.Run("an endless postStart", func(t *testing.T) {
		pod := strings.Replace(startingPod, `[sleep, "4"]`, "[sleep, infinity]", 1)
		tl := terminate(t, pod, age(9*time.Second))
		if len(tl.Events) != 0 || tl.Verdict.ObjectGone != nil || len(tl.Gaps) == 0 {
			t.Errorf("nothing can be stopped until the hook returns: %+v", tl.Events)
		}
	})
	t.Run("long after", func(t *testing.T) {
		tl := terminate(t, startingPod, age(time.Minute))
		if signal := find(tl, "a", analyze.SignalSent); signal == nil || signal.At.Likely > 0.5 {
			t.Errorf("signalled at once: %+v", signal)
		}
	})
}

func TestStuckStart(t *testing.T) {
	const pod = `
metadata: {name: web}
spec:
  terminationGracePeriodSeconds: 10
  restartPolicy: %s
  initContainers:
  - {name: side, image: x, command: [sleep, infinity], restartPolicy: Always}
  - {name: init0, image: x, command: [sh, -c, "trap 'exit 4' TERM; while :; do sleep 0.1; done"]}
  containers:
  - {name: app, image: x}
`
	tl := terminate(t, strings.Replace(pod, "%s", "Always", 1), Scenario{})
	signal := find(tl, "init0", analyze.SignalSent)
	if signal == nil || signal.At.Likely > 0.5 || find(tl, "app", analyze.SignalSent) != nil || find(tl, "side", analyze.ContainerExited) == nil {
		t.Errorf("the init container never ends: it and the sidecar before it run: %+v", tl.Events)
	}
	if exit := find(tl, "init0", analyze.ContainerExited); exit == nil || exit.ExitCodes[0] != 4 {
		t.Errorf("exit %+v", exit)
	}
	if side := find(tl, "side", analyze.SignalSent); side == nil || side.At.Likely > 0.5 {
		t.Errorf("a sidecar does not wait for init containers: %+v", side)
	}
	tl = terminate(t, strings.Replace(pod, "%s", "Never", 1), Scenario{}, "init0.runs=2s", "init0.exitCode=1")
	if removed := find(tl, "", analyze.PodRemoved); removed == nil || removed.At.Likely > 0.3 || len(tl.Events) != 1 {
		t.Errorf("a failed pod is gone at once: %+v", tl.Events)
	}
}

func TestEndedContainers(t *testing.T) {
	const pod = `
metadata: {name: web}
spec:
  restartPolicy: Never
  containers:
  - {name: app, image: x, command: [sleep, infinity]}
  - {name: done, image: x, command: [sh, -c, "sleep 1; exit 3"]}
`
	tl := terminate(t, pod, Scenario{})
	if find(tl, "done", analyze.ContainerExited) != nil || tl.Verdict.Phase[0] != "Failed" {
		t.Errorf("it has ended long before: %+v, phase %v", tl.Events, tl.Verdict.Phase)
	}
	tl = terminate(t, strings.Replace(pod, "Never", "Always", 1), Scenario{})
	if find(tl, "done", analyze.ContainerExited) == nil {
		t.Error("it is started again and again")
	}
}

// TestDeleteDuringFailingStart: what the sync under way does to containers
// comes before the deletion has any effect (K24, K124).
func TestDeleteDuringFailingStart(t *testing.T) {
	at := 2 * time.Second
	const pod = `
metadata: {name: web}
spec:
  terminationGracePeriodSeconds: 5
  containers:
  - name: a
    image: busybox
    command: [sh, -c, "trap 'exit 3' TERM; while :; do sleep 0.1; done"]
    lifecycle: {postStart: {exec: {command: [sh, -c, "sleep 4; exit 1"]}}}
  - {name: b, image: busybox, command: [sh, -c, "trap 'exit 0' TERM; while :; do sleep 0.1; done"]}
`
	tl := terminate(t, pod, Scenario{At: &at})
	a, b := find(tl, "a", analyze.ContainerExited), find(tl, "b", analyze.SignalSent)
	if a == nil || b == nil || a.At.Likely < 1.5 || a.At.Likely >= b.At.Likely || a.ExitCodes[0] != 3 || a.Rule != "K124" {
		t.Errorf("a is stopped because its hook fails, b is started all the same and stopped later: %+v, %+v", a, b)
	}
	if find(tl, "a", analyze.SignalSent) == nil || tl.Verdict.Phase[0] != "Failed" {
		t.Errorf("signalled: %+v, phase %v", tl.Events, tl.Verdict.Phase)
	}
	tl = terminate(t, pod, Scenario{At: &at}, "a.stop=never")
	if a = find(tl, "a", analyze.ContainerExited); a == nil || !a.Killed || a.At.Likely < 6.5 || len(tl.Verdict.Killed) != 1 {
		t.Errorf("killed after the pod's own grace period: %+v, killed %v", a, tl.Verdict.Killed)
	}
}

// TestDeleteRightAfterStart: a program may not listen yet when its signal comes,
// but a script that begins with its trap does.
func TestDeleteRightAfterStart(t *testing.T) {
	at := 300 * time.Millisecond
	for command, late := range map[string]bool{
		"[sh, -c, \"trap 'exit 3' TERM; while :; do sleep 0.1; done\"]":               false,
		"[sh, -c, \"prepare; trap 'exit 3' TERM; while :; do sleep 0.1; done\"]":      true,
		"[sh, -c, \"sleep 0.1; trap 'exit 3' TERM; while :; do sleep 0.1; done\"]":    true,
		"[sh, -c, \"helper & trap 'exit 3' TERM; while :; do sleep 0.1; done\"]":      false,
		"[sh, -c, \"trap '' TERM; trap 'exit 3' TERM; while :; do sleep 0.1; done\"]": false,
	} {
		tl := terminate(t, `
metadata: {name: web}
spec:
  terminationGracePeriodSeconds: 20
  containers:
  - {name: app, image: busybox, command: `+command+"}\n", Scenario{At: &at})
		exit := find(tl, "app", analyze.ContainerExited)
		if got := exit.At.Latest > 15; got != late {
			t.Errorf("%s: the exit is at %+v, want one by SIGKILL to be possible: %v", command, exit.At, late)
		}
	}
}

func TestDeleteOfUnpullable(t *testing.T) {
	at := 20 * time.Second
	const pod = `
metadata: {name: web}
spec:
  terminationGracePeriodSeconds: 5
  containers:
  - {name: a, image: registry.test/absent, imagePullPolicy: Never}
  - {name: b, image: busybox, command: [sh, -c, "trap 'exit 0' TERM; while :; do sleep 0.1; done"]}
`
	tl := terminate(t, pod, Scenario{At: &at}, "a.pull=never")
	if find(tl, "a", analyze.ContainerExited) != nil || find(tl, "b", analyze.SignalSent) == nil || tl.Verdict.ObjectGone == nil {
		t.Errorf("the other container runs, and the kubelet lets the object go: %+v", tl.Events)
	}
	if !slices.Equal(tl.Verdict.Phase, []string{"Failed"}) {
		t.Errorf("a container that never ran counts as 137: %v", tl.Verdict.Phase)
	}
}

// TestDeleteBetweenInits: at times nobody can tell whether the next container
// has been started; its events are then possible ones.
func TestDeleteBetweenInits(t *testing.T) {
	at := 2700 * time.Millisecond
	const pod = `
metadata: {name: web}
spec:
  automountServiceAccountToken: false
  initContainers:
  - {name: i0, image: busybox, command: [sh, -c, "sleep 2"]}
  - {name: i1, image: busybox, command: [sh, -c, "sleep 9"]}
  containers:
  - {name: app, image: busybox, command: [sleep, infinity]}
`
	tl := terminate(t, pod, Scenario{At: &at}, "i0.runs=2s")
	open := slices.ContainsFunc(tl.Gaps, func(g analyze.Gap) bool { return g.What == "whether i1 runs by then" })
	if find(tl, "app", analyze.ContainerExited) != nil || find(tl, "i1", analyze.ContainerExited) == nil || !open {
		t.Errorf("i1 may run, app does not: %+v, gaps %+v", tl.Events, tl.Gaps)
	}
	if !slices.Equal(tl.Verdict.Phase, []string{"Failed"}) {
		t.Errorf("phase %v", tl.Verdict.Phase)
	}
}

func TestDeleteOfFinished(t *testing.T) {
	at := 30 * time.Second
	const pod = `
metadata: {name: web}
spec:
  restartPolicy: Never
  containers:
  - {name: app, image: busybox, command: [sh, -c, "sleep 2; exit 0"]}
`
	tl := terminate(t, pod, Scenario{At: &at})
	if gone := find(tl, "", analyze.PodRemoved); gone == nil || gone.At.Likely > 0.3 || len(tl.Events) != 1 {
		t.Errorf("a finished pod is gone at once: %+v", tl.Events)
	}
}

// TestDeleteAtAnyAge: whatever the age, every event has a container of its own,
// bounds in order and causes that are there.
func TestDeleteAtAnyAge(t *testing.T) {
	for i, r := range readRecordings(t, "recorded-early-delete.json") {
		age := time.Duration(i%23) * 370 * time.Millisecond
		snap, o := r.snapshot(everything)
		sc := r.scenario(t, everything)
		sc.At = &age
		tl, err := Terminate(snap, o, sc)
		if err != nil {
			t.Fatal(err)
		}
		known := map[string]bool{}
		for _, lane := range tl.Containers {
			if known["lane "+lane.Name] {
				t.Errorf("%s at %s: two lanes of %s", r.Name, age, lane.Name)
			}
			known["lane "+lane.Name] = true
		}
		for _, e := range tl.Events {
			if known[e.ID] {
				t.Errorf("%s at %s: %s twice", r.Name, age, e.ID)
			}
			known[e.ID] = true
		}
		for _, e := range tl.Events {
			at := e.At
			if at.Earliest > at.Likely || at.Earliest > at.Latest || (at.Likely > at.Latest && at.Likely != analyze.Never) {
				t.Errorf("%s at %s: %s at %+v", r.Name, age, e.ID, at)
			}
			if e.Container != "" && !known["lane "+e.Container] {
				t.Errorf("%s at %s: %s has no lane", r.Name, age, e.ID)
			}
			if slices.ContainsFunc(e.Because, func(id string) bool { return !known[id] }) {
				t.Errorf("%s at %s: %s because of %v", r.Name, age, e.ID, e.Because)
			}
		}
	}
}

// TestProbeKillAtAnAge: the kubelet's own kill is part of a sync, and waits for none.
func TestProbeKillAtAnAge(t *testing.T) {
	at := 20 * time.Second
	const pod = `
metadata: {name: web}
spec:
  containers:
  - {name: a, image: busybox, command: [sh, -c, "sleep 1; exit 1"]}
  - name: b
    image: busybox
    command: [sh, -c, "trap 'exit 0' TERM; while :; do sleep 0.1; done"]
    livenessProbe: {exec: {command: ["true"]}}
`
	tl := terminate(t, pod, Scenario{At: &at, Trigger: OnLiveness})
	if signal := find(tl, "b", analyze.SignalSent); signal == nil || signal.At.Latest > 0.6 || find(tl, "a", analyze.ContainerExited) != nil {
		t.Errorf("b alone is signalled at once: %+v", tl.Events)
	}
}
