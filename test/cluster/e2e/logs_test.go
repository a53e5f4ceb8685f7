package e2e

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/testkit"
)

// excerpts is the part of an explanation that --logs adds.
type excerpts struct {
	Logs []struct {
		Container string
		Previous  bool
		Lines     []string
		Note      string
	}
	Gaps []struct{ What, Why string }
}

// talks is what the crashing containers print: a clear screen, a carriage
// return, characters two columns wide, a bell. The octal codes are for printf.
const talks = `[sh, -c, "echo first; printf 'clear \\033[2J|\\r|\\n'; printf '\\346\\227\\245\\346\\234\\254|\\007\\n'; echo last; exit 3"]`

var talked = []string{"clear \x1b[2J|\r|", "日本|\a", "last"}

// TestLogs: explain --logs shows the end of what the failing container of a
// real pod printed, and says so where there is nothing to show.
func TestLogs(t *testing.T) {
	env := cluster(t)
	t.Parallel()
	for _, c := range []struct {
		name, manifest string
		status         []string
		restarts       int
		container      string
		lines          []string
		note           string
	}{
		{"crashing", pod(talks, "", ""), []string{"CrashLoopBackOff", "Error"}, 1, "app", talked, ""},
		{"init", pod(sleeps, "", inits(box("migrate", talks, ""))), []string{"Init:CrashLoopBackOff", "Init:Error"}, 1, "migrate", talked, ""},
		{"silent", pod(`[sh, -c, "exit 3"]`, "", ""), []string{"CrashLoopBackOff", "Error"}, 1, "app", []string{}, "it printed nothing"},
		{"no-image", strings.Replace(pod(sleeps, "", ""), "busybox:1", "absent:1", 1), []string{"ErrImageNeverPull"}, 0, "app", []string{}, "it has not started, so it printed nothing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			ns := env.Namespace(t, "logs-"+c.name)
			env.Apply(t, ns, c.manifest)
			testkit.Eventually(t, "the state "+c.name, testkit.Limit, func() string { return shows(t, env, ns, c.status, c.restarts) })
			// Between two runs the kubelet may just be removing the log: ask until it is there.
			testkit.Eventually(t, "the log of "+c.name, testkit.Limit, func() string {
				return logsSay(t, env, ns, c.container, c.lines, c.note)
			})
			testkit.Eventually(t, "the same as text", testkit.Limit, func() string {
				return logsAreShown(t, env, ns, c.lines, c.note)
			})
		})
	}
}

func logsSay(t *testing.T, env *testkit.Env, ns, container string, lines []string, note string) string {
	var x excerpts
	env.Run(t, env.Cluster.Kubeconfig, "explain", "pod/web", "-n", ns, "--logs", "3", "-o", "json").JSON(t, &x)
	if len(x.Logs) != 1 {
		return "logs of so many containers, want one: " + cmp.Diff(nil, x)
	}
	log := x.Logs[0]
	return cmp.Diff([]any{container, lines, note}, []any{log.Container, log.Lines, log.Note})
}

// logsAreShown looks at the text: all is there, and nothing that a terminal
// would act on.
func logsAreShown(t *testing.T, env *testkit.Env, ns string, lines []string, note string) string {
	t.Helper()
	text := env.Run(t, env.Cluster.Kubeconfig, "explain", "pod/web", "-n", ns, "--logs", "3").Stdout
	if strings.ContainsAny(text, "\x1b\r\a") {
		t.Errorf("control characters reach the terminal:\n%q", text)
	}
	_, logs, found := strings.Cut(text, "\n logs ")
	if !found || strings.Contains(logs, "first") {
		return "the last three lines are not shown:\n" + text
	}
	escaped := strings.NewReplacer("\x1b", "^[", "\r", `\r`, "\a", "^G")
	for _, line := range append(slices.Clone(lines), note) {
		if !strings.Contains(logs, escaped.Replace(line)) {
			return escaped.Replace(line) + " is not shown:\n" + logs
		}
	}
	return ""
}

// TestLogsOfARunningContainer: one that runs again after its end is asked for
// the run before, where the end is.
func TestLogsOfARunningContainer(t *testing.T) {
	env := cluster(t)
	t.Parallel()
	ns := env.Namespace(t, "logs-running")
	// The file outlives the container: the second run stays, and fails its readiness.
	env.Apply(t, ns, pod(`[sh, -c, "if [ -e /keep/ran ]; then echo second run; sleep 10000; fi; touch /keep/ran; echo first run; exit 7"]`,
		"    volumeMounts: [{name: keep, mountPath: /keep}]\n    readinessProbe: {exec: {command: [\"false\"]}, periodSeconds: 1}\n",
		"  volumes: [{name: keep, emptyDir: {}}]\n"))
	testkit.Eventually(t, "the second run", testkit.Limit, func() string { return shows(t, env, ns, []string{"Running"}, 1) })
	testkit.Eventually(t, "the log of the first run", testkit.Limit, func() string {
		var x excerpts
		env.Run(t, env.Cluster.Kubeconfig, "explain", "pod/web", "-n", ns, "--logs", "3", "-o", "json").JSON(t, &x)
		for _, log := range x.Logs {
			if log.Previous {
				return cmp.Diff([]string{"first run"}, log.Lines)
			}
		}
		return "no log of the run before: " + cmp.Diff(nil, x)
	})
}

// TestLogsForbidden: who may not read logs is told so, and gets the rest.
func TestLogsForbidden(t *testing.T) {
	env := cluster(t)
	t.Parallel()
	ns := env.Namespace(t, "logs-forbidden")
	env.Apply(t, ns, pod(talks, "", ""))
	env.Kubectl(t, "create", "role", "-n", ns, "no-logs", "--verb=get,list", "--resource=pods")
	env.Kubectl(t, "create", "rolebinding", "-n", ns, "no-logs", "--role=no-logs", "--user=restricted")
	testkit.Eventually(t, "the crash", testkit.Limit, func() string { return shows(t, env, ns, []string{"CrashLoopBackOff", "Error"}, 1) })
	var out testkit.Output
	testkit.Eventually(t, "the rights of restricted", testkit.Limit, func() string {
		out = env.Run(t, env.Cluster.KubeconfigOf("restricted"), "explain", "pod/web", "-n", ns, "--logs", "3")
		if out.Code != 0 {
			return out.Stderr
		}
		return ""
	})
	words := strings.Join(strings.Fields(out.Stdout), " ")
	for _, want := range []string{`what container "app" printed: you may not get pods/log in namespace "` + ns + `", it is forbidden`, "exit code 3"} {
		if !strings.Contains(words, want) {
			t.Errorf("%q is not said:\n%s", want, out.Stdout)
		}
	}
	if strings.Contains(words, " logs container") {
		t.Errorf("logs are shown to one who may not read them:\n%s", out.Stdout)
	}
}
