package lint_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/lint"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/load"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/rules"
)

const pod = `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  terminationGracePeriodSeconds: 10
  containers:
    - name: app
      image: example.com/web:1
      lifecycle:
        preStop:
          exec: {command: [sleep, "40"]}
`

func run(t *testing.T, manifest string, cfg lint.Config) *analyze.Report {
	t.Helper()
	result, err := load.Bytes("web.yaml", []byte(manifest))
	if err != nil {
		t.Fatal(err)
	}
	return lint.Run(result.Snapshot, rules.All(), cfg)
}

// short is a report as lines: place, severity, rule, and why it is muted.
func short(r *analyze.Report) []string {
	out := []string{}
	for _, f := range r.Findings {
		if f.Severity == analyze.Info && f.Suppressed == nil && !strings.HasPrefix(f.Rule, "KL0") {
			continue
		}
		line := fmt.Sprintf("%d:%d %s %s", f.Line, f.Column, f.Severity, f.Rule)
		if f.Suppressed != nil {
			line += fmt.Sprintf(" (%s: %s)", f.Suppressed.Kind, f.Suppressed.Reason)
		}
		out = append(out, line)
	}
	return out
}

func TestFindingIsAtItsPlace(t *testing.T) {
	r := run(t, pod, lint.Config{})
	var got analyze.Finding
	for _, f := range r.Findings {
		if f.Rule == "KL101" {
			got = f
		}
	}
	want := analyze.Position{File: "web.yaml", Line: 12, Column: 27, EndLine: 12, EndColumn: 40}
	if got.Position != want || got.Container != "app" || got.Path != "spec.containers[0].lifecycle.preStop.exec.command" {
		t.Errorf("the finding stands at %+v, %s, %s", got.Position, got.Container, got.Path)
	}
	if len(got.Related) != 1 || got.Related[0].Line != 6 {
		t.Errorf("the grace period is not shown as the reason: %+v", got.Related)
	}
	lines := []string{"  terminationGracePeriodSeconds: 10", `          exec: {command: [sleep, "40"]}`}
	for i, l := range got.Excerpt {
		if l.Text != lines[i] {
			t.Errorf("excerpt line %d is %q", l.Number, l.Text)
		}
	}
	if len(got.Excerpt) != 2 {
		t.Errorf("%d lines are shown, not 2", len(got.Excerpt))
	}
}

// What the API refuses is no mistake of the rollout too.
func TestOneMistakeIsReportedOnce(t *testing.T) {
	r := run(t, `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 0%}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: app, image: example.com/web:1, readinessProbe: {tcpSocket: {port: 80}}}]
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
`, lint.Config{})
	if diff := cmp.Diff([]string{"6:59 error KL920"}, short(r)); diff != "" {
		t.Error(diff)
	}
}

func TestSuppressions(t *testing.T) {
	at := func(line, comment string) string { return strings.Replace(pod, line, comment, 1) }
	for name, c := range map[string]struct {
		manifest string
		want     []string
	}{
		"none": {pod, []string{"12:27 error KL101"}},
		"on the line": {
			at(`[sleep, "40"]}`, `[sleep, "40"]} # lifecycle: ignore KL101 -- ends by itself`),
			[]string{"12:27 error KL101 (comment: ends by itself)"},
		},
		"above the line, by name, with another comment between": {
			at("          exec:", "          # lifecycle: ignore prestop-outlives-grace -- why\n          # more\n          exec:"),
			[]string{"14:27 error KL101 (comment: why)"},
		},
		"without a reason": {
			at("          exec:", "          # lifecycle: ignore KL101\n          exec:"),
			[]string{"12:11 warning KL002", "13:27 error KL101"},
		},
		"two lines too high": {
			at("      lifecycle:", "      # lifecycle: ignore KL101 -- why\n      lifecycle:"),
			[]string{"10:7 info KL001", "13:27 error KL101"},
		},
		"of a rule that does not exist": {
			at("spec:", "spec: # lifecycle: ignore KL777 -- why"),
			[]string{"5:7 warning KL002", "12:27 error KL101"},
		},
		"annotation": {
			at("  name: web", "  name: web\n  annotations: {lifecycle/ignore: \"KL101=legacy; KL407=by hand\"}"),
			[]string{"2:7 info KL407 (annotation: by hand)", "13:27 error KL101 (annotation: legacy)"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, short(run(t, c.manifest, lint.Config{}))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestConfig(t *testing.T) {
	for text, want := range map[string][]string{
		"":                        {"12:27 error KL101"},
		"rules: {KL101: off}":     {},
		"rules: {kl101: warning}": {"12:27 warning KL101"},
		"exclude: [web.yaml]":     {},
		"exclude: [other.yaml]":   {"12:27 error KL101"},
		"rules: {KL102: {parameters: {seconds: 60}}, KL101: off}": {},
		"rules: {prestop-outlives-grace: {severity: warning}}":    {"12:27 warning KL101"},
	} {
		cfg, err := lint.ParseConfig([]byte(text), "c.yaml", rules.All())
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if diff := cmp.Diff(want, short(run(t, pod, cfg))); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
}

func TestConfigRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"rule: {}":              "rule",
		"rules: {KL777: off}":   `no rule "KL777"`,
		"rules: {KL101: fatal}": `"fatal" is no severity`,
		"rules: {KL102: {parameters: {minutes: 1}}}": `no parameter "minutes"`,
		"rules: {KL101: {level: error}}":             `unknown key "level"`,
		"failOn: sometimes":                          "unknown severity",
		"exclude: ['[']":                             "exclude",
	} {
		_, err := lint.ParseConfig([]byte(text), "c.yaml", rules.All())
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "c.yaml") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// A baseline mutes what was there, wherever it moved, and nothing that is new.
func TestBaseline(t *testing.T) {
	data, err := lint.NewBaseline(run(t, pod, lint.Config{})).Bytes()
	if err != nil {
		t.Fatal(err)
	}
	baseline, err := lint.ParseBaseline(data, "b.yaml")
	if err != nil {
		t.Fatal(err)
	}
	second := `    - name: log
      image: example.com/log:1
      lifecycle: {preStop: {exec: {command: [sleep, "50"]}}}
`
	got := short(run(t, "# moved\n"+pod+second, lint.Config{Baseline: baseline}))
	want := []string{
		"3:7 info KL407 (baseline: known before (baseline))",
		"13:27 error KL101 (baseline: known before (baseline))", "16:45 error KL101",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if _, err := lint.ParseBaseline([]byte("kind: Report"), "b.yaml"); err == nil {
		t.Error("a report is taken for a baseline")
	}
}

// What was not seen is not absent, and the report says so.
func TestNeeds(t *testing.T) {
	const budget = `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web}
spec:
  maxUnavailable: 1
  selector: {matchLabels: {app: web}}
`
	r := run(t, budget, lint.Config{})
	skipped := ""
	for _, s := range r.Skipped {
		skipped += s.Rule + " "
	}
	if len(short(r)) > 0 || skipped != "KL402 " {
		t.Errorf("findings %v, skipped %q", short(r), skipped)
	}
	all := analyze.NewSnapshot(analyze.SnapshotInput{
		Version: analyze.DefaultVersion(), Objects: load1(t, budget), Knowledge: analyze.Knowledge{Complete: true},
	})
	complete := lint.Run(all, rules.All(), lint.Config{})
	if diff := cmp.Diff([]string{"6:13 warning KL402"}, short(complete)); diff != "" || len(complete.Skipped) > 0 {
		t.Error(diff, complete.Skipped)
	}
}

func load1(t *testing.T, manifest string) []*analyze.Object {
	t.Helper()
	result, err := load.Bytes("web.yaml", []byte(manifest))
	if err != nil {
		t.Fatal(err)
	}
	return result.Snapshot.Objects()
}

// A patch is not judged as if it were a whole object.
func TestPatch(t *testing.T) {
	const patch = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
        - name: app
          readinesProbe: {tcpSocket: {port: 80}}
`
	r := run(t, patch, lint.Config{})
	if diff := cmp.Diff([]string{"9:11 error KL901"}, short(r)); diff != "" {
		t.Error(diff)
	}
	if len(r.Gaps) != 1 || !strings.Contains(r.Gaps[0].Why, "patch") {
		t.Errorf("gaps: %+v", r.Gaps)
	}
}
