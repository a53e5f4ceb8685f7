package e2e

import "strings"

// inits puts init containers into a pod of pod().
func inits(boxes ...string) string {
	return "  initContainers:\n" + strings.Join(boxes, "")
}

func initStates() []state {
	sidecar := "    restartPolicy: Always\n"
	return []state{
		{
			name:     "init-fails",
			manifest: pod(sleeps, "", inits(box("migrate", `[sh, -c, "exit 5"]`, ""))),
			status:   []string{"Init:CrashLoopBackOff", "Init:Error"}, restarts: 2,
			severity: bad(), mention: [][]string{{"migrate"}, {"init"}, {"code 5", "exit 5", "exited with 5"}},
		},
		{
			name:     "init-fails-for-good",
			manifest: pod(sleeps, "", "  restartPolicy: Never\n"+inits(box("migrate", `[sh, -c, "exit 5"]`, ""))),
			status:   []string{"Init:Error"}, severity: bad(), mention: [][]string{{"migrate"}, {"init"}},
		},
		{
			name:     "init-waits",
			manifest: pod(sleeps, "", inits(box("wait-for-db", `[sh, -c, "sleep 10000"]`, ""), box("second", `["true"]`, ""))),
			status:   []string{"Init:0/2"}, severity: []string{"info", "warning", "error"}, mention: [][]string{{"wait-for-db"}, {"init"}},
		},
		{
			name:     "init-image",
			manifest: pod(sleeps, "", "  initContainers: [{name: fetch, image: \"registry.test/absent:1\", imagePullPolicy: Never}]\n"),
			status:   []string{"Init:ErrImageNeverPull"}, severity: bad(), mention: [][]string{{"fetch"}, {"registry.test/absent:1"}},
		},
		{
			name:     "sidecar-crashes",
			manifest: pod(sleeps, "", inits(box("proxy", `[sh, -c, "sleep 1; exit 9"]`, sidecar))),
			// The table counts a sidecar's restarts, and shows the pod's other face while it runs.
			status: []string{"Init:CrashLoopBackOff", "CrashLoopBackOff", "Running", "Error"}, restarts: 2,
			severity: notWell(), mention: [][]string{{"proxy"}, {"code 9", "exit 9", "exited with 9"}},
		},
		{
			name:     "sidecar-never-started",
			manifest: pod(sleeps, "", inits(box("proxy", sleeps, sidecar+"    startupProbe: {exec: {command: [\"false\"]}, periodSeconds: 1, failureThreshold: 600}\n"))),
			status:   []string{"Init:0/1"}, severity: []string{"info", "warning", "error"}, mention: [][]string{{"proxy"}, {"startup"}},
		},
		{
			name:     "sidecar-healthy",
			manifest: pod(sleeps, "", inits(box("proxy", sleeps, sidecar))),
			status:   []string{"Running"}, severity: well(), never: []string{"crash", "oom"},
			settled: condition("pod/web", "Ready"),
		},
	}
}
