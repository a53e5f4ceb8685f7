package explain

// phaseEntries are the values of a pod's status.phase.
func phaseEntries() []Entry {
	return []Entry{
		{Term: "Pending", Kind: "phase", Short: "the pod was accepted, but not all of its containers have started once", Text: "waits for a node, volumes, network, images or init containers; one container that never started keeps the whole pod Pending", Next: "look at STATUS and events", Rules: words("K261 K262")},
		{Term: "Running", Kind: "phase", Short: "the pod is bound and all of its containers have started at least once", Text: "says nothing about health: a pod in CrashLoopBackOff is Running", Next: "look at READY", Rules: words("K261 K262")},
		{Term: "Succeeded", Kind: "phase", Short: "all containers ended with exit code 0 and none is started again", Text: "a pod that was evicted or shut down may show Succeeded too, if its containers returned 0", Rules: words("K261 K81")},
		{Term: "Failed", Kind: "phase", Short: "all containers have ended and at least one of them failed, or the kubelet ended or refused the pod", Text: "such a pod never runs again; its controller makes another one", Next: "look at status.reason and at the exit codes", Rules: words("K261 K300")},
		{Term: "Unknown", Kind: "phase", Short: "a phase that today's kubelets never set", Text: "the state of a pod on a lost node is told by its Ready condition instead", Next: "look at the node", Rules: words("K267 C333")},
	}
}
