package explain

// volumeReasons documents the reasons about volumes.
func volumeReasons() []Entry {
	return []Entry{
		{Term: idMountFails, Short: "a volume cannot be mounted", Next: "read the event", Rules: words("K107"), Seen: listed("FailedMount")},
		{Term: idMountTimeout, Short: "a volume was not attached and mounted in time", Next: "look at the storage driver and at other events of the pod", Rules: words("K107"), Seen: listed("FailedMount")},
		{Term: idMountCommand, Short: "the mount command fails on the node", Next: "check server, path and rights of the volume", Rules: words("K107"), Seen: listed("FailedMount")},
		{Term: idVolumeObject, Short: "a volume refers to a ConfigMap or Secret that does not exist", Next: "create it, or mark the volume optional", Rules: words("K107 K430"), Seen: listed("FailedMount,ContainerCreating")},
		{Term: idHostPath, Short: "a hostPath is not what its type says", Next: "create the path on the node, or change the type", Rules: words("K107"), Seen: listed("FailedMount")},
		{Term: idCSIMissing, Short: "the CSI driver of a volume is not there on the node", Next: "check the driver's node pods", Rules: words("K107"), Seen: listed("FailedMount")},
		{Term: idPVCMount, Short: "a PersistentVolumeClaim cannot be used", Next: "look at the claim", Rules: words("K107"), Seen: listed("FailedMount")},
		{Term: idMultiAttach, Short: "a volume that can be on one node only is still on another one", Next: "end the other pod; use strategy Recreate", Rules: words("C352"), Seen: listed("FailedAttachVolume")},
		{Term: idPVCMissing, Short: "a PersistentVolumeClaim that the pod uses does not exist", Next: "create it, or correct its name", Rules: words("C384"), Seen: listed("FailedScheduling")},
		{Term: idPVCUnbound, Short: "a PersistentVolumeClaim has no volume", Next: "check its storage class and the provisioner", Rules: words("C384 C388"), Seen: listed("FailedScheduling,ProvisioningFailed")},
		{Term: idPVCDeleting, Short: "a PersistentVolumeClaim of the pod is being deleted", Next: "make a new claim", Rules: words("C384"), Seen: listed("FailedScheduling")},
		{Term: idPVCPending, Short: "a PersistentVolumeClaim is not ready to be used", Next: "look at the claim", Rules: words("C384"), Seen: listed("FailedScheduling")},
	}
}

// sandboxReasons documents the reasons about the network of pods.
func sandboxReasons() []Entry {
	return []Entry{
		{Term: idSandbox, Short: "the pod's sandbox cannot be created", Next: "read the event", Rules: words("K108"), Seen: listed("FailedCreatePodSandBox")},
		{Term: idCNI, Short: "the pod's network cannot be set up by the CNI plugin", Next: "look at the network pods of the node", Rules: words("K108"), Seen: listed("FailedCreatePodSandBox")},
		{Term: idNoAddress, Short: "the node's network has no free IP address", Next: "extend the range, or free addresses", Rules: words("K108"), Seen: listed("FailedCreatePodSandBox")},
		{Term: idNetworkNotReady, Short: "the network of the node is not ready", Next: "look at the network pods of the node", Rules: words("K108"), Seen: listed("NetworkNotReady")},
		{Term: idRuntimeClass, Short: "the node does not know the pod's runtime class", Next: "configure the handler on the node", Rules: words("K108"), Seen: listed("FailedCreatePodSandBox")},
		{Term: idDRA, Short: "a dynamic resource claim cannot be satisfied or prepared", Next: "look at the ResourceClaim and its driver", Rules: words("K108 C384"), Seen: listed("FailedPrepareDynamicResources,FailedScheduling")},
	}
}

// podReasons documents the reasons about pods as a whole.
func podReasons() []Entry {
	return []Entry{
		{Term: idNotReadyYet, Short: "the pod is on its way and nothing wrong was seen", Next: "wait", Rules: words("K106"), Seen: listed("ContainerCreating")},
		{Term: idLegacySidecar, Short: "an ordinary container keeps a pod from finishing after the others have completed", Next: "make it a sidecar (an init container with restartPolicy Always)", Rules: words("K261"), Seen: listed("NotReady")},
		{Term: idRestartedBefore, Short: "a container that does well now was restarted before", Next: "nothing, or read the earlier log", Rules: words("K212 K217"), Seen: listed("Running")},
		{Term: idFailedUnknown, Short: "the pod failed and nothing that is left says why", Next: "look at events and logs elsewhere", Rules: words("K261"), Seen: listed("Failed")},
		{Term: idNodeNotReady, Short: "the pod's node is not ready or does not report any more", Next: "look at the node", Rules: words("C331 C332 C333"), Seen: listed("NodeNotReady,NodeStatusUnknown")},
		{Term: idNodeGone, Short: "the pod's node does not exist any more", Next: "wait for the pod garbage collector", Rules: words("C351"), Seen: listed("DeletionByPodGC")},
		{Term: idResizeDeferred, Short: "an in-place resize fits the node in principle, but not now", Next: "wait, or free resources on the node", Rules: words("K250 K251"), Seen: listed("ResizeDeferred,Deferred")},
		{Term: idResizeInfeasible, Short: "an in-place resize cannot be done on this node", Next: "ask for less, or move the pod", Rules: words("K250"), Seen: listed("ResizeInfeasible,Infeasible")},
		{Term: idResizeRunning, Short: "an in-place resize is being carried out", Next: "wait", Rules: words("K250"), Seen: listed("PodResizeInProgress")},
	}
}

// scheduleReasons documents the reasons about scheduling.
func scheduleReasons() []Entry {
	return []Entry{
		{Term: idUnschedulable, Short: "no node takes the pod", Next: "read the scheduler's message", Rules: words("C380 C384"), Seen: listed("Unschedulable,FailedScheduling")},
		{Term: idNoNodes, Short: "the cluster has no node", Next: "add one", Rules: words("C382"), Seen: listed("FailedScheduling")},
		{Term: idInsufficient, Short: "the nodes do not have as much free as the pod requests", Next: "lower requests, free capacity or add nodes", Rules: words("C384"), Seen: listed("Insufficient cpu,Insufficient memory")},
		{Term: idTooLarge, Short: "the pod requests more than any node has", Next: "lower the request, or add a larger node", Rules: words("C384"), Seen: listed("Insufficient cpu,Insufficient memory")},
		{Term: idNoDevice, Short: "no node offers the device that the pod requests", Next: "check the device plugin", Rules: words("C384"), Seen: listed("Insufficient")},
		{Term: idTooManyPods, Short: "the nodes run as many pods as their kubelets allow", Next: "add nodes", Rules: words("C384"), Seen: listed("Too many pods")},
		{Term: idTaint, Short: "nodes have taints that the pod does not tolerate", Next: "add a toleration, or remove the taint", Rules: words("C384"), Seen: listed("untolerated taint")},
		{Term: idNodeSelector, Short: "no node matches the pod's node selector or node affinity", Next: "correct the labels or the selector", Rules: words("C384"), Seen: listed("node affinity/selector")},
		{Term: idCordoned, Short: "nodes are cordoned", Next: "kubectl uncordon, when the maintenance is over", Rules: words("C384"), Seen: listed("unschedulable")},
		{Term: idAntiAffinity, Short: "pods that exclude each other are on all nodes", Next: "add nodes, or soften the rule", Rules: words("C384"), Seen: listed("anti-affinity")},
		{Term: idPodAffinity, Short: "no node runs a pod that the pod affinity asks for", Next: "start that pod first, or soften the rule", Rules: words("C384"), Seen: listed("pod affinity")},
		{Term: idSpread, Short: "placing the pod would violate a topology spread constraint", Next: "add nodes in the missing domain, or use ScheduleAnyway", Rules: words("C384"), Seen: listed("topology spread")},
		{Term: idHostPort, Short: "a host port is taken on the nodes", Next: "use a Service, or maxSurge 0", Rules: words("C384"), Seen: listed("free ports")},
		{Term: idVolumeZone, Short: "a volume can be reached from other nodes only", Next: "add a node in the volume's zone", Rules: words("C384"), Seen: listed("volume node affinity conflict")},
		{Term: idNoVolume, Short: "no persistent volume fits a claim", Next: "create one, or change the claim", Rules: words("C384"), Seen: listed("persistent volumes to bind")},
		{Term: idVolumeGone, Short: "a claim is bound to a volume that does not exist", Next: "restore the volume, or make a new claim", Rules: words("C384"), Seen: listed("non-existent persistentvolume")},
		{Term: idVolumeInUse, Short: "a volume is in use by another pod", Next: "end the other pod", Rules: words("C384"), Seen: listed("ReadWriteOncePod")},
		{Term: idVolumeLimit, Short: "nodes have as many volumes attached as they may", Next: "add nodes", Rules: words("C384"), Seen: listed("max volume count")},
		{Term: idNodeName, Short: "the node that the pod names does not exist", Next: "correct spec.nodeName", Rules: words("C384"), Seen: listed("requested node name")},
		{Term: idGated, Short: "scheduling gates keep the scheduler from looking at the pod", Next: "ask whoever set the gate", Rules: words("C387"), Seen: listed("SchedulingGated")},
		{Term: idNoScheduler, Short: "no scheduler has looked at the pod", Next: "check schedulerName, and that the scheduler runs", Rules: words("C381"), Seen: listed("Pending")},
		{Term: idSchedulerError, Short: "the scheduler failed on the pod", Next: "look at the scheduler's log", Rules: words("C380"), Seen: listed("SchedulerError")},
		{Term: idNominated, Short: "a node is being freed for the pod by preemption", Next: "wait for the grace periods of the pods that go", Rules: words("C386"), Seen: listed("nominatedNodeName")},
	}
}

// endReasons documents the reasons about the end of pods.
func endReasons() []Entry {
	return []Entry{
		{Term: idTerminating, Short: "the pod is being deleted and is within its grace period", Next: "wait", Rules: words("K22 K33"), Seen: listed("Terminating")},
		{Term: idOverdue, Short: "the grace period is over and the pod is still there, without a visible cause", Next: "look at node and runtime", Rules: words("K80"), Seen: listed("Terminating")},
		{Term: idFinalizer, Short: "a finalizer holds an object that is otherwise gone", Next: "repair the controller behind it; remove it by hand only if that is gone for good", Rules: words("K86"), Seen: listed("Terminating")},
		{Term: idNodeLostTerminating, Short: "a deleted pod cannot end because its node does not report any more", Next: "bring the node back, or prove that it is off and taint it out-of-service", Rules: words("C340 K75"), Seen: listed("Terminating")},
		{Term: idCannotKill, Short: "the container runtime cannot stop a container", Next: "look at the node: processes in state D, the runtime", Rules: words("K33"), Seen: listed("FailedKillPod")},
		{Term: idTearDown, Short: "the containers have ended, but volumes or cgroups are not cleaned up", Next: "look at the storage driver and the kubelet's log", Rules: words("K82"), Seen: listed("Terminating")},
		{Term: idPreStopFails, Short: "the preStop hook failed; the stop signal comes without its delay", Next: "use preStop.sleep, or a program that the image has", Rules: words("K37"), Seen: listed("FailedPreStopHook")},
		{Term: idEvictedByAPI, Short: "the pod was evicted through the API, as kubectl drain does", Next: "nothing; its controller makes another one", Rules: words("C294"), Seen: listed("EvictionByEvictionAPI")},
		{Term: idPreempted, Short: "the scheduler removed the pod in favour of one of higher priority", Next: "raise its priority, or add capacity", Rules: words("C386"), Seen: listed("PreemptionByScheduler,Preempted")},
		{Term: idTaintEvicted, Short: "the pod was deleted because of a NoExecute taint of its node", Next: "look at the node", Rules: words("C338"), Seen: listed("DeletionByTaintManager,TaintManagerEviction")},
		{Term: idPodGC, Short: "the pod garbage collector removed the pod", Next: "look at its node", Rules: words("C351"), Seen: listed("DeletionByPodGC")},
		{Term: idKubeletTerminates, Short: "the kubelet ended the pod to protect the node", Next: "read the message", Rules: words("K275"), Seen: listed("TerminationByKubelet")},
		{Term: idDisrupted, Short: "the pod was ended from outside", Next: "read the condition", Rules: words("K275"), Seen: listed("DisruptionTarget")},
		{Term: idEvictedNode, Short: "the kubelet evicted the pod because its node was short of a resource", Next: "set requests that fit; look at the node's disk or memory", Rules: words("K62 K63 K64"), Seen: listed("Evicted")},
		{Term: idEvictedOwnLimit, Short: "the kubelet evicted the pod because it exceeded a disk limit of its own", Next: "raise the limit, or write less", Rules: words("K60 K64"), Seen: listed("Evicted")},
		{Term: idEvictedCompleted, Short: "the pod was ended from outside but shows Completed, because all its containers returned 0", Next: "do not read it as success", Rules: words("K81"), Seen: listed("Completed")},
		{Term: idRejectedPressure, Short: "the kubelet refused the pod because its node is short of resources", Next: "wait for the pressure to pass", Rules: words("K304"), Seen: listed("Evicted")},
		{Term: idNodeShutdown, Short: "the node was shut down", Next: "delete the leftover", Rules: words("K66 K68"), Seen: listed("Terminated,NodeShutdown")},
		{Term: idKubeletPreempts, Short: "the kubelet ended the pod in favour of a critical one", Next: "add capacity to the node", Rules: words("K69"), Seen: listed("Preempting")},
		{Term: idPodDeadline, Short: "the pod was active longer than its activeDeadlineSeconds", Next: "raise it, or look where the time went", Rules: words("K73"), Seen: listed("DeadlineExceeded")},
		{Term: idRejected, Short: "the kubelet refused the pod", Next: "read the message; the controller makes another pod", Rules: words("K300 K301"), Seen: listed("UnexpectedAdmissionError")},
		{Term: idOutOf, Short: "the kubelet found less free than the scheduler had assumed", Next: "usually heals by itself; do not set nodeName", Rules: words("K301"), Seen: listed("OutOfcpu,OutOfmemory,OutOfpods")},
		{Term: idRejectedAffinity, Short: "the kubelet found that the node does not fit the pod (any more)", Next: "restore the label; delete the leftover", Rules: words("K301"), Seen: listed("NodeAffinity,NodeName,NodePorts,TaintToleration")},
		{Term: idRejectedDevice, Short: "the kubelet could not give the pod its devices", Next: "look at the device plugin", Rules: words("K301"), Seen: listed("UnexpectedAdmissionError")},
	}
}
