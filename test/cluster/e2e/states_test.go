package e2e

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/testkit"
)

// state is a trouble (or none) that is really brought about.
type state struct {
	name     string
	manifest string
	// status are what the server's table may show once the state has come about.
	// Where a trouble alternates, all its faces are listed.
	status []string
	// restarts that have to have happened before we ask.
	restarts int
	// settled, when given, replaces waiting for status.
	settled func(t *testing.T, e *testkit.Env, ns string) string
	// act does something to the pods once they have settled, before we ask.
	act     func(t *testing.T, e *testkit.Env, ns string)
	after   []string // status after act
	subject string   // default pod/web
	// severity that explain may give; mention: one of each list must be said; never: none may.
	severity []string
	mention  [][]string
	never    []string
}

func bad() []string     { return []string{"error"} }
func notWell() []string { return []string{"error", "warning"} }
func well() []string    { return []string{"ok", "info"} }

// TestStates brings pods into every state we know how to, and asks what the
// server and the plugin say about them.
func TestStates(t *testing.T) {
	env := cluster(t)
	t.Parallel()
	states := slices.Concat(crashStates(), configStates(), schedulingStates(), probeStates(), initStates(), controllerStates(), endStates())
	if len(states) < 25 {
		t.Fatalf("only %d states are tested, at least 25 were promised", len(states))
	}
	for _, s := range states {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			ns := env.Namespace(t, "state-"+s.name)
			env.Apply(t, ns, s.manifest)
			s.bringAbout(t, env, ns)
			sameStatus(t, env, ns)
			s.explains(t, env, ns)
		})
	}
}

func (s state) bringAbout(t *testing.T, env *testkit.Env, ns string) {
	t.Helper()
	if s.settled != nil {
		testkit.Eventually(t, "the state "+s.name, testkit.Limit, func() string { return s.settled(t, env, ns) })
	} else {
		testkit.Eventually(t, "the state "+s.name, testkit.Limit, func() string { return shows(t, env, ns, s.status, s.restarts) })
	}
	if s.act == nil {
		return
	}
	s.act(t, env, ns)
	if len(s.after) > 0 {
		testkit.Eventually(t, "the state "+s.name, testkit.Limit, func() string { return shows(t, env, ns, s.after, 0) })
	}
}

// shows wants at least one pod with the status, and enough restarts.
func shows(t *testing.T, env *testkit.Env, ns string, status []string, restarts int) string {
	rows := env.Rows(t, ns)
	var seen []string
	for _, row := range rows {
		var n int
		_, _ = fmt.Sscan(row.Restarts, &n) // "3 (12s ago)"; a dash counts as 0
		if slices.Contains(status, row.Status) && n >= restarts {
			return ""
		}
		seen = append(seen, row.Name+" "+row.Status+" restarts "+row.Restarts)
	}
	return fmt.Sprintf("want %v; the server shows %q", status, seen)
}

// sameStatus compares STATUS, READY and RESTARTS of every pod of a namespace
// with the server's own table, letter by letter. Row and object come in one
// response, so that nothing can change between them.
func sameStatus(t *testing.T, env *testkit.Env, ns string) {
	t.Helper()
	for _, row := range env.Rows(t, ns) {
		file := testkit.WriteList(t, row.Raw)
		x, _ := env.Explain(t, env.Cluster.Kubeconfig, "-f", file, "pod/"+row.Name, "-n", ns)
		if diff := testkit.SameRow(row, x); diff != "" {
			t.Error(diff)
		}
	}
}

// explains asks the plugin about the live object until it says what it must:
// events and conditions may come a little later than the status.
func (s state) explains(t *testing.T, env *testkit.Env, ns string) {
	t.Helper()
	subject := s.subject
	if subject == "" {
		subject = "pod/web"
	}
	var last testkit.Output
	testkit.Eventually(t, "the explanation of "+s.name, 3*time.Minute, func() string {
		var x testkit.Explanation
		x, last = env.Explain(t, env.Cluster.Kubeconfig, subject, "-n", ns)
		return s.judge(x)
	})
	if t.Failed() {
		t.Log(last.Stdout)
	}
}

func (s state) judge(x testkit.Explanation) string {
	words := x.Words()
	if !slices.Contains(s.severity, x.Severity) {
		return fmt.Sprintf("severity %q is none of %v; it says:\n%s", x.Severity, s.severity, words)
	}
	for _, list := range s.mention {
		if !slices.ContainsFunc(list, func(w string) bool { return strings.Contains(words, w) }) {
			return fmt.Sprintf("none of %q is mentioned in:\n%s", list, words)
		}
	}
	for _, w := range s.never {
		if regexp.MustCompile(`\b` + regexp.QuoteMeta(w) + `\b`).MatchString(words) {
			return fmt.Sprintf("%q is said, which is wrong here:\n%s", w, words)
		}
	}
	return ""
}

// pod is a pod "web" with one container "app"; more is YAML, indented by four,
// added to the container, and spec, indented by two, added to the pod's spec.
func pod(command, more, spec string) string {
	return `apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec:
  terminationGracePeriodSeconds: 1
` + spec + `  containers:
` + box("app", command, more)
}

func box(name, command, more string) string {
	return `  - name: ` + name + `
    image: registry.test/busybox:1
    imagePullPolicy: Never
    command: ` + command + `
` + more
}

// deployment is a Deployment "web" of such pods; labels and spec as in pod.
func deployment(replicas int, more, command, container, podSpec string) string {
	template := strings.ReplaceAll(podSpec+"  containers:\n"+box("app", command, container), "\n  ", "\n      ")
	return fmt.Sprintf(`apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: %d
%s  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 1
    %s`, replicas, more, strings.TrimRight(template, " "))
}

const (
	sleeps = `[sh, -c, "trap 'exit 0' TERM; while true; do sleep 0.5; done"]`
)
