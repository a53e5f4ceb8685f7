package e2e

func probeStates() []state {
	probe := func(kind, command, more string) string {
		return "    " + kind + ": {exec: {command: " + command + "}, periodSeconds: 1" + more + "}\n"
	}
	return []state{
		{
			name:     "readiness-fails",
			manifest: pod(sleeps, probe("readinessProbe", "[sh, -c, \"exit 1\"]", ""), ""),
			settled:  eventSays("Unhealthy"),
			severity: notWell(), mention: [][]string{{"readiness"}}, never: []string{"oom", "liveness"},
		},
		{
			name:     "readiness-refused",
			manifest: pod(sleeps, "    readinessProbe: {tcpSocket: {port: 9}, periodSeconds: 1}\n", ""),
			settled:  eventSays("Unhealthy"),
			severity: notWell(), mention: [][]string{{"readiness"}, {"refused", "port 9", ":9"}},
		},
		{
			name:     "liveness-fails",
			manifest: pod(sleeps, probe("livenessProbe", "[sh, -c, \"exit 1\"]", ", failureThreshold: 2"), ""),
			status:   []string{"Running", "CrashLoopBackOff", "Completed"}, restarts: 2,
			severity: notWell(), mention: [][]string{{"liveness"}}, never: []string{"oom"},
		},
		{
			name:     "startup-fails",
			manifest: pod(sleeps, probe("startupProbe", "[sh, -c, \"exit 1\"]", ", failureThreshold: 2"), ""),
			status:   []string{"Running", "CrashLoopBackOff", "Completed"}, restarts: 1,
			severity: notWell(), mention: [][]string{{"startup"}}, never: []string{"oom", "liveness"},
		},
		{
			name:     "still-starting",
			manifest: pod(sleeps, probe("startupProbe", "[sh, -c, \"exit 1\"]", ", failureThreshold: 600"), ""),
			settled:  eventSays("Unhealthy"),
			severity: []string{"info", "warning", "error"}, mention: [][]string{{"startup"}},
		},
		{
			name:     "readiness-gate",
			manifest: pod(sleeps, "", "  readinessGates: [{conditionType: example.com/in-rotation}]\n"),
			status:   []string{"Running"}, severity: []string{"info", "warning", "error"}, mention: [][]string{{"gate"}, {"example.com/in-rotation"}},
		},
	}
}
