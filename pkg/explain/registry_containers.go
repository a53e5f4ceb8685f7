package explain

// crashReasons documents the reasons about how containers come down.
func crashReasons() []Entry {
	return []Entry{
		{Term: idAppExits, Short: "the application ended by itself with an exit code that is not 0", Next: "read the log of the instance that ended: kubectl logs POD -c CONTAINER --previous", Rules: words("K201 K210 K287"), Seen: listed("Error,CrashLoopBackOff")},
		{Term: idEndsWithZero, Short: "the application ends with exit code 0, but its pod restarts it whatever it returns", Next: "run it as a Job, or keep the server in the foreground", Rules: words("K212"), Seen: listed("Completed,CrashLoopBackOff")},
		{Term: idExit126, Short: "a shell could not execute a file that exists", Next: "set the execute bit, and check the CPU architecture", Rules: words("K287"), Seen: listed("126")},
		{Term: idExit127, Short: "a shell did not find the command, or a library is missing", Next: "check command, PATH and the image", Rules: words("K287"), Seen: listed("127")},
		{Term: idExitSignal, Short: "a signal ended the process; the exit code is 128 plus its number", Next: "look at the log, and at a core dump or a stack trace in it", Rules: words("K288"), Seen: listed("134,139")},
		{Term: idKilled137, Short: "the process got a SIGKILL and nothing says from whom", Next: "look at node events; it was no memory kill that the runtime noticed", Rules: words("K288"), Seen: listed("137")},
		{Term: idExit143, Short: "the process was asked to stop (SIGTERM) and has no exit code of its own for that", Next: "handle SIGTERM and exit with 0 if a stop is no error", Rules: words("K91"), Seen: listed("143")},
		{Term: idStoppedFromOutside, Short: "the container was stopped by a deletion, an eviction or a shutdown", Next: "look at who ended the pod", Rules: words("K91"), Seen: listed("Killing")},
		{Term: idOOMKilled, Short: "the container used more memory than its limit allows and the kernel killed it", Next: "raise the limit, or make the application use less (heap size, caches, memory-backed volumes)", Rules: words("K287 K288"), Seen: listed("OOMKilled")},
		{Term: idOOMNode, Short: "the node ran out of memory and the kernel chose this container, which has no limit of its own", Next: "set requests and limits that fit, or give the node more memory", Rules: words("K287"), Seen: listed("OOMKilled,SystemOOM")},
		{Term: idLivenessKills, Short: "the kubelet kills the container because its liveness probe fails", Next: "fix what the probe asks, give it more time (startupProbe), or ask less of it", Rules: words("K139 K147 K218"), Seen: listed("Killing,Unhealthy")},
		{Term: idStartupKills, Short: "the kubelet kills the container because its startup probe does not succeed in time", Next: "raise failureThreshold times periodSeconds above the slowest start", Rules: words("K135 K147"), Seen: listed("Killing,Unhealthy")},
		{Term: idStatusUnknown, Short: "the kubelet lost track of the container; its exit code 137 is made up", Next: "look for a node reboot or a lost runtime state", Rules: words("K281 K283 K83"), Seen: listed("ContainerStatusUnknown")},
		{Term: idLostWithNode, Short: "the container went down together with its node or the container runtime", Next: "once is harmless; if it repeats, look at the node", Rules: words("K287"), Seen: listed("Unknown")},
		{Term: idBackOff, Short: "the kubelet waits before the next start, longer after each end: 10s doubling up to 5m", Next: "solve the cause of the end; the wait resets after 10 minutes of running", Rules: words("K210 K211 K214"), Seen: listed("CrashLoopBackOff,BackOff")},
	}
}

// startReasons documents the reasons about why containers do not start.
func startReasons() []Entry {
	return []Entry{
		{Term: idStartError, Short: "the container runtime could not start the container's first process", Next: "read the runtime's message", Rules: words("K122"), Seen: listed("StartError,RunContainerError,ContainerCannotRun")},
		{Term: idCommandNotFound, Short: "the command of the container does not exist in its image", Next: "correct command or image, or the #! line of a script", Rules: words("K122"), Seen: listed("StartError,RunContainerError")},
		{Term: idCommandPermission, Short: "the command of the container may not be executed", Next: "set the execute bit in the image, or run as a user who may", Rules: words("K122"), Seen: listed("StartError,RunContainerError")},
		{Term: idExecFormat, Short: "the command is built for another CPU architecture, or is a script without a #! line", Next: "build the image for the node's architecture, or select nodes that fit", Rules: words("K122"), Seen: listed("StartError,RunContainerError")},
		{Term: idWorkingDir, Short: "the working directory does not exist in the image or may not be entered", Next: "correct workingDir", Rules: words("K122"), Seen: listed("StartError")},
		{Term: idMountConflict, Short: "a mount does not fit the image: a file over a directory or the reverse", Next: "correct mountPath or subPath", Rules: words("K122"), Seen: listed("StartError")},
		{Term: idUserUnknown, Short: "the user that the container should run as does not exist in the image", Next: "use a number in runAsUser", Rules: words("K122"), Seen: listed("StartError,CreateContainerError")},
		{Term: idMemoryTooSmall, Short: "the memory limit is too low even for the first process", Next: "raise the limit", Rules: words("K122"), Seen: listed("StartError")},
		{Term: idConfigError, Short: "the container's configuration cannot be put together", Next: "read the message", Rules: words("K120"), Seen: listed("CreateContainerConfigError")},
		{Term: idConfigMapMissing, Short: "a ConfigMap that an environment variable refers to does not exist", Next: "create it in the pod's namespace, or mark the reference optional", Rules: words("K120"), Seen: listed("CreateContainerConfigError")},
		{Term: idSecretMissing, Short: "a Secret that an environment variable refers to does not exist", Next: "create it in the pod's namespace, or mark the reference optional", Rules: words("K120"), Seen: listed("CreateContainerConfigError")},
		{Term: idKeyMissing, Short: "a ConfigMap or Secret exists but lacks the key that is asked for", Next: "add the key, or correct its name", Rules: words("K120 K107"), Seen: listed("CreateContainerConfigError,FailedMount")},
		{Term: idConfigSync, Short: "the kubelet could not fetch a ConfigMap or Secret yet", Next: "wait; if it stays, look at the connection between node and API server", Rules: words("K120"), Seen: listed("CreateContainerConfigError")},
		{Term: idRunAsNonRoot, Short: "runAsNonRoot is set, but the image runs as root or as a user with a name", Next: "give the image a numeric USER, or set runAsUser", Rules: words("K120"), Seen: listed("CreateContainerConfigError")},
		{Term: idSubPath, Short: "a subPath mount cannot be prepared", Next: "check that the path exists in the volume", Rules: words("K120"), Seen: listed("CreateContainerConfigError")},
		{Term: idCreateError, Short: "the runtime refuses to create the container", Next: "read the message", Rules: words("K120"), Seen: listed("CreateContainerError,PreCreateHookError,PreStartHookError")},
		{Term: idNoCommand, Short: "neither the pod nor the image says what to run", Next: "set command", Rules: words("K120"), Seen: listed("CreateContainerError")},
		{Term: idRuntimeSlow, Short: "the node's container runtime hangs or is overloaded", Next: "look at the node's disk and runtime", Rules: words("K120"), Seen: listed("CreateContainerError")},
		{Term: idPostStartFails, Short: "the postStart hook fails, so the kubelet kills the container", Next: "make the hook tolerant, and check that its program is in the image", Rules: words("K124"), Seen: listed("PostStartHookError,FailedPostStartHook")},
		{Term: idPostStartBlocks, Short: "a postStart hook does not return and holds up everything after it", Next: "give the hook a time limit of its own, or use an init container", Rules: words("K119 K124"), Seen: listed("ContainerCreating,PodInitializing")},
	}
}

// imageReasonPages documents the reasons about images.
func imageReasonPages() []Entry {
	return []Entry{
		{Term: idImagePull, Short: "the image cannot be pulled", Next: "read the pull's events", Rules: words("K123 K127 K128"), Seen: listed("ErrImagePull,ImagePullBackOff")},
		{Term: idImageNotFound, Short: "the registry does not have this image or tag", Next: "correct the name, or push the image", Rules: words("K123"), Seen: listed("ErrImagePull,ImagePullBackOff")},
		{Term: idImageDenied, Short: "the registry refuses access, or hides that the image does not exist", Next: "check name, pull secret and rights", Rules: words("K123"), Seen: listed("ErrImagePull,ImagePullBackOff")},
		{Term: idPullSecret, Short: "the pull secret that the pod names does not exist in its namespace", Next: "create the Secret in that namespace", Rules: words("K123"), Seen: listed("FailedToRetrieveImagePullSecret")},
		{Term: idRegistryDNS, Short: "the registry's name does not resolve", Next: "check the name and the node's DNS", Rules: words("K123"), Seen: listed("ErrImagePull,ImagePullBackOff")},
		{Term: idRegistryDown, Short: "the registry does not answer", Next: "check the network between node and registry", Rules: words("K123"), Seen: listed("ErrImagePull,ImagePullBackOff,RegistryUnavailable")},
		{Term: idRegistryTLS, Short: "the registry's certificate or protocol is refused", Next: "install its CA on the nodes", Rules: words("K123"), Seen: listed("ErrImagePull,ImagePullBackOff")},
		{Term: idRateLimit, Short: "the registry's rate limit is reached", Next: "authenticate, use a mirror, or wait", Rules: words("K123"), Seen: listed("ErrImagePull,ImagePullBackOff")},
		{Term: idPullThrottled, Short: "the kubelet's own pull rate is exceeded", Next: "wait", Rules: words("K126"), Seen: listed("ErrImagePull")},
		{Term: idImageNoSpace, Short: "the node's disk is full", Next: "free disk space", Rules: words("K123"), Seen: listed("ErrImagePull")},
		{Term: idPlatform, Short: "the image has no variant for the node's platform", Next: "build it for that architecture", Rules: words("K123"), Seen: listed("ErrImagePull")},
		{Term: idImageName, Short: "the image name cannot be parsed", Next: "correct it; it never heals", Rules: words("K123"), Seen: listed("InvalidImageName,InspectFailed")},
		{Term: idNeverPull, Short: "the image is not on the node and the pull policy forbids pulling it", Next: "load it into the node, or change imagePullPolicy", Rules: words("K123"), Seen: listed("ErrImageNeverPull")},
		{Term: idImageSignature, Short: "the image's signature is not accepted", Next: "sign the image or change the policy", Rules: words("K123"), Seen: listed("SignatureValidationFailed")},
		{Term: idImageInspect, Short: "the node's runtime cannot inspect the image", Next: "look at the node's image store", Rules: words("K123"), Seen: listed("ImageInspectError")},
		{Term: idPulling, Short: "the image is being pulled; that takes its time", Next: "wait", Rules: words("K119 K126"), Seen: listed("Pulling")},
	}
}

// initReasons documents the reasons about init containers and sidecars.
func initReasons() []Entry {
	return []Entry{
		{Term: idInitRunning, Short: "an init container has not ended; everything after it waits", Next: "read its log: what does it wait for?", Rules: words("K114"), Seen: listed("PodInitializing")},
		{Term: idSidecarNotStarted, Short: "a sidecar has not passed its startup probe; nothing after it starts", Next: "read the sidecar's log", Rules: words("K116"), Seen: listed("PodInitializing")},
	}
}

// probeReasons documents the reasons about probes.
func probeReasons() []Entry {
	return []Entry{
		{Term: idStartupPending, Short: "the startup probe has not succeeded yet", Next: "wait, up to failureThreshold times periodSeconds", Rules: words("K135"), Seen: listed("Unhealthy")},
		{Term: idReadinessFailing, Short: "the readiness probe of a running container fails", Next: "check port, path and scheme, and the application's log", Rules: words("K136 K140"), Seen: listed("Unhealthy,ContainersNotReady")},
		{Term: idReadinessGate, Short: "all containers are ready, but a readiness gate is not", Next: "look at the controller behind the gate", Rules: words("K145 K274"), Seen: listed("ReadinessGatesNotReady")},
	}
}
