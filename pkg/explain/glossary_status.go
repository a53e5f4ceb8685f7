package explain

// statusEntries are what kubectl prints under STATUS and the kubelet writes as a reason.
func statusEntries() []Entry {
	return []Entry{
		{Term: "CrashLoopBackOff", Kind: "status", Short: "a container ended, and the kubelet waits before it starts it again", Text: "the wait is 0, 10s, 20s, 40s, 80s, 160s, then 5m each time, counted from its end; it resets after 10 minutes of running. It is no cause: the cause is how the container ended (lastState). A program that ends with 0 gets it too", Next: "kubectl logs POD -c CONTAINER --previous", Rules: words("K210 K211 K212")},
		{Term: "ContainerCreating", Kind: "status", Short: "a container waits for volumes, network or its image", Text: "a missing ConfigMap or Secret volume shows here too, not as an error", Next: "look at the pod's events", Rules: words("K106 K107")},
		{Term: "PodInitializing", Kind: "status", Short: "a container waits for the init containers", Next: "look at the init containers", Rules: words("K106")},
		{Term: "ImagePullBackOff", Kind: "status", Short: "pulling an image failed, and the kubelet waits before it tries again", Text: "10s doubling up to 5m; alternates with ErrImagePull", Next: "read the message after \"Back-off pulling image\"", Rules: words("K127 K128")},
		{Term: "ErrImagePull", Kind: "status", Short: "pulling an image failed", Next: "read the message", Rules: words("K123")},
		{Term: "ErrImageNeverPull", Kind: "status", Short: "the image is not on the node and imagePullPolicy Never forbids pulling it", Next: "load the image into the node", Rules: words("K123")},
		{Term: "InvalidImageName", Kind: "status", Short: "the image name cannot be parsed; it never heals", Next: "correct the name", Rules: words("K123")},
		{Term: "CreateContainerConfigError", Kind: "status", Short: "the container's configuration cannot be put together", Text: "a ConfigMap, Secret or key for an environment variable is missing, or runAsNonRoot is violated", Next: "read the waiting message", Rules: words("K120 K430")},
		{Term: "CreateContainerError", Kind: "status", Short: "the runtime refuses to create the container", Next: "read the waiting message", Rules: words("K120")},
		{Term: "RunContainerError", Kind: "status", Short: "the runtime created the container but cannot start its first process", Text: "wrong command, wrong architecture, bad mount", Next: "read the waiting message", Rules: words("K120 K122")},
		{Term: "PostStartHookError", Kind: "status", Short: "the postStart hook failed, so the kubelet killed the container", Rules: words("K124")},
		{Term: "StartError", Kind: "status", Short: "the first process could not be started (exit code 128, no start time)", Rules: words("K122 K287")},
		{Term: "OOMKilled", Kind: "status", Short: "the kernel killed a process of the container for memory", Text: "at the container's limit, or because the node ran out; it can come with any exit code", Next: "raise the limit or use less", Rules: words("K287 K288")},
		{Term: "Error", Kind: "status", Short: "a container ended with an exit code that is not 0", Rules: words("K287")},
		{Term: "ContainerStatusUnknown", Kind: "status", Short: "the kubelet lost track of the container; its exit code 137 is made up", Rules: words("K283 K83")},
		{Term: "NotReady", Kind: "status", Short: "under STATUS: a container has completed, another one runs, and the pod is not ready", Text: "typical for a Job whose helper container does not end", Rules: words("K343")},
		{Term: "Evicted", Kind: "status", Short: "the kubelet ended the pod because the node was short of something, or the pod exceeded a limit of its own", Text: "if its containers have statuses, STATUS shows theirs instead", Rules: words("K63 K347")},
		{Term: "Preempting", Kind: "status", Short: "the kubelet ended the pod in favour of a critical one", Rules: words("K69")},
		{Term: "DeadlineExceeded", Kind: "status", Short: "pod or Job were active longer than activeDeadlineSeconds", Rules: words("K73 C205")},
		{Term: "SchedulingGated", Kind: "status", Short: "scheduling gates keep the scheduler from looking at the pod", Rules: words("C387")},
		{Term: "Unschedulable", Kind: "status", Short: "no node takes the pod", Rules: words("C380")},
		{Term: "Terminated", Kind: "status", Short: "as a pod's reason: its node was shut down", Rules: words("K68")},
		{Term: "NodeLost", Kind: "status", Short: "an old reason for pods of lost nodes; no longer written", Rules: words("K305 C333")},
		{Term: "NodeAffinity", Kind: "status", Short: "the kubelet refused the pod: the node's labels do not match (any more)", Rules: words("K301")},
		{Term: "OutOfcpu", Kind: "status", Short: "the kubelet refused the pod: not enough cpu on the node", Rules: words("K301")},
		{Term: "OutOfmemory", Kind: "status", Short: "the kubelet refused the pod: not enough memory on the node", Rules: words("K301")},
		{Term: "OutOfpods", Kind: "status", Short: "the kubelet refused the pod: the node runs as many pods as it may", Rules: words("K301")},
		{Term: "UnexpectedAdmissionError", Kind: "status", Short: "the kubelet refused the pod, usually because of devices", Rules: words("K301")},
		{Term: "Init:N/M", Kind: "status", Short: "N of M init containers are done; the next one runs or waits", Rules: words("K341")},
		{Term: "Init:CrashLoopBackOff", Kind: "status", Short: "an init container ends with an error again and again", Rules: words("K341")},
		{Term: "Init:Error", Kind: "status", Short: "an init container ended with an error", Rules: words("K341")},
		{Term: "BackOff", Kind: "status", Short: "event: the kubelet waits before it starts a container or pulls an image again", Rules: words("K214 K128")},
		{Term: "Unhealthy", Kind: "status", Short: "event: a probe failed; during start-up that is normal", Rules: words("K141")},
		{Term: "Killing", Kind: "status", Short: "event: the kubelet stops a container; the message tells why", Rules: words("K90 K147")},
		{Term: "FailedScheduling", Kind: "status", Short: "event: no node takes the pod; the message counts the nodes by reason", Rules: words("C382")},
		{Term: "FailedMount", Kind: "status", Short: "event: a volume could not be mounted", Rules: words("K107")},
		{Term: "FailedCreate", Kind: "status", Short: "event of a controller: a pod could not be created", Rules: words("C67")},
		{Term: "FailedKillPod", Kind: "status", Short: "event: the runtime could not stop the pod", Rules: words("K33")},
		{Term: "FailedPreStopHook", Kind: "status", Short: "event: the preStop hook failed; the stop signal came at once", Rules: words("K37")},
		{Term: "FailedPostStartHook", Kind: "status", Short: "event: the postStart hook failed", Rules: words("K124")},
		{Term: "FailedCreatePodSandBox", Kind: "status", Short: "event: the pod's network could not be set up", Rules: words("K108")},
		{Term: "ProgressDeadlineExceeded", Kind: "status", Short: "a rollout made no progress for longer than progressDeadlineSeconds; nothing is rolled back", Rules: words("C65 C66")},
		{Term: "BackoffLimitExceeded", Kind: "status", Short: "more pods of a Job failed than its backoffLimit allows", Rules: words("C189")},
	}
}

// stateEntry is the sentence about a waiting reason.
func stateEntry(reason string) (string, bool) {
	for _, e := range statusEntries() {
		if e.Term == reason {
			return e.Short, true
		}
	}
	return "", false
}
