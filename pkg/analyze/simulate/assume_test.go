package simulate

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func TestParseAssumptions(t *testing.T) {
	file := `
containers:
  app:   {stop: 8s, stopExitCode: 143, preStop: 4, preStopFails: true}
  proxy: {stop: never, stopSignal: SIGQUIT}
  web:   {startupAfter: 3s..4s, pull: 1m30s}
defaults: {stop: 1s, lbLag: 10s, sandbox: 500ms}
pods:
  web-0: {containers: {app: {stop: 9s}}}
`
	a, err := ParseAssumptions([]string{"app.preStop=2s..6s", "defaults.stop=3s"}, []byte(file), "a.yaml")
	if err != nil {
		t.Fatal(err)
	}
	at := func(s float64) *analyze.Bounds { b := analyze.At(s); return &b }
	code, yes, quit := int32(143), true, "QUIT"
	app := ContainerAssumptions{Stop: at(8), StopExitCode: &code, PreStop: &analyze.Bounds{Earliest: 2, Likely: 4, Latest: 6}, PreStopFails: &yes}
	if diff := cmp.Diff(app, a.For("other", "app")); diff != "" {
		t.Errorf("app (-want +got)\n%s", diff)
	}
	app.Stop = at(9)
	if diff := cmp.Diff(app, a.For("web-0", "app")); diff != "" {
		t.Errorf("app of web-0 (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(ContainerAssumptions{Stop: at(analyze.Never), StopSignal: &quit}, a.For("", "proxy")); diff != "" {
		t.Errorf("proxy (-want +got)\n%s", diff)
	}
	web := ContainerAssumptions{StartupAfter: &analyze.Bounds{Earliest: 3, Likely: 3.5, Latest: 4}, Pull: at(90)}
	if diff := cmp.Diff(web, a.For("", "web")); diff != "" {
		t.Errorf("web (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(ContainerAssumptions{Stop: at(3)}, a.Default("")); diff != "" {
		t.Errorf("defaults (-want +got)\n%s", diff)
	}
	lag, sandbox := a.PodLevel("web-0")
	if diff := cmp.Diff([]*analyze.Bounds{at(10), at(0.5)}, []*analyze.Bounds{lag, sandbox}); diff != "" {
		t.Errorf("pod level (-want +got)\n%s", diff)
	}
}

func TestWrongAssumptions(t *testing.T) {
	for _, tt := range []struct{ flag, file, want string }{
		{"app.halt=3s", "", "stop, stopExitCode"},
		{"app=3s", "", "CONTAINER.KEY=VALUE"},
		{"app.stop=soon", "", "5s or 1m30s"},
		{"app.stop=5s..2s", "", "ends before it begins"},
		{"app.stop=-1s", "", "between 0"},
		{"app.exitCode=300", "", "0 to 255"},
		{"app.preStopFails=maybe", "", "true nor false"},
		{"app.stopSignal=NOPE", "", "not a signal"},
		{"app.lbLag=3s", "", "unknown key"},
		{"", "containers: {app: {halt: 1s}}", "a.yaml:1:20: app: unknown key"},
		{"", "container: {}", "containers, defaults, pods"},
		{"", "containers: [app]", "a mapping is expected"},
		{"", "containers: {app: {stop: [1s]}}", "a single value is expected"},
		{"", "containers: {app: {stop: 1s, stop: 2s}}", "given twice"},
		{"", "a: b\n---\nc: d", "more than one document"},
		{"", "{{", "cannot read the assumptions in a.yaml"},
	} {
		var flags []string
		if tt.flag != "" {
			flags = []string{tt.flag}
		}
		_, err := ParseAssumptions(flags, []byte(tt.file), "a.yaml")
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s%s: error %v, want one with %q", tt.flag, tt.file, err, tt.want)
		}
	}
}

func TestUnknownContainer(t *testing.T) {
	s, o := podOf(t, "metadata: {name: web}\nspec: {initContainers: [{name: init0}], containers: [{name: app}]}\n")
	a, err := ParseAssumptions([]string{"ap.stop=1s"}, nil, "")
	if err != nil {
		t.Fatal(err)
	}
	_, err = Terminate(s, o, Scenario{Assumptions: a})
	if err == nil || !strings.Contains(err.Error(), `"ap": the known ones are app, init0`) {
		t.Errorf("error %v", err)
	}
	if _, err = Terminate(s, o, Scenario{Assumptions: a, AnyContainer: true}); err != nil {
		t.Errorf("checked by the caller, yet: %v", err)
	}
}

func TestScenarioCheck(t *testing.T) {
	five := int64(5)
	for _, tt := range []struct {
		sc   Scenario
		want string
	}{
		{Scenario{Trigger: "explode"}, "delete, evict"},
		{Scenario{Now: true, GracePeriod: &five}, "--now and --grace-period"},
		{Scenario{Force: true, GracePeriod: &five}, "--force and --grace-period"},
		{Scenario{Trigger: OnDeadline, Force: true}, "belong to a delete"},
		{Scenario{Trigger: OnEvict, GracePeriod: &five}, ""},
	} {
		err := tt.sc.Check()
		if (err == nil) != (tt.want == "") || (err != nil && !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("%+v: error %v, want %q", tt.sc, err, tt.want)
		}
	}
	then, err := ParseThen("5@2500ms")
	if err != nil || then.Grace != 5 || then.Offset.Seconds() != 2.5 {
		t.Errorf("%+v %v", then, err)
	}
	for _, text := range []string{"5", "x@2s", "5@x", "5@never", "@"} {
		if _, err := ParseThen(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}

func TestGates(t *testing.T) {
	for _, tt := range []struct {
		minor int
		gate  string
		set   map[string]bool
		want  bool
	}{
		{30, GateSidecars, nil, true},
		{30, GateSidecars, map[string]bool{GateSidecars: false}, false},
		{33, GateSidecars, map[string]bool{GateSidecars: false}, true}, // locked
		{34, GateRestartRules, nil, false},
		{35, GateRestartRules, nil, true},
		{36, GateStopSignals, map[string]bool{GateStopSignals: true}, true},
		{32, GateStopSignals, map[string]bool{GateStopSignals: true}, false}, // not there yet
		{36, GatePodDisruption, nil, true},                                   // built in
		{36, "NoSuchGate", map[string]bool{"NoSuchGate": true}, false},
	} {
		v := analyze.Version{Minor: tt.minor, Gates: tt.set}
		if got := GateOn(v, tt.gate); got != tt.want {
			t.Errorf("1.%d %s %v: %v, want %v", tt.minor, tt.gate, tt.set, got, tt.want)
		}
		for gate, row := range gateTable {
			if len(row) != analyze.NewestMinor-analyze.OldestMinor+1 {
				t.Fatalf("%s has %d columns", gate, len(row))
			}
		}
	}
	gaps := gateGaps(analyze.Version{Minor: 36, Gates: map[string]bool{"NoSuchGate": true, GateSidecars: false, GateRestartRules: false}})
	if len(gaps) != 2 {
		t.Errorf("two gates change nothing: %+v", gaps)
	}
}

func FuzzAssumptions(f *testing.F) {
	f.Add("app.stop=1s..2s", "containers: {app: {stop: never}}")
	f.Add("defaults.lbLag=never", "pods: {a: {defaults: {stop: 1}}}")
	f.Add("a.b.stop=1e300", "&a [*a]")
	f.Fuzz(func(t *testing.T, flag, file string) {
		a, err := ParseAssumptions([]string{flag}, []byte(file), "f")
		if err != nil {
			return
		}
		for name := range a.Containers {
			if b := a.For("p", name).Stop; b != nil && !(b.Earliest >= 0 && b.Earliest <= b.Likely && b.Likely <= b.Latest) {
				t.Errorf("%q %q: %+v", flag, file, b)
			}
		}
	})
}
