package render

import (
	"time"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/explain"
)

func later(seconds int) *time.Time {
	return ptr(sampleTime.Add(time.Duration(seconds) * time.Second))
}

func crashExplanation() *explain.Explanation {
	pod := analyze.Ref{APIVersion: "v1", Kind: "Pod", Namespace: "shop", Name: "api-7d4b9c-k8x2p", UID: "u1"}
	service := analyze.Ref{APIVersion: "v1", Kind: "Service", Namespace: "shop", Name: "api"}
	return &explain.Explanation{
		APIVersion: analyze.APIVersion, Kind: "Explanation", Subject: pod, Taken: sampleTime, TakenFrom: "the newest time in the input",
		Status: "CrashLoopBackOff", Ready: "1/2", Restarts: ptr[int32](6), Phase: "Running", Node: "n1", QoS: "Burstable",
		State: explain.Failing, Severity: analyze.Error,
		Headline: `pod/api-7d4b9c-k8x2p is not ready: container "api" keeps crashing`,
		Reasons: []explain.Reason{
			{
				ID: "oom-killed", Severity: analyze.Error, Summary: "api was killed for memory 4s after its last start; 6 restarts", Container: "api",
				Evidence: []explain.Evidence{
					{Object: pod, Path: "status.containerStatuses[0].lastState.terminated.reason", Value: "OOMKilled", At: later(-11)},
					{Object: pod, Path: "status.containerStatuses[0].restartCount", Value: "6", At: later(-11)},
					{Object: pod, Path: "spec.containers[0].resources.limits.memory", Value: "128Mi"},
				},
				Certainty: explain.Certain, Rule: "K210",
			},
			{
				ID: "crash-loop", Severity: analyze.Warning, Summary: "the kubelet waits longer and longer before the next start", Container: "api",
				Detail:    "the wait doubles from 10s up to 5m and starts anew once it has run for 10m",
				Evidence:  []explain.Evidence{{Object: pod, Path: "status.containerStatuses[0].state.waiting.reason", Value: "CrashLoopBackOff"}},
				Certainty: explain.Likely, Why: "the time of the last back-off is not in the API",
			},
		},
		Containers: []explain.ContainerInfo{
			{Name: "api", Type: analyze.AppContainer, State: "waiting", Reason: "CrashLoopBackOff", Restarts: 6, ExitCode: ptr[int32](137), LastReason: "OOMKilled", Meaning: "it has crashed and waits for its next start", Since: later(-11)},
			{Name: "proxy", Type: analyze.SidecarContainer, State: "running", Ready: true, Meaning: "it runs and is ready"},
		},
		Conditions: []explain.Condition{{Type: "Ready", Status: "False", Reason: "ContainersNotReady", Message: "containers with unready status: [api]", Since: later(-800), Meaning: "it gets no requests from Services", Bad: true}},
		Owners: []explain.Owner{
			{Object: analyze.Ref{APIVersion: "apps/v1", Kind: "Deployment", Namespace: "shop", Name: "api"}, Summary: "2 of 3 available, rollout waiting", State: explain.Progressing},
			{Object: analyze.Ref{APIVersion: "apps/v1", Kind: "ReplicaSet", Namespace: "shop", Name: "api-7d4b9c"}, Summary: "2 of 3 available", State: explain.Progressing},
			{Object: pod, Summary: "2 siblings are ready", State: explain.Failing},
		},
		Effects: []explain.Effect{{Object: service, Severity: analyze.Warning, Summary: "Service api sends nothing to it (not ready since 18:41, 13m)"}},
		Outlook: []explain.Outlook{
			{What: "the kubelet starts api again", At: analyze.TimeBounds{Earliest: *later(150), Likely: later(152), Latest: later(170)}, Rule: "K215"},
			{What: "the rollout counts as failed", At: analyze.TimeBounds{Earliest: *later(450), Likely: later(450), Latest: later(450)}, Assumes: "nothing becomes available until then"},
			{What: "the node may be drained", Condition: "when its lease ends"},
		},
		Actions: []explain.Action{
			{Command: "kubectl logs api-7d4b9c-k8x2p -c api --previous -n shop", Why: "what it wrote before it died"},
			{Command: "kubectl set resources deployment/api -c api --limits=memory=256Mi --requests=memory=256Mi -n shop", Why: "a higher limit", Changes: true},
		},
		Events: []explain.EventLine{{Type: "Warning", Reason: "BackOff", Message: "Back-off restarting failed container", Count: 12, Last: *later(-3), Object: pod}},
		Logs: []explain.LogExcerpt{
			{Pod: pod, Container: "api", Previous: true, Lines: []string{"starting", "\x1b[31mpanic\x1b[0m: out of memory\tnow"}},
			{Pod: pod, Container: "proxy", Lines: []string{}, Note: "it has not started, so it printed nothing"},
		},
		Gaps: []analyze.Gap{{What: "whether a PodDisruptionBudget covers it", Why: "listing them is forbidden", Matters: true}},
	}
}

func healthyExplanation() *explain.Explanation {
	e := crashExplanation()
	return &explain.Explanation{
		APIVersion: analyze.APIVersion, Kind: "Explanation", Subject: e.Subject, Taken: sampleTime, TakenFrom: "the newest time in the input",
		Status: "Running", Ready: "2/2", Restarts: ptr[int32](0), Phase: "Running", State: explain.Healthy, Severity: analyze.OK,
		Headline: "pod/api-7d4b9c-k8x2p is healthy: ready for 3h20m", Owners: e.Owners,
	}
}

// rolloutExplanation is a workload, with long names and no namespace.
func rolloutExplanation() *explain.Explanation {
	deploy := analyze.Ref{APIVersion: "apps/v1", Kind: "Deployment", Name: "a-deployment-with-a-name-that-is-as-long-as-names-can-be-in-k8s"}
	return &explain.Explanation{
		APIVersion: analyze.APIVersion, Kind: "Explanation", Subject: deploy, Taken: sampleTime, TakenFrom: "the clock",
		State: explain.Stuck, Severity: analyze.Error, Headline: deploy.String() + " is stuck in its rollout: an image cannot be pulled",
		Reasons: []explain.Reason{{
			ID: "image-pull", Severity: analyze.Error, Summary: "the image registry.test/nope:v2 cannot be pulled", Count: 3,
			Evidence:  []explain.Evidence{{Object: analyze.Ref{APIVersion: "v1", Kind: "Pod", Name: "web-1"}, Path: "status.containerStatuses[0].state.waiting.reason", Value: "ImagePullBackOff"}},
			Certainty: explain.Possible,
		}},
		Owners: []explain.Owner{{Object: deploy, Summary: "3 of 3 available, 1 of 3 updated", State: explain.Stuck}},
		Pods: []explain.PodGroup{
			{Count: 1, Status: "ImagePullBackOff", Severity: analyze.Error, Summary: "cannot pull its image", Revision: "new", Example: analyze.Ref{Kind: "Pod", Name: "web-1"}},
			{Count: 3, Status: "Running", Severity: analyze.OK, Summary: "still serving", Revision: "old", Example: analyze.Ref{Kind: "Pod", Name: "web-0"}},
		},
		Outlook: []explain.Outlook{{What: "the rollout is reported as failed", At: analyze.TimeBounds{Earliest: *later(90000)}}},
		Gaps: []analyze.Gap{
			{What: "one", Why: "because", Matters: true},
			{What: "two", Why: "because", Matters: true},
			{What: "three", Why: "because", Matters: true},
			{What: "four", Why: "because", Matters: true},
			{What: "five", Why: "because", Matters: true},
		},
	}
}

func sampleExplanations() map[string]*explain.Explanation {
	return map[string]*explain.Explanation{"crash": crashExplanation(), "healthy": healthyExplanation(), "rollout": rolloutExplanation()}
}

func sampleSummary() *explain.Summary {
	web := analyze.Ref{APIVersion: "apps/v1", Kind: "Deployment", Namespace: "shop", Name: "web"}
	job := analyze.Ref{APIVersion: "batch/v1", Kind: "Job", Namespace: "night", Name: "report"}
	return &explain.Summary{
		APIVersion: analyze.APIVersion, Kind: "Summary", Taken: sampleTime, TakenFrom: "the newest time in the input", Severity: analyze.Error,
		Headline: "3 of 41 workloads are not well",
		Groups: []explain.CauseGroup{
			{ID: "image-pull", Severity: analyze.Error, Summary: "the image registry.test/nope:v2 cannot be pulled", Workloads: 2, Pods: 5, Example: web, Headline: "deployment/web is stuck in its rollout", Subjects: []analyze.Ref{web, {APIVersion: "apps/v1", Kind: "Deployment", Namespace: "shop", Name: "api"}}, Certainty: explain.Certain},
			{ID: "job-failing", Severity: analyze.Warning, Summary: "its pods fail", Workloads: 1, Pods: 2, Example: job, Headline: "job/report fails and tries again", Subjects: []analyze.Ref{job}, Certainty: explain.Likely},
		},
		Counts: explain.SummaryCounts{Subjects: 41, Pods: 120, Namespaces: 3, OK: 38, Warning: 1, Error: 2},
		Gaps:   []analyze.Gap{{What: "PodDisruptionBudgets", Why: "listing them is forbidden", Matters: true}},
	}
}

func sampleGlossary() *explain.GlossaryPage {
	page := &explain.GlossaryPage{APIVersion: analyze.APIVersion, Kind: "Glossary"}
	for _, term := range []string{"CrashLoopBackOff", "137", "SIGTERM", "Pending"} {
		page.Items = append(page.Items, explain.Entry{
			Term: term, Kind: "reason", Short: "the container keeps ending, and the kubelet waits before it starts it again",
			Text: "The wait doubles from 10s up to 5m.", Next: "read the logs of the run before", Rules: []string{"K215"}, See: []string{"OOMKilled"}, Seen: []string{"BackOff"},
		})
	}
	return page
}
