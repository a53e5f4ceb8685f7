package e2e

func crashStates() []state {
	return []state{
		{
			name:     "crash-exit1",
			manifest: deployment(2, "", `[sh, -c, "sleep 1; exit 1"]`, "", ""),
			status:   []string{"CrashLoopBackOff", "Error"}, restarts: 2,
			subject: "deployment/web", severity: bad(),
			mention: [][]string{{"exit code 1", "exit 1", "exited with 1", "code 1"}, {"crash", "back-off", "restart"}},
			never:   []string{"oom", "oomkilled"},
		},
		{
			name:     "crash-exit0",
			manifest: pod(`[sh, -c, "sleep 1"]`, "", ""),
			status:   []string{"CrashLoopBackOff", "Completed"}, restarts: 2,
			severity: notWell(),
			mention:  [][]string{{"exit code 0", "exit 0", "successfully", "code 0", "exited with 0", "completed"}},
			never:    []string{"oom", "oomkilled"},
		},
		{
			name:     "crash-segfault",
			manifest: pod(`[sh, -c, "sh -c 'kill -SEGV $$$$' ; exit $?"]`, "", ""),
			status:   []string{"CrashLoopBackOff", "Error"}, restarts: 1,
			severity: bad(), mention: [][]string{{"139", "sigsegv", "segv"}},
			never: []string{"oom", "oomkilled"},
		},
		{
			name:     "oom",
			manifest: pod(`[sh, -c, "sleep 1; tail /dev/zero"]`, "    resources: {limits: {memory: 24Mi}}\n", ""),
			status:   []string{"OOMKilled", "CrashLoopBackOff"}, restarts: 1,
			severity: bad(), mention: [][]string{{"oom", "memory"}, {"24mi", "limit"}}, never: []string{"liveness"},
		},
		{
			name:     "start-error",
			manifest: pod(`[/no/such/program]`, "", ""),
			status:   []string{"RunContainerError", "CrashLoopBackOff", "StartError"}, restarts: 1,
			severity: bad(), mention: [][]string{{"no such file", "not found", "does not exist"}, {"entrypoint", "command", "/no/such"}},
			never: []string{"oom", "oomkilled", "permission"},
		},
		{
			name:     "error-never-restarted",
			manifest: pod(`[sh, -c, "exit 42"]`, "", "  restartPolicy: Never\n"),
			status:   []string{"Error"}, severity: notWell(), mention: [][]string{{"42"}},
			never: []string{"oom", "oomkilled", "back-off"},
		},
		{
			name:     "one-of-two-crashes",
			manifest: pod(sleeps, "", "") + box("worker", `[sh, -c, "sleep 1; exit 7"]`, ""),
			status:   []string{"CrashLoopBackOff", "Error"}, restarts: 2,
			severity: bad(), mention: [][]string{{"worker"}, {"code 7", "exit 7", "exited with 7"}},
		},
		{
			name:     "poststart-fails",
			manifest: pod(sleeps, "    lifecycle: {postStart: {exec: {command: [sh, -c, \"exit 3\"]}}}\n", ""),
			status:   []string{"PostStartHookError", "CrashLoopBackOff", "Completed"}, restarts: 1,
			severity: bad(), mention: [][]string{{"poststart"}},
			never: []string{"oom", "oomkilled"},
		},
	}
}
