package explain

import (
	"fmt"
	"slices"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// lastFailure adds why the pods of a Job that goes on failed.
func (v *jobView) lastFailure(f *finding) {
	for _, p := range v.crew.causes(v.crew.ended) {
		if p.Severity > analyze.Info {
			f.says += "; " + p.whose()
			f.Evidence = append(f.Evidence, p.Evidence...)
			f.Detail = joinDetail("the last: "+p.Summary, f.Detail)
			f.actions = p.actions
			return
		}
	}
}

// perIndex is a Job with a limit for each index: an index that has used it up has
// failed for good, the others go on, and then the Job fails (C196, C197).
func (v *jobView) perIndex(f *finding, limit int32) {
	f.Evidence = []Evidence{
		proof(v.o.Ref, "status.failed", itoa(v.j.Status.Failed)),
		proof(v.o.Ref, "spec.backoffLimitPerIndex", itoa(limit)),
	}
	retries := plural(int(limit), "retry")
	if limit != 1 {
		retries = fmt.Sprintf("%d retries", limit)
	}
	if list := v.j.Status.FailedIndexes; list == nil || *list == "" {
		f.Summary = fmt.Sprintf("%s failed so far, each index has %s (backoffLimitPerIndex)", plural(int(v.j.Status.Failed), "pod"), retries)
		f.says = "is retrying: " + f.Summary
		return
	}
	f.ID, f.Rule, f.Severity = idJobIndexes, "C197", analyze.Error
	f.Evidence = append(f.Evidence, proof(v.o.Ref, "status.failedIndexes", *v.j.Status.FailedIndexes))
	f.Summary = fmt.Sprintf("%s failed for good: backoffLimitPerIndex allows %s", v.failedIndexes(), retries)
	f.says = "goes on, but " + f.Summary
	f.Detail = "the other indexes go on; the Job fails when they are done"
	if m := v.j.Spec.MaxFailedIndexes; m != nil {
		f.Detail += fmt.Sprintf(", or at once when more than %d indexes have failed (maxFailedIndexes)", *m)
		f.Evidence = append(f.Evidence, proof(v.o.Ref, "spec.maxFailedIndexes", itoa(*m)))
	}
	if v.j.Spec.SuccessPolicy != nil {
		f.Severity, f.Detail = analyze.Warning, "the other indexes go on; whether the Job can still succeed is for its success policy to say"
	}
}

// ignored counts the failed pods that a podFailurePolicy keeps from counting and
// that ended by themselves, not by a disruption (C198).
func (v *jobView) ignored() int {
	policy := v.j.Spec.PodFailurePolicy
	if policy == nil || !slices.ContainsFunc(policy.Rules, func(r batchv1.PodFailurePolicyRule) bool { return r.Action == batchv1.PodFailurePolicyActionIgnore }) {
		return 0
	}
	n := 0
	for _, p := range v.crew.ended {
		c := p.condition(corev1.DisruptionTarget)
		if p.pod.Status.Phase == corev1.PodFailed && (c == nil || c.Status != corev1.ConditionTrue) {
			n++
		}
	}
	return n
}

// retryingForEver is a Job whose failures are all ignored: its backoffLimit is
// never reached.
func (v *jobView) retryingForEver() finding {
	n := v.ignored()
	f := finding{Reason: Reason{
		ID: idJobRetries, Severity: analyze.Warning, Certainty: Certain, Rule: "C198",
		Summary:  fmt.Sprintf("%s failed, and none of them counts: its podFailurePolicy ignores such failures", plural(n, "pod")),
		Detail:   "its backoffLimit is never reached this way, it makes one pod after the other; the delay before the next doubles up to 10m",
		Evidence: []Evidence{proof(v.o.Ref, "status.failed", itoa(v.j.Status.Failed)), proof(v.o.Ref, "spec.podFailurePolicy.rules", "action Ignore")},
	}, state: Failing}
	f.says = "is retrying without end: " + f.Summary
	if d := v.j.Spec.ActiveDeadlineSeconds; d != nil {
		f.says = "is retrying until its deadline: " + f.Summary
	}
	v.lastFailure(&f)
	return f
}

// noPod says that the Job should have a pod for more than a minute and has none.
func (v *jobView) noPod() bool {
	st := v.j.Status
	return st.StartTime != nil && v.since(st.StartTime.Time) > time.Minute && len(v.crew.all) == 0 &&
		st.Active+st.Succeeded+st.Failed == 0 && (st.UncountedTerminatedPods == nil || len(st.UncountedTerminatedPods.Failed)+len(st.UncountedTerminatedPods.Succeeded) == 0) &&
		(v.j.Spec.Parallelism == nil || *v.j.Spec.Parallelism > 0)
}

// podless is a Job without a pod about which no event says why.
func (v *jobView) podless() finding {
	f := finding{Reason: Reason{
		ID: idCreateRefused, Severity: analyze.Warning, Certainty: Possible, Rule: "C68",
		Summary:  fmt.Sprintf("it has no pod, %s after its start; a quota or an admission check may refuse it", span(v.since(v.j.Status.StartTime.Time))),
		Evidence: []Evidence{proof(v.o.Ref, "status.active", itoa(v.j.Status.Active)), proof(v.o.Ref, "status.startTime", v.j.Status.StartTime.UTC().Format(time.RFC3339))},
		Why:      "no event that was seen says why",
	}, state: Stuck}
	f.says = "has no pod: " + "no event that was seen says why"
	f.actions = []Action{look("kubectl describe "+shell("job/"+v.o.Name)+inNamespace(v.o.Namespace), "its events")}
	if !v.s.Sees(analyze.KindEvent, v.o.Namespace) {
		f.gaps = append(f.gaps, missing(analyze.KindEvent, v.o.Namespace, "why it has no pod"))
	}
	return f
}
