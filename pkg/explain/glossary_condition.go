package explain

// conditionEntries are the conditions of pods and workloads.
func conditionEntries() []Entry {
	return []Entry{
		{Term: "PodScheduled", Kind: "condition", Short: "a node was chosen for the pod", Text: "False: Unschedulable, SchedulingGated or SchedulerError; then the scheduler's message tells why", Rules: words("K276 C380")},
		{Term: "PodReadyToStartContainers", Kind: "condition", Short: "the pod's sandbox and network stand, and its volumes are mounted", Text: "turns False again after the pod's end", Rules: words("K271")},
		{Term: "Initialized", Kind: "condition", Short: "all init containers have done their work and all sidecars have started", Rules: words("K272")},
		{Term: "ContainersReady", Kind: "condition", Short: "all containers of the pod are ready", Text: "False with PodCompleted or PodFailed after the end is as it should be", Rules: words("K273"), Seen: listed("ContainersNotReady,PodCompleted,PodFailed")},
		{Term: "Ready", Kind: "condition", Short: "all containers are ready and all readiness gates are passed: Services send traffic to the pod", Text: "False without a reason: the node controller set it, because the node does not report", Rules: words("K274 C332")},
		{Term: "DisruptionTarget", Kind: "condition", Short: "the pod is, or was, ended from outside: evicted, preempted, or removed with its node", Text: "its reason tells by whom", Rules: words("K275 C295")},
		{Term: "PodResizePending", Kind: "condition", Short: "an in-place resize was asked for and is not carried out", Text: "Deferred: not now; Infeasible: not on this node", Rules: words("K250")},
		{Term: "PodResizeInProgress", Kind: "condition", Short: "an in-place resize is being carried out", Text: "reason Error: it failed", Rules: words("K250")},
		{Term: "AllContainersRestarting", Kind: "condition", Short: "all containers of the pod are being restarted in place, by a restart rule", Rules: words("K240")},
		{Term: "Available", Kind: "condition", Short: "a Deployment has at least as many available pods as it needs", Rules: words("C62")},
		{Term: "Progressing", Kind: "condition", Short: "a Deployment's rollout moves, or is finished", Text: "False with ProgressDeadlineExceeded: it did not move in time; it stays True when pods of a finished rollout break later", Rules: words("C64 C66")},
		{Term: "ReplicaFailure", Kind: "condition", Short: "pods cannot be created or deleted", Text: "its message may be old: the newest is in the FailedCreate events", Rules: words("C67")},
		{Term: "Complete", Kind: "condition", Short: "a Job has succeeded", Rules: words("C203")},
		{Term: "FailureTarget", Kind: "condition", Short: "a Job will be Failed as soon as its last pods have ended", Rules: words("C203")},
		{Term: "SuccessCriteriaMet", Kind: "condition", Short: "a Job will be Complete as soon as its last pods have ended", Rules: words("C203")},
		{Term: "Suspended", Kind: "condition", Short: "a Job is suspended: it has no pods", Rules: words("C186")},
		{Term: "DisruptionAllowed", Kind: "condition", Short: "a PodDisruptionBudget allows at least one eviction now", Text: "InsufficientPods: no; SyncFailed: it cannot be computed and blocks all", Rules: words("C285")},
		{Term: "MemoryPressure", Kind: "condition", Short: "a node is short of memory", Text: "pods that use more than they request are evicted", Rules: words("K62")},
		{Term: "DiskPressure", Kind: "condition", Short: "a node is short of disk", Text: "pods are evicted, and none that tolerates nothing is placed there", Rules: words("K62")},
		{Term: "PIDPressure", Kind: "condition", Short: "a node is short of process ids", Rules: words("K62")},
		{Term: "NetworkUnavailable", Kind: "condition", Short: "the network of a node is not set up", Rules: words("C335")},
	}
}
