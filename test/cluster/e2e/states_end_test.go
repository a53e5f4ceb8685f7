package e2e

import (
	"strings"
	"testing"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/testkit"
)

// deletes asks for the pod's end and does not wait for it.
func deletes(t *testing.T, e *testkit.Env, ns string) {
	e.Kubectl(t, "delete", "-n", ns, "pod/web", "--wait=false")
}

func endStates() []state {
	finalizer := "apiVersion: v1\nkind: Pod\nmetadata: {name: web, finalizers: [example.com/cleanup]}\nspec:\n  terminationGracePeriodSeconds: 1\n"
	return []state{
		{
			name:     "completed",
			manifest: pod(`["true"]`, "", "  restartPolicy: Never\n"),
			status:   []string{"Completed"}, severity: well(), never: []string{"crash", "oom"},
		},
		{
			name:     "terminating-slowly",
			manifest: strings.Replace(pod(sleeps, "    lifecycle: {preStop: {exec: {command: [sleep, \"3000\"]}}}\n", ""), "Seconds: 1\n", "Seconds: 3600\n", 1),
			status:   []string{"Running"}, act: deletes, after: []string{"Terminating"},
			severity: []string{"info", "warning", "error", "ok"}, mention: [][]string{{"terminat", "delet"}, {"prestop", "hook", "grace"}}, never: []string{"oom"},
		},
		{
			name:     "finalizer",
			manifest: finalizer + "  containers:\n" + box("app", sleeps, ""),
			status:   []string{"Running"}, act: deletes, after: []string{"Terminating", "Completed"},
			severity: notWell(), mention: [][]string{{"finalizer"}, {"example.com/cleanup"}},
		},
		{
			name:     "deadline",
			manifest: pod(sleeps, "", "  activeDeadlineSeconds: 3\n"),
			settled:  eventSays("DeadlineExceeded"), act: untilFailed,
			severity: bad(), mention: [][]string{{"deadline"}},
		},
		{
			name: "empty-dir-full",
			manifest: pod(`[sh, -c, "dd if=/dev/zero of=/data/file bs=1M count=4; sleep 1000"]`, "    volumeMounts: [{name: data, mountPath: /data}]\n",
				"  volumes: [{name: data, emptyDir: {sizeLimit: 1Mi}}]\n"),
			settled: eventSays("Evicted"), act: untilFailed,
			severity: bad(), mention: [][]string{{"evict"}, {"emptydir", "1mi", "limit"}},
		},
	}
}

func untilFailed(t *testing.T, e *testkit.Env, ns string) {
	testkit.Eventually(t, "the pod to fail", testkit.Limit, func() string {
		phase := e.Kubectl(t, "get", "-n", ns, "pod/web", "-o", "jsonpath={.status.phase}")
		if phase != "Failed" {
			return "phase " + phase
		}
		return ""
	})
}
