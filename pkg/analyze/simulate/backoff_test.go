package simulate

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func TestLadderOfEveryVersion(t *testing.T) {
	reduce := map[string]bool{GateReduceCrashLoop: true}
	for _, tt := range []struct {
		name string
		v    analyze.Version
		want []float64
	}{
		{"default", analyze.Version{Minor: 36}, []float64{0, 10, 20, 40, 80, 160, 300, 300}},
		{"oldest", analyze.Version{Minor: 30}, []float64{0, 10, 20, 40, 80, 160, 300, 300}},
		{"reduced but not capped from 1.35 on (TV23)", analyze.Version{Minor: 35, Gates: reduce}, []float64{0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300}},
		{"reduced (TV24)", analyze.Version{Minor: 34, Gates: reduce}, []float64{0, 1, 2, 4, 8, 16, 32, 60, 60}},
		{"the gate is not known to 1.32", analyze.Version{Minor: 32, Gates: reduce}, []float64{0, 10, 20}},
	} {
		var got []float64
		for i := range tt.want {
			got = append(got, BackoffLadder(tt.v).Delay(i))
		}
		if d := cmp.Diff(tt.want, got); d != "" {
			t.Errorf("%s: %s", tt.name, d)
		}
	}
}

func TestRetryWindow(t *testing.T) {
	now, old := analyze.Version{Minor: 36}, analyze.Version{Minor: 34}
	for _, tt := range []struct {
		v        analyze.Version
		backoff  float64
		from, to float64
	}{
		{now, 10, 10, 16},
		{now, 40, 40, 61},
		{now, 80, 80, 92},
		{now, 300, 300, 331},
		{old, 10, 10, 26},
		{old, 300, 300, 316},
	} {
		w := RetryWindow(tt.v, tt.backoff)
		if w.Earliest != tt.from || w.Latest > tt.to || w.Latest < tt.from+1 || w.Likely < w.Earliest || w.Likely > w.Latest {
			t.Errorf("%s back-off %v: got %v, want within %v..%v", tt.v, tt.backoff, w, tt.from, tt.to)
		}
	}
}

func TestNextRestart(t *testing.T) {
	v := analyze.Version{Minor: 36}
	said := "back-off 40s restarting failed container=app pod=web_shop(b97aa54c)"
	for _, tt := range []struct {
		name  string
		in    CrashStatus
		want  float64
		basis analyze.Basis
	}{
		{"from the message", CrashStatus{Restarts: 4, Message: said, Ran: 9, SinceFinish: 21}, 40, analyze.Observed},
		{"minutes", CrashStatus{Restarts: 9, Message: "back-off 2m40s restarting failed container=a pod=b"}, 160, analyze.Observed},
		{"from the count", CrashStatus{Restarts: 3, Ran: 0, SinceFinish: 31}, 40, analyze.Inferred},
		{"first crash", CrashStatus{Restarts: 0, SinceFinish: -1}, 0, analyze.Inferred},
		{"reset", CrashStatus{Restarts: 7, Ran: 700, SinceFinish: 0}, 0, analyze.Inferred},
		{"other message", CrashStatus{Restarts: 2, Message: "failed to create containerd task", Ran: 0}, 20, analyze.Inferred},
	} {
		f := NextRestart(v, tt.in)
		if f.Backoff != tt.want || f.Basis != tt.basis || f.Why == "" {
			t.Errorf("%s: got %+v", tt.name, f)
		}
		if f.Delay.Earliest < tt.in.SinceFinish || f.Delay.Earliest > f.Delay.Likely || f.Delay.Likely > f.Delay.Latest {
			t.Errorf("%s: delay %v does not follow %v", tt.name, f.Delay, tt.in.SinceFinish)
		}
	}
	if f := NextRestart(v, CrashStatus{Restarts: 9, Ran: 400, SinceFinish: 10}); f.Delay.Earliest != 200 {
		t.Errorf("an entry of 600s is forgotten: got %v", f.Delay)
	}
	if f := NextRestart(v, CrashStatus{Restarts: 3, SinceFinish: 500}); !f.Overdue {
		t.Error("the window of a back-off of 40s has passed after 500s")
	}
}

func TestRestartable(t *testing.T) {
	policy := func(p corev1.ContainerRestartPolicy) *corev1.ContainerRestartPolicy { return &p }
	rules := []corev1.ContainerRestartRule{{
		Action:    corev1.ContainerRestartRuleActionRestart,
		ExitCodes: &corev1.ContainerRestartRuleOnExitCodes{Operator: corev1.ContainerRestartRuleOnExitCodesOpIn, Values: []int32{42}},
	}}
	for _, tt := range []struct {
		name  string
		minor int
		pod   corev1.RestartPolicy
		kind  analyze.ContainerType
		own   *corev1.ContainerRestartPolicy
		rules []corev1.ContainerRestartRule
		exit  int32
		want  bool
	}{
		{"Always after success", 36, "Always", analyze.AppContainer, nil, nil, 0, true},
		{"no policy is Always", 36, "", analyze.AppContainer, nil, nil, 0, true},
		{"OnFailure after success", 36, "OnFailure", analyze.AppContainer, nil, nil, 0, false},
		{"OnFailure after failure", 36, "OnFailure", analyze.AppContainer, nil, nil, 2, true},
		{"Never", 36, "Never", analyze.AppContainer, nil, nil, 2, false},
		{"own policy outranks", 36, "Always", analyze.AppContainer, policy("Never"), nil, 1, false},
		{"own policy is not known to 1.33", 33, "Always", analyze.AppContainer, policy("Never"), nil, 1, true},
		{"rule outranks", 36, "Never", analyze.AppContainer, policy("Never"), rules, 42, true},
		{"rule does not match", 36, "Never", analyze.AppContainer, policy("Never"), rules, 41, false},
		{"init done", 36, "Always", analyze.InitContainer, nil, nil, 0, false},
		{"init failed", 36, "Always", analyze.InitContainer, nil, nil, 1, true},
		{"init failed, Never", 36, "Never", analyze.InitContainer, nil, nil, 1, false},
		{"sidecar", 36, "Never", analyze.SidecarContainer, policy("Always"), nil, 0, true},
	} {
		c := analyze.Container{Container: &corev1.Container{RestartPolicy: tt.own, RestartPolicyRules: tt.rules}, Type: tt.kind}
		got, field := Restartable(analyze.Version{Minor: tt.minor}, &corev1.PodSpec{RestartPolicy: tt.pod}, c, tt.exit)
		if got != tt.want {
			t.Errorf("%s: got %v (%s)", tt.name, got, field)
		}
	}
}

func TestProbeBudgets(t *testing.T) {
	java := Timing{Delay: 30, Period: 10, Timeout: 1, Failures: 3, Successes: 1}
	if got := ProbeKillBudget(java); got.Earliest != 49 || got.Latest != 60 {
		t.Errorf("budget of a slow start: %v", got)
	}
	if got := ProbeDetection(TimingOf(nil)); got.Earliest != 20 || got.Latest != 31 {
		t.Errorf("detection with default numbers: %v", got)
	}
	if got := ReadyWindow(Timing{Period: 5, Timeout: 1, Successes: 2, Failures: 3}, analyze.At(3)); got.Earliest != 8 || got.Latest < 13 {
		t.Errorf("ready window: %v", got)
	}
}
