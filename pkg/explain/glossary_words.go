package explain

import "slices"

// wordEntries are the words and field names that the program's sentences are
// written with; Seen are the fields and other names by which they are found too.
func wordEntries() []Entry {
	return slices.Concat(containerStateEntries(), stopWords(), startWords(), containerWords(), rolloutWords(), jobWords(), placeWords(), clusterWords())
}

// term makes an entry; seen is a list of other names, separated by commas.
func term(name, seen, short, text string, rules ...string) Entry {
	return Entry{Term: name, Kind: "word", Short: short, Text: text, Rules: rules, Seen: listed(seen)}
}

// containerStateEntries are the three states of a container in a pod's status.
func containerStateEntries() []Entry {
	state := func(term, short, text, next string, rules ...string) Entry {
		return Entry{Term: term, Kind: "container state", Short: short, Text: text, Next: next, Rules: rules}
	}
	return []Entry{
		state("waiting", "the container does not run and has not ended for good: it is yet to start, or to start again", "its reason says what for: ContainerCreating, PodInitializing, ImagePullBackOff, CrashLoopBackOff, …", "look at its reason and message", "K106"),
		state("running", "the container's first process was started and has not ended", "says nothing about health: that is the container's ready field", ""),
		state("terminated", "the container has ended; exitCode, reason and finishedAt say how and when", "when it is started again this becomes lastState", "look at its exit code and reason", "K287"),
	}
}

func stopWords() []Entry {
	return []Entry{
		term("grace period", "terminationGracePeriodSeconds,deletionGracePeriodSeconds,gracePeriod", "how long a container has to stop before it is killed (SIGKILL); 30s unless the pod says otherwise", "it covers the preStop hook and the time after the stop signal together; at least 2s are left after the hook", "K33"),
		term("preStop", "preStop hook", "a hook that the kubelet runs before it sends a container its stop signal", "its time counts against the grace period; it is cut off when that is over, and it does not run when a container ends by itself", "K33", "K36"),
		term("postStart", "postStart hook", "a hook that the kubelet runs right after a container's process was started", "it has no time limit, and nothing else of the pod starts meanwhile; if it fails the container is killed", "K124"),
		term("hook", "lifecycle,handler,httpGet,tcpSocket", "what the kubelet does for a container at its start (postStart) or before its stop (preStop): a command, an HTTP request or a sleep", ""),
		term("stop signal", "stopSignal,STOPSIGNAL", "the signal that asks a container to end: SIGTERM, unless its image or spec names another one", "after the grace period a SIGKILL follows, which cannot be caught", "K33"),
		term("sidecar", "native sidecar", "an init container with restartPolicy Always: it starts before the application and is stopped after it", "an ordinary second container that people call a sidecar has neither order, and keeps a Job from ending", "K50"),
		term("finalizer", "finalizers", "a mark on an object that keeps it from being removed until a controller has done its part and takes the mark away", "if that controller is gone, the object stays; remove a finalizer by hand only when its work is known to be done"),
		term("deletionTimestamp", "terminating", "set on an object that is being deleted: when its grace period is over", "kubectl prints Terminating for such a pod; its phase does not change", "K344"),
		term("force delete", "force", "removes a pod's object at once (--grace-period=0 --force), while its containers may still run", "of a StatefulSet's pod two may then run at the same time"),
		term("ownerReference", "owner,controller,foreground deletion", "names the object that made this one and looks after it; when the owner is deleted, it goes too", "a bare pod has none: nobody makes it anew"),
	}
}

func startWords() []Entry {
	return []Entry{
		term("liveness probe", "livenessProbe,liveness", "a question the kubelet keeps asking a container; after failureThreshold failures in a row it kills and restarts it", "it is meant for applications that hang and cannot recover, not for those that wait for something else", "K139"),
		term("readiness probe", "readinessProbe,readiness", "a question the kubelet keeps asking a container; while it fails, Services send the pod nothing", "nothing is restarted because of it", "K140"),
		term("startup probe", "startupProbe,startup", "a question the kubelet asks a container until it succeeds once; meanwhile liveness and readiness are not asked", "failureThreshold times periodSeconds is what the application has for its start", "K135"),
		term("periodSeconds", "failureThreshold,timeoutSeconds,initialDelaySeconds,successThreshold,probe,gRPC", "the numbers of a probe: how often it is asked, how long an answer may take, how many failures in a row count, and how long it waits at first", "defaults: every 10s, 1s, 3 failures, no delay"),
		term("readiness gate", "readinessGates,readinessGate", "a condition that somebody else, such as a load balancer's controller, must set True before the pod counts as ready", "", "K274"),
		term("init container", "initContainers", "a container that has to end with exit code 0 before the next one, and then the application, is started", "", "K341"),
		term("sandbox", "pause,CNI,pod sandbox", "the pod's shared part: its network and namespaces, held by a pause container; made before any container", "", "K108"),
		term("image pull", "imagePullPolicy,imagePullSecrets,pull,serializeImagePulls,IfNotPresent", "fetching a container's image to the node; IfNotPresent asks the registry only where the node lacks it, Always each time, Never not at all", "", "K123"),
		term("back-off", "backoff,restart back-off", "the growing wait before the kubelet starts a container, or pulls an image, again", "10s doubling up to 5m; after 10 minutes of running it begins anew", "K210"),
		term("restartPolicy", "OnFailure,Always,Never", "whether the kubelet starts a container again after its end: Always, OnFailure (exit code other than 0) or Never", "", "K201"),
		term("restart rule", "restartPolicyRules", "what a container's own list says about an exit code: restart it, or all containers of the pod", "", "K240"),
		term("termination message", "terminationMessagePath,terminationMessagePolicy", "what a container leaves for the reader at its end, by default in /dev/termination-log; it stands in the pod's status", ""),
	}
}

func containerWords() []Entry {
	return []Entry{
		term("exit code", "exitCode,finishedAt", "the number with which a program ended: 0 is success, 128 and a signal's number means that the signal ended it", "kubectl lifecycle glossary NUMBER explains the common ones", "K287"),
		term("lastState", "containerStatuses,state", "how a container's run before this one ended", "", "K287"),
		term("ephemeral container", "ephemeralContainers,debug", "a container added to a running pod by kubectl debug; it is never restarted", ""),
		term("QoS class", "Guaranteed,Burstable,BestEffort,QoS", "how a pod's requests and limits rank it when its node runs out of memory: BestEffort goes first, Guaranteed last", ""),
		term("request", "requests,resources", "what the scheduler sets aside for a container on a node; what is used does not matter to it", ""),
		term("limit", "limits,resize", "what a container may use at most: above its memory limit it is killed (OOMKilled), above its cpu limit it is slowed down", ""),
		term("environment", "envFrom,env,secretKeyRef,configMapKeyRef", "variables of a container; a ConfigMap, Secret or key that they name must exist when the container is made", "", "K120"),
		term("ConfigMap", "Secret,ConfigMaps,Secrets", "an object with settings that a container reads from variables or a volume", "", "K120"),
		term("securityContext", "runAsNonRoot,runAsUser,PodSecurity", "as whom and with which rights a container's process runs", "runAsNonRoot wants an image whose user is a number other than 0, or runAsUser", "K120"),
		term("workingDir", "command,args,entrypoint", "the folder in which a container's command is run; it must exist in the image", "", "K122"),
		term("volume", "mountPath,subPath,hostPath,emptyDir,sizeLimit,mount", "a folder of a container that comes from elsewhere; all of a pod's volumes must be there before any container starts", "an emptyDir lives as long as its pod, and sizeLimit makes a full one evict it", "K107"),
	}
}

func rolloutWords() []Entry {
	return []Entry{
		term("rollout", "RollingUpdate,Recreate,OnDelete,strategy,updateStrategy", "replacing the pods of an old template by those of the new one", "", "C62"),
		term("surge", "maxSurge", "how many pods a rollout may have beside the wanted number, 25% for a Deployment unless said otherwise", "", "C62"),
		term("maxUnavailable", "unavailable", "how many of the wanted pods a rollout, or a budget, may do without, 25% for a Deployment unless said otherwise", "", "C62"),
		term("minReadySeconds", "available", "how long a new pod must be ready until it counts as available", "", "C61"),
		term("progress deadline", "progressDeadlineSeconds", "how long a rollout may stand still before its Progressing condition turns False, 10m unless said otherwise", "nothing is rolled back by itself", "C65"),
		term("revision", "pod-template-hash,controller-revision-hash,template", "one version of a workload's pod template; kubectl rollout undo goes back to the one before", ""),
		term("replicas", "ReplicaSet,ReplicaSets,Deployment,ReplicationController", "how many pods a workload wants", ""),
		term("StatefulSet", "ordinal,OrderedReady,Parallel,partition,podManagementPolicy", "a workload whose pods have numbers and keep their names and volumes; with OrderedReady one pod that is not ready holds up all behind it", "", "C117"),
		term("DaemonSet", "DaemonSets", "a workload with one pod on every node that it matches", ""),
		term("autoscaler", "HorizontalPodAutoscaler,HPA,KEDA,ScaledObject", "changes the number of replicas by load; it fights with everything else that sets it", ""),
		term("static pod", "mirror pod", "a pod that the kubelet runs from a file on its node; the API shows a mirror of it, and deleting that stops nothing", ""),
		term("bare pod", "naked pod", "a pod that no controller owns: when it is gone, nobody makes it anew", ""),
		term("template", "pod template", "the part of a workload from which its pods are made", ""),
	}
}

func jobWords() []Entry {
	return []Entry{
		term("Job", "Jobs,completions,parallelism", "runs pods until enough of them have ended with exit code 0", "", "C203"),
		term("backoffLimit", "retries,podFailurePolicy,maxFailedIndexes,backoffLimitPerIndex", "how many failed pods a Job puts up with, 6 unless said otherwise; one more and the Job has failed", "a podFailurePolicy can leave failures out or end the Job at once", "C189"),
		term("activeDeadlineSeconds", "deadline,active deadline", "how long a Job or pod may be active at all, retries included; then its active pods are ended", "", "C205"),
		term("ttlSecondsAfterFinished", "TTL,ttl", "how long after its end a Job is deleted, with its pods and their logs", "", "C207"),
		term("podReplacementPolicy", "TerminatingOrFailed", "whether a Job replaces a pod as soon as it is being deleted, or only when it has ended (Failed)", "", "C192"),
		term("CronJob", "CronJobs,schedule,timeZone", "makes a Job whenever its schedule says so; without timeZone that is the controller manager's own clock", "", "C233"),
		term("concurrencyPolicy", "Forbid,Replace,Allow", "what a CronJob does when a run is due and the one before is still active: run both (Allow), skip (Forbid), or end the old one (Replace)", "", "C237"),
		term("startingDeadlineSeconds", "missed run", "how late a CronJob's run may still be started; later ones are dropped", "", "C235"),
		term("suspend", "suspended", "spec.suspend: a Job then has no pods, a CronJob starts no Jobs", "", "C186"),
	}
}

func placeWords() []Entry {
	return []Entry{
		term("scheduler", "kube-scheduler,schedulerName,scheduling,nodeName", "chooses a node for each new pod, by requests, taints, affinities and volumes", "", "C380"),
		term("scheduling gate", "schedulingGates", "keeps the scheduler from looking at a pod until somebody removes it", "", "C387"),
		term("taint", "taints,toleration,tolerations,tolerationSeconds,NoSchedule,NoExecute", "keeps pods off a node, unless they tolerate it; NoExecute also ends those that run there, after their tolerationSeconds", "", "C384"),
		term("affinity", "anti-affinity,nodeSelector,nodeAffinity,podAffinity,podAntiAffinity,selector,matchLabelKeys", "what a pod demands of its node's labels, or of the pods beside it", "", "C384"),
		term("topology spread", "topologySpreadConstraints,maxSkew,ScheduleAnyway,DoNotSchedule", "how evenly pods must be spread over zones or nodes", "", "C384"),
		term("preemption", "priority,PriorityClass,preemptionPolicy", "ending pods of lower priority in favour of one of higher priority", "", "C385"),
		term("cordon", "unschedulable,uncordon,SchedulingDisabled", "marks a node so that no new pods are placed there; those that run there go on", "", "C310"),
		term("drain", "kubectl drain", "cordons a node and evicts its pods, one budget at a time; it waits where a budget allows no disruption", "", "C310"),
		term("PersistentVolumeClaim", "PVC,claim,PersistentVolume,StorageClass,ReadWriteOnce,ReadWriteOncePod,WaitForFirstConsumer,PersistentVolumeClaims", "a pod's request for a disk; it must be bound to a volume that the pod's node can reach", ""),
		term("ResourceClaim", "ResourceClaims,DRA,device", "a pod's request for a device, such as a GPU", ""),
	}
}

func clusterWords() []Entry {
	return []Entry{
		term("node", "kubelet,NodeReady,runtimeRequestTimeout", "a machine; its kubelet starts and stops the containers there and reports to the API server, and counts as lost after 50s (40s before 1.32) without a word", "", "C330"),
		term("disruption", "voluntary disruption,disruptionsAllowed", "an end that comes from outside the pod: eviction, preemption, a taint, the loss of its node", "budgets count and limit the evictions among them", "C283"),
		term("PodDisruptionBudget", "PDB,budget,minAvailable,unhealthyPodEvictionPolicy,AlwaysAllow,PodDisruptionBudgets", "says how many of some pods must stay healthy; evictions beyond that, and so drains, have to wait", "a plain delete does not ask it", "C283"),
		term("eviction", "evict,evicted,soft eviction,hard eviction,evictionMaxPodGracePeriod", "the API's eviction asks the budgets first, as drain does; the kubelet's own, when its node runs short, asks nobody", "", "K60"),
		term("node shutdown", "shutdownGracePeriod,graceful node shutdown", "a kubelet that is told of its machine's shutdown ends the pods first, critical ones last", "", "K66"),
		term("PodGC", "pod garbage collector,garbage collection", "removes pods whose node is gone, and ended ones when there are too many", ""),
		term("endpoint", "endpoints,EndpointSlice,EndpointSlices,Service,Services,lbLag", "an address behind a Service; that of a pod that is not ready or is being deleted gets no new connections", "load balancers and proxies notice a little later", "K89"),
		term("quota", "ResourceQuota,LimitRange", "limits what all pods of a namespace may request together; a LimitRange what a single one may", "a pod beyond it is refused, which is seen at its ReplicaSet, StatefulSet or Job"),
		term("admission", "webhook,PodSecurity,admission webhook", "checks of the API server that may change or refuse an object before it is stored", ""),
		term("phase", "", "a pod's status in one of five words: Pending, Running, Succeeded, Failed, Unknown", "kubectl's STATUS column tells more", "K261"),
		term("startTime", "creationTimestamp,age", "when the kubelet took up a pod, or a Job began; deadlines count from it, not from the creation", ""),
		term("assumption", "assumptions,startupAfter,readyAfter,assume", "a number that neither the manifest nor Kubernetes gives, such as how long a program takes to stop; --assume CONTAINER.KEY=VALUE says it", ""),
		term("condition", "conditions", "a statement about an object that is True, False or Unknown, with its reason and since when", ""),
	}
}
