package simulate

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

const hookedPod = `
metadata: {name: web}
spec:
  terminationGracePeriodSeconds: 60
  containers:
  - {name: app, image: x, lifecycle: {preStop: {sleep: {seconds: 50}}},
     livenessProbe: {tcpSocket: {port: 80}, terminationGracePeriodSeconds: 5}}
`

// Advice that cannot help is worse than none: it names what sets the grace
// period of this very termination.
func TestAdviceNamesWhatSetsTheGrace(t *testing.T) {
	n := func(n int64) *int64 { return &n }
	for name, tt := range map[string]struct {
		sc        Scenario
		want, not string
	}{
		"asked for":     {Scenario{GracePeriod: n(10)}, "or ask for a longer grace period|--grace-period: 53 is the smallest", "terminationGracePeriodSeconds"},
		"now":           {Scenario{Now: true}, "or ask for a longer grace period", "terminationGracePeriodSeconds"},
		"forced":        {Scenario{Force: true}, "or do not force the delete", "terminationGracePeriodSeconds"},
		"hard eviction": {Scenario{Trigger: OnHardEviction}, "whatever the pod asks for", "terminationGracePeriodSeconds"},
		"soft eviction": {Scenario{Trigger: OnSoftEviction, EvictionMaxGrace: n(10)}, "evictionMaxPodGracePeriod: 53", "terminationGracePeriodSeconds"},
		"shutdown":      {Scenario{Trigger: OnNodeShutdown, ShutdownGrace: n(10)}, "raise the kubelet's shutdown grace period", "terminationGracePeriodSeconds"},
		"probe":         {Scenario{Trigger: OnLiveness}, "livenessProbe.terminationGracePeriodSeconds: 53", "or raise terminationGrace"},
	} {
		t.Run(name, func(t *testing.T) {
			tl := terminate(t, hookedPod, tt.sc, "app.stop=2.5s")
			var text string
			for _, a := range tl.Verdict.Advice {
				text += a.Summary + "\n"
			}
			for _, want := range strings.Split(tt.want, "|") {
				if !strings.Contains(text, want) {
					t.Errorf("no %q in\n%s", want, text)
				}
			}
			if strings.Contains(text, tt.not) {
				t.Errorf("%q in\n%s", tt.not, text)
			}
		})
	}
}

// A process that ignores its signal is not helped by the grace period in which
// its own work may by chance be done.
func TestDeafProcess(t *testing.T) {
	tl := terminate(t, "metadata: {name: web}\nspec: {containers: [{name: app, image: x, command: [sleep, '1000']}]}", Scenario{})
	v := tl.Verdict
	if v.MinimumGraceSeconds != nil || !strings.Contains(v.Headline, "app does not end on SIGTERM") || len(v.Advice) != 1 || !strings.Contains(v.Advice[0].Summary, "no grace period helps app") {
		t.Errorf("%+v", v)
	}
	if tl = terminate(t, "metadata: {name: web}\nspec: {containers: [{name: app, image: x, command: [sleep, '1000']}]}", Scenario{}, "app.stop=50s"); tl.Verdict.MinimumGraceSeconds == nil {
		t.Error("what the user says about the signal counts")
	}
}

func TestFurtherDeletes(t *testing.T) {
	then := func(texts ...string) Scenario {
		var sc Scenario
		for _, text := range texts {
			d, err := ParseThen(text)
			if err != nil {
				t.Fatal(err)
			}
			sc.Then = append(sc.Then, d)
		}
		return sc
	}
	for text, want := range map[string]string{
		"5@2s": "does not speed anything up", "80@2s": "only a shorter grace period than the 1m before it counts", "-1@2s": "changes nothing", "5@2h": "comes too late",
	} {
		v := terminate(t, hookedPod, then(text), "app.stop=2s").Verdict
		if len(v.Advice) != 1 || !strings.Contains(v.Advice[0].Summary, want) {
			t.Errorf("%s: %+v, want %q", text, v.Advice, want)
		}
	}
	tl := terminate(t, hookedPod, then("0@2s"), "app.stop=2s")
	if e := find(tl, "", analyze.PodRemoved); len(e.Because) > 0 || e.At.Likely > 2.5 {
		t.Errorf("the later delete removes it, not the end of a container: %+v", e)
	}
	for _, sp := range tl.Spans {
		if sp.Start.Likely > sp.End.Likely {
			t.Errorf("a bar that ends before it begins: %+v", sp)
		}
	}
	if last := tl.CriticalChain[len(tl.CriticalChain)-1]; last != eventID("app", analyze.ContainerExited) {
		t.Errorf("chain %v", tl.CriticalChain)
	}
}

func TestTriggersThatMayNotReachThePod(t *testing.T) {
	ten := int64(10)
	for name, tt := range map[string]struct {
		pod  string
		sc   Scenario
		want string
	}{
		"no deadline":      {hookedPod, Scenario{Trigger: OnDeadline}, "has no activeDeadlineSeconds"},
		"critical":         {strings.Replace(hookedPod, "spec:", "spec:\n  priorityClassName: system-node-critical", 1), Scenario{Trigger: OnHardEviction}, "K62"},
		"mirror":           {strings.Replace(hookedPod, "name: web", "name: web, annotations: {kubernetes.io/config.mirror: x}", 1), Scenario{}, "K21"},
		"daemon set":       {strings.Replace(hookedPod, "name: web", "name: web, ownerReferences: [{kind: DaemonSet, name: d, controller: true, apiVersion: apps/v1, uid: u}]", 1), Scenario{Trigger: OnDrain}, "drain leaves"},
		"grace of nobody":  {hookedPod, Scenario{Trigger: OnPreempt, GracePeriod: &ten}, "no effect here"},
		"grace of a drain": {hookedPod, Scenario{Trigger: OnDrain, GracePeriod: &ten}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var gaps []string
			for _, g := range terminate(t, tt.pod, tt.sc).Gaps {
				gaps = append(gaps, g.What+": "+g.Why)
			}
			if text := strings.Join(gaps, "\n"); !strings.Contains(text, tt.want) || tt.want == "" && text != "" {
				t.Errorf("want %q in %q", tt.want, text)
			}
		})
	}
}

// The picture of a sidecar says what it waited for in the end.
func TestWhatASidecarWaitedFor(t *testing.T) {
	const pod = "metadata: {name: web}\nspec:\n  initContainers: [{name: s, image: x, restartPolicy: Always}]\n  containers: [{name: app, image: x}]\n"
	for stop, want := range map[string]string{"app.stop=5s": "until app stopped", "app.stop=never": "until the grace period was used up"} {
		var note string
		for _, sp := range terminate(t, pod, Scenario{}, stop).Spans {
			if sp.ID == spanID("s", "waiting") {
				note = sp.Note
			}
		}
		if note != want {
			t.Errorf("%s: %q, want %q", stop, note, want)
		}
	}
}

// The signal waits for an exec hook, so a hook that ends in time is never cut short.
func TestHookThatEndsInTime(t *testing.T) {
	const pod = "metadata: {name: web}\nspec: {containers: [{name: app, image: x, lifecycle: {preStop: {exec: {command: [sleep, '%s']}}}}]}\n"
	for length, want := range map[string][]int32{"3": {0}, "29.9": {0}, "45": {137}} {
		tl := terminate(t, fmt.Sprintf(pod, length), Scenario{}, "app.stop=never")
		if got := find(tl, "app", analyze.PreStopFinished).ExitCodes; !slices.Equal(got, want) {
			t.Errorf("sleep %s: %v, want %v", length, got, want)
		}
	}
}

func TestLongListsInSentences(t *testing.T) {
	for n, want := range map[int]string{1: "a", 3: "a, b and c", 6: "a, b, c, d, e and f", 12: "a, b, c, d and 8 more"} {
		if got := listText(strings.Split("abcdefghijkl"[:n], "")); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// An image whose stop signal is SIGKILL has no say in how long it takes.
func TestStopSignalKill(t *testing.T) {
	tl := terminate(t, "metadata: {name: web}\nspec: {containers: [{name: app, image: x}]}", Scenario{}, "app.stopSignal=KILL")
	if e := find(tl, "app", analyze.ContainerExited); e.At.Latest > 1 || !slices.Equal(e.ExitCodes, []int32{137}) {
		t.Errorf("%+v", e)
	}
}

func TestHeadlineOfSeveralKills(t *testing.T) {
	const pod = "metadata: {name: web}\nspec:\n  initContainers: [{name: s, image: x, restartPolicy: Always}]\n  containers: [{name: app, image: x}, {name: b, image: x}]\n"
	for assume, want := range map[string]string{
		"app.stop=never b.stop=never s.stop=1s":    "app and b are killed with SIGKILL at 30s: ",
		"app.stop=never b.stop=never s.stop=never": "app, b and s are killed with SIGKILL from 30s to 32s: ",
	} {
		if got := terminate(t, pod, Scenario{}, strings.Fields(assume)...).Verdict.Headline; !strings.HasPrefix(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestBudgetThatNeverAllows(t *testing.T) {
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "web", Namespace: "default", Labels: map[string]string{"app": "web"}}}
	pod.Spec.Containers = []corev1.Container{{Name: "app", Image: "x"}}
	for limit, want := range map[string]string{"0": "never allows a disruption", "0%": "never allows a disruption", "1": "by the pods that are healthy then"} {
		most := intstr.Parse(limit)
		pdb := &policyv1.PodDisruptionBudget{ObjectMeta: metav1.ObjectMeta{Name: "b", Namespace: "default"}}
		pdb.Spec.MaxUnavailable, pdb.Spec.Selector = &most, &metav1.LabelSelector{MatchLabels: pod.Labels}
		_, o := snapshotOf(pod)
		b := analyze.NewObject(analyze.Ref{APIVersion: "policy/v1", Kind: "PodDisruptionBudget", Namespace: "default", Name: "b"}, pdb, pdb, nil)
		s := analyze.NewSnapshot(analyze.SnapshotInput{
			Version: analyze.DefaultVersion(), Objects: []*analyze.Object{o, b}, Knowledge: analyze.Knowledge{Complete: true},
		})
		tl, err := Terminate(s, o, Scenario{Trigger: OnEvict})
		if err != nil || len(tl.Gaps) != 1 || !strings.Contains(tl.Gaps[0].Why, want) {
			t.Errorf("%s: %+v %v, want %q", limit, tl.Gaps, err, want)
		}
	}
}
