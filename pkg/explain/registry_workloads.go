package explain

// workloadReasons documents the reasons about workloads.
func workloadReasons() []Entry {
	return []Entry{
		{Term: idQuota, Short: "a ResourceQuota keeps pods from being created", Next: "raise the quota, or use less", Rules: words("C68"), Seen: listed("FailedCreate")},
		{Term: idPodSecurity, Short: "the Pod Security level of the namespace forbids the pod", Next: "correct the security context", Rules: words("C68"), Seen: listed("FailedCreate")},
		{Term: idWebhook, Short: "an admission webhook refuses the pod or cannot be reached", Next: "look at the webhook", Rules: words("C68"), Seen: listed("FailedCreate")},
		{Term: idLimitRange, Short: "a LimitRange forbids the pod", Next: "correct requests and limits", Rules: words("C68"), Seen: listed("FailedCreate")},
		{Term: idNoServiceAccount, Short: "the pod's service account does not exist", Next: "create it", Rules: words("C68"), Seen: listed("FailedCreate")},
		{Term: idNoPriorityClass, Short: "the pod's priority class does not exist", Next: "create it, or correct the name", Rules: words("C68"), Seen: listed("FailedCreate")},
		{Term: idInvalidPod, Short: "the API server refuses the pods as invalid", Next: "correct the template, or what injects into it", Rules: words("C68"), Seen: listed("FailedCreate")},
		{Term: idNamespaceGoing, Short: "the namespace is being deleted", Next: "wait", Rules: words("C68"), Seen: listed("FailedCreate")},
		{Term: idCreateRefused, Short: "pods cannot be created", Next: "read the message", Rules: words("C68"), Seen: listed("FailedCreate")},
		{Term: idProgressDeadline, Short: "a rollout made no progress for longer than progressDeadlineSeconds", Next: "correct the new pods, or go back: kubectl rollout undo", Rules: words("C65 C66"), Seen: listed("ProgressDeadlineExceeded")},
		{Term: idRolloutProgressing, Short: "a rollout is under way", Next: "wait", Rules: words("C49 C63"), Seen: listed("Progressing")},
		{Term: idProgressing, Short: "the workload is on its way to what it wants", Next: "wait", Rules: words("C51"), Seen: listed("Progressing")},
		{Term: idPaused, Short: "a Deployment is paused", Next: "kubectl rollout resume", Rules: words("C70"), Seen: listed("DeploymentPaused")},
		{Term: idDegraded, Short: "fewer pods are available than are needed at least", Next: "look at the pods", Rules: words("C62 C66"), Seen: listed("MinimumReplicasUnavailable")},
		{Term: idWorkloadDeleting, Short: "the workload is being deleted", Next: "wait", Rules: words("K86"), Seen: listed("Terminating")},
		{Term: idOrderedWait, Short: "a StatefulSet waits for one pod that is not ready", Next: "repair that pod", Rules: words("C114 C117"), Seen: listed("OrderedReady")},
		{Term: idRevertTrap, Short: "a StatefulSet does not replace a pod of a broken revision, even after its template was corrected", Next: "delete that pod by hand", Rules: words("C123"), Seen: listed("OrderedReady")},
		{Term: idDaemonDeadNode, Short: "a dead node uses up the maxUnavailable of a DaemonSet's rollout", Next: "remove the node, or raise maxUnavailable", Rules: words("C158"), Seen: listed("NotReady")},
		{Term: idNoNodeMatches, Short: "no node is meant for the DaemonSet", Next: "check selector, affinity and tolerations", Rules: words("C150"), Seen: listed("DaemonSet")},
	}
}

// jobReasons documents the reasons about Jobs and CronJobs.
func jobReasons() []Entry {
	return []Entry{
		{Term: idJobFailed, Short: "the Job has failed for good", Next: "read its conditions", Rules: words("C203"), Seen: listed("Failed")},
		{Term: idBackoffLimit, Short: "more pods failed than the Job's backoffLimit allows", Next: "solve what makes them fail; make a new Job", Rules: words("C189 C190"), Seen: listed("BackoffLimitExceeded")},
		{Term: idJobDeadline, Short: "the Job was active longer than its activeDeadlineSeconds", Next: "raise it, or look where the time went", Rules: words("C205"), Seen: listed("DeadlineExceeded")},
		{Term: idJobPolicy, Short: "a rule of the Job's podFailurePolicy ended it", Next: "look at the exit code and the rule", Rules: words("C198 C199"), Seen: listed("PodFailurePolicy")},
		{Term: idJobIndexes, Short: "too many indexes of the Job failed", Next: "look at the failed indexes", Rules: words("C196 C197"), Seen: listed("FailedIndexes,MaxFailedIndexesExceeded")},
		{Term: idJobRetries, Short: "the Job replaces failed pods, with a growing delay", Next: "look at why they fail", Rules: words("C192"), Seen: listed("BackOff")},
		{Term: idSuspended, Short: "the Job or CronJob is suspended", Next: "set spec.suspend to false", Rules: words("C186 C240"), Seen: listed("JobSuspended")},
		{Term: idManagedElsewhere, Short: "another controller manages the Job", Next: "look there", Rules: words("C208"), Seen: listed("managedBy")},
		{Term: idCronForbids, Short: "concurrencyPolicy Forbid skips runs while an earlier Job is active", Next: "end the old Job, or give it an activeDeadlineSeconds", Rules: words("C237"), Seen: listed("JobAlreadyActive")},
		{Term: idCronMissed, Short: "scheduled runs were missed", Next: "check startingDeadlineSeconds and the controller", Rules: words("C233 C235"), Seen: listed("TooManyMissedTimes,MissSchedule")},
		{Term: idCronNever, Short: "the CronJob can never start a Job as it is written", Next: "raise startingDeadlineSeconds", Rules: words("C235"), Seen: listed("startingDeadlineSeconds")},
		{Term: idCronSchedule, Short: "the schedule or time zone cannot be used", Next: "correct it", Rules: words("C231 C232"), Seen: listed("UnparseableSchedule,InvalidSchedule,UnknownTimeZone")},
		{Term: idCronLastFailed, Short: "the last Job of the CronJob failed", Next: "look at that Job", Rules: words("C203"), Seen: listed("Failed")},
	}
}

// nodeReasons documents the reasons about nodes.
func nodeReasons() []Entry {
	return []Entry{
		{Term: idCordon, Short: "the node is cordoned: no new pods are placed on it", Next: "kubectl uncordon, when the maintenance is over", Rules: words("C335"), Seen: listed("SchedulingDisabled")},
		{Term: idNodePressure, Short: "the node is short of memory, disk or process ids", Next: "free some; pods may be evicted", Rules: words("K62 C335"), Seen: listed("MemoryPressure,DiskPressure,PIDPressure")},
		{Term: idNodeTainted, Short: "a NoExecute taint removes pods from the node", Next: "remove the taint, or let them go", Rules: words("C336 C338"), Seen: listed("NoExecute")},
	}
}

// budgetReasons documents the reasons about disruption budgets.
func budgetReasons() []Entry {
	return []Entry{
		{Term: idBudgetNever, Short: "the budget allows no disruption even when all pods are healthy", Next: "use maxUnavailable 1, or more replicas", Rules: words("C282 C283"), Seen: listed("InsufficientPods")},
		{Term: idBudgetBlocks, Short: "the budget allows no disruption now", Next: "repair its pods", Rules: words("C283 C293"), Seen: listed("InsufficientPods")},
		{Term: idBudgetUnhealthy, Short: "pods of the budget are not healthy, and they block their own eviction", Next: "unhealthyPodEvictionPolicy AlwaysAllow, or repair them", Rules: words("C292"), Seen: listed("InsufficientPods")},
		{Term: idBudgetSync, Short: "the budget cannot be computed and blocks every eviction", Next: "use integers, and pods whose controller has a scale", Rules: words("C284"), Seen: listed("SyncFailed")},
		{Term: idBudgetEmpty, Short: "the budget selects no pod", Next: "correct its selector", Rules: words("C280 C283"), Seen: listed("PodDisruptionBudget")},
		{Term: idBudgetTwo, Short: "two budgets select the same pod, so it cannot be evicted", Next: "narrow one of them", Rules: words("C291"), Seen: listed("MultiplePodDisruptionBudgets")},
	}
}

// hpaReasons documents the reasons about autoscalers.
func hpaReasons() []Entry {
	return []Entry{
		{Term: idHPACannot, Short: "the autoscaler cannot read or set the scale of its target", Next: "check the target's name and the autoscaler's rights", Seen: listed("FailedGetScale,FailedUpdateScale")},
		{Term: idHPANoMetrics, Short: "the autoscaler has no metrics and does not scale", Next: "check the metrics server and the pods' requests", Seen: listed("FailedGetResourceMetric,ScalingActive")},
		{Term: idHPALimited, Short: "the autoscaler would go further than its minimum or maximum allows", Next: "change the bounds", Seen: listed("TooManyReplicas,TooFewReplicas")},
		{Term: idHPAFights, Short: "somebody else sets the replicas that the autoscaler sets", Next: "remove replicas from the manifest", Seen: listed("replicas")},
		{Term: idHPADisabled, Short: "the target is scaled to zero, so the autoscaler does nothing", Next: "scale it up", Seen: listed("ScalingDisabled")},
	}
}

// claimReasons documents the reasons about volume claims.
func claimReasons() []Entry {
	return []Entry{
		{Term: idClaimWaits, Short: "the claim waits for a pod to be scheduled, as its storage class says", Next: "nothing", Rules: words("C388"), Seen: listed("WaitForFirstConsumer")},
		{Term: idClaimLost, Short: "the volume of the claim does not exist any more", Next: "restore it", Rules: words("C384"), Seen: listed("Lost")},
		{Term: idClaimInUse, Short: "the claim is being deleted, but a pod still uses it", Next: "end the pods that use it", Rules: words("K86"), Seen: listed("kubernetes.io/pvc-protection")},
	}
}

// serviceReasons documents the reasons about Services.
func serviceReasons() []Entry {
	return []Entry{
		{Term: idNoEndpoint, Short: "no pod has the labels that the Service selects", Next: "correct the selector or the labels", Rules: words("K89"), Seen: listed("Service")},
	}
}

// namespaceReasons documents the reasons about namespaces.
func namespaceReasons() []Entry {
	return []Entry{
		{Term: idNamespaceStuck, Short: "the namespace cannot go because objects in it have finalizers", Next: "solve those objects, do not force the namespace", Rules: words("K86"), Seen: listed("NamespaceFinalizersRemaining,NamespaceContentRemaining")},
	}
}
