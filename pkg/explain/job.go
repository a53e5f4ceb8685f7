package explain

import (
	"fmt"
	"math"
	"strings"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// A jobView is a Job with its pods.
type jobView struct {
	*world
	o    *analyze.Object
	j    *batchv1.Job
	crew *crew
}

func (w *world) explainJob(o *analyze.Object, j *batchv1.Job) *Explanation {
	x := w.blank(o)
	v := &jobView{world: w, o: o, j: j, crew: w.crewOf(w.podsOf(o))}
	for _, c := range j.Status.Conditions {
		x.Conditions = append(x.Conditions, workloadCondition(string(c.Type), string(c.Status), c.Reason, c.Message, c.LastTransitionTime))
	}
	fs := fold(v.findings())
	x.apply(fs)
	if len(fs) == 0 {
		v.allWell(x)
	}
	x.Outlook = append(x.Outlook, v.outlook()...)
	x = w.closeWorkload(x, o, v.crew, fs)
	return x
}

func (v *jobView) condition(t batchv1.JobConditionType) *batchv1.JobCondition {
	for i := range v.j.Status.Conditions {
		if c := &v.j.Status.Conditions[i]; c.Type == t && c.Status == corev1.ConditionTrue {
			return c
		}
	}
	return nil
}

func (v *jobView) findings() []finding {
	switch {
	case v.j.DeletionTimestamp != nil:
		return []finding{v.deletingWorkload(v.o, v.crew)}
	case v.condition(batchv1.JobFailed) != nil:
		return v.failed(v.condition(batchv1.JobFailed), false)
	case v.condition(batchv1.JobFailureTarget) != nil:
		return v.failed(v.condition(batchv1.JobFailureTarget), true)
	case v.condition(batchv1.JobComplete) != nil:
		return nil
	case v.j.Spec.Suspend != nil && *v.j.Spec.Suspend:
		return []finding{v.suspended()}
	case v.j.Spec.ManagedBy != nil && *v.j.Spec.ManagedBy != batchv1.JobControllerName:
		return []finding{v.foreign()}
	}
	return v.running()
}

// failed explains a Job that has failed for good, or is about to (pain 27, 43,
// 61; C189–C203).
func (v *jobView) failed(c *batchv1.JobCondition, ending bool) []finding {
	f := finding{Reason: Reason{
		ID: idJobFailed, Severity: analyze.Error, Certainty: Certain, Rule: "C203",
		Evidence: []Evidence{
			proof(v.o.Ref, fmt.Sprintf("status.conditions[%s]", c.Type), c.Reason+": "+c.Message).when(c.LastTransitionTime.Time),
			proof(v.o.Ref, "status.failed", itoa(v.j.Status.Failed)),
		},
		Summary: shorten(c.Message, 200),
	}, state: Failed}
	switch c.Reason {
	case batchv1.JobReasonBackoffLimitExceeded:
		v.backoffLimit(&f)
	case batchv1.JobReasonDeadlineExceeded:
		f.ID, f.Rule = idJobDeadline, "C205"
		f.Summary = "it was active longer than its deadline (activeDeadlineSeconds)"
		if d := v.j.Spec.ActiveDeadlineSeconds; d != nil {
			f.Summary = fmt.Sprintf("it was active longer than its deadline of %s (activeDeadlineSeconds)", seconds(*d))
			f.Evidence = append(f.Evidence, proof(v.o.Ref, "spec.activeDeadlineSeconds", itoa(*d)))
		}
		f.Detail = "the time counts from status.startTime and includes scheduling, image pulls and all retries; the pods that were still active were deleted"
	case batchv1.JobReasonPodFailurePolicy:
		f.ID, f.Rule = idJobPolicy, "C199"
		f.Summary = "its pod failure policy ended it: " + shorten(c.Message, 180)
	case batchv1.JobReasonFailedIndexes, batchv1.JobReasonMaxFailedIndexesExceeded:
		f.ID, f.Rule = idJobIndexes, "C197"
		f.Summary = v.failedIndexes() + " failed"
		if c.Reason == batchv1.JobReasonMaxFailedIndexesExceeded {
			f.Summary += ", more than maxFailedIndexes allows"
		}
	}
	causes := v.podCauses()
	f.says = "failed: " + f.Summary
	if ending {
		f.says = "is failing: " + f.Summary + "; it waits for its last pods to end"
	}
	if len(causes) > 0 {
		f.says += "; " + causes[0].whose()
	} else if c.Reason == batchv1.JobReasonBackoffLimitExceeded && v.j.Spec.Template.Spec.RestartPolicy == corev1.RestartPolicyOnFailure {
		f.Detail = joinDetail(f.Detail, "with restartPolicy OnFailure the pod is deleted when the limit is reached, and its log with it; use Never to keep it")
	}
	out := []finding{f}
	for _, p := range causes {
		r := p.reason()
		r.says = f.says
		out = append(out, r)
	}
	out[0].actions = append(out[0].actions, look("kubectl describe "+shell("job/"+v.o.Name)+inNamespace(v.o.Namespace), "conditions and events of the Job"))
	return out
}

// failedIndexes names the indexes that failed: "its indexes 1,3-5".
func (v *jobView) failedIndexes() string {
	list := v.j.Status.FailedIndexes
	switch {
	case list == nil || *list == "":
		return "some of its indexes"
	case strings.ContainsAny(*list, ",-"):
		return "its indexes " + *list
	}
	return "its index " + *list
}

func (v *jobView) backoffLimit(f *finding) {
	f.ID, f.Rule = idBackoffLimit, "C189"
	limit := int32(6)
	if b := v.j.Spec.BackoffLimit; b != nil {
		limit = *b
	}
	f.Evidence = append(f.Evidence, proof(v.o.Ref, "spec.backoffLimit", itoa(limit)))
	f.Summary = fmt.Sprintf("%s failed, more than its backoffLimit of %d allows", plural(int(v.j.Status.Failed), "pod"), limit)
	if v.j.Spec.Template.Spec.RestartPolicy == corev1.RestartPolicyOnFailure {
		f.Rule = "C190"
		f.Summary = fmt.Sprintf("its containers were restarted more often than its backoffLimit of %d allows", limit)
	}
	disrupted := 0
	for _, p := range v.crew.all {
		if c := p.condition(corev1.DisruptionTarget); c != nil && c.Status == corev1.ConditionTrue {
			disrupted++
		}
	}
	if disrupted > 0 {
		f.Detail = fmt.Sprintf("%s of them %s ended from outside (drain, eviction, preemption): a podFailurePolicy that ignores DisruptionTarget keeps that from counting", itoa(disrupted), are(disrupted, "was", "were"))
	}
}

// podCauses are the causes in the Job's pods, failed ones included.
func (v *jobView) podCauses() []podCause {
	var out []podCause
	for _, p := range v.crew.causes(v.crew.all) {
		if p.Severity > analyze.Info {
			out = append(out, p)
		}
	}
	return out
}

func (v *jobView) suspended() finding {
	f := finding{Reason: Reason{
		ID: idSuspended, Severity: analyze.Info, Certainty: Certain, Rule: "C186",
		Summary:  "it is suspended: no pods are made until spec.suspend is false",
		Evidence: []Evidence{proof(v.o.Ref, "spec.suspend", "true")},
	}, state: Waiting, says: "is suspended: no pods are made until spec.suspend is false"}
	f.actions = []Action{change("kubectl patch "+shell("job/"+v.o.Name)+" -p '{\"spec\":{\"suspend\":false}}'"+inNamespace(v.o.Namespace), "lets it run")}
	return f
}

func (v *jobView) foreign() finding {
	return finding{Reason: Reason{
		ID: idManagedElsewhere, Severity: analyze.Info, Certainty: Certain, Rule: "C208",
		Summary:  fmt.Sprintf("it is managed by %q, the Job controller leaves it alone", *v.j.Spec.ManagedBy),
		Evidence: []Evidence{proof(v.o.Ref, "spec.managedBy", *v.j.Spec.ManagedBy)},
	}, state: Unknown, says: fmt.Sprintf("is managed by %q", *v.j.Spec.ManagedBy)}
}

// running explains a Job that is not finished.
func (v *jobView) running() []finding {
	st := v.j.Status
	var fs []finding
	if f, ok := v.failedCreate(v.o, min(wanted(v.j.Spec.Parallelism), 1), st.Active+st.Succeeded+st.Failed, ""); ok {
		f.says = "has no pod: it cannot be created: " + f.says
		fs = append(fs, f)
	}
	for _, p := range v.crew.causes(append(append([]*podView{}, v.crew.live...), v.crew.going...)) {
		if p.Severity <= analyze.Info {
			continue
		}
		f := p.reason()
		f.says = fmt.Sprintf("is not getting on: %s", p.whose())
		if p.ID == idLegacySidecar {
			f.says = fmt.Sprintf("does not finish: %s", p.whose())
		}
		fs = append(fs, f)
	}
	switch {
	case st.Failed > 0:
		fs = append(fs, v.retrying())
	case v.ignored() > 0:
		fs = append(fs, v.retryingForEver())
	case len(fs) == 0 && v.noPod():
		fs = append(fs, v.podless())
	}
	return fs
}

// retrying is a Job with failed pods that it replaces after a delay (C192).
func (v *jobView) retrying() finding {
	limit := int32(6)
	if b := v.j.Spec.BackoffLimit; b != nil {
		limit = *b
	}
	f := finding{Reason: Reason{
		ID: idJobRetries, Severity: analyze.Warning, Certainty: Certain, Rule: "C192",
		Summary:  fmt.Sprintf("%s failed so far, its backoffLimit is %d", plural(int(v.j.Status.Failed), "pod"), limit),
		Detail:   "the delay before the next pod doubles from 10s up to 10m with each failure",
		Evidence: []Evidence{proof(v.o.Ref, "status.failed", itoa(v.j.Status.Failed)), proof(v.o.Ref, "spec.backoffLimit", itoa(limit))},
	}, state: Failing}
	f.says = fmt.Sprintf("is retrying: %s", f.Summary)
	if per := v.j.Spec.BackoffLimitPerIndex; per != nil {
		v.perIndex(&f, *per)
	}
	if len(v.crew.going) > 0 && (v.j.Spec.PodReplacementPolicy == nil || *v.j.Spec.PodReplacementPolicy == batchv1.TerminatingOrFailed) {
		f.Detail = joinDetail("a pod that is being deleted counts as failed at once; podReplacementPolicy Failed waits for its end", f.Detail)
	}
	v.lastFailure(&f)
	return f
}

func (v *jobView) allWell(x *Explanation) {
	st := v.j.Status
	x.Severity, x.State = analyze.OK, Progressing
	x.Headline = fmt.Sprintf("%s is running: %d of %d completed, %d active", v.o.Ref, st.Succeeded, wanted(v.j.Spec.Completions), st.Active)
	if v.condition(batchv1.JobComplete) != nil {
		x.State = Completed
		x.Headline = fmt.Sprintf("%s has completed: %s succeeded", v.o.Ref, plural(int(st.Succeeded), "pod"))
	}
}

// outlook is when the deadline, the next retry and the removal come (C192, C205, C207).
func (v *jobView) outlook() []Outlook {
	var out []Outlook
	j := v.j
	finished := v.condition(batchv1.JobComplete)
	if finished == nil {
		finished = v.condition(batchv1.JobFailed)
	}
	if finished != nil {
		if ttl := j.Spec.TTLSecondsAfterFinished; ttl != nil {
			at := finished.LastTransitionTime.Add(time.Duration(*ttl) * time.Second)
			out = append(out, Outlook{What: "the Job and its pods are deleted (ttlSecondsAfterFinished)", At: between(at, at, at.Add(2*time.Second)), Rule: "C207"})
		}
		return out
	}
	if d := j.Spec.ActiveDeadlineSeconds; d != nil && j.Status.StartTime != nil && v.condition(batchv1.JobFailureTarget) == nil {
		at := j.Status.StartTime.Add(time.Duration(*d) * time.Second)
		out = append(out, Outlook{What: "the Job fails and its active pods are deleted (activeDeadlineSeconds)", At: between(at, at, at.Add(2*time.Second)), Rule: "C205", Assumes: "it is not done before"})
	}
	if at, ok := v.nextRetry(); ok {
		out = append(out, Outlook{What: "the Job makes its next pod", At: between(at, at, at.Add(2*time.Second)), Rule: "C192", Assumes: "the controller was not restarted since the first failure"})
	}
	return out
}

// nextRetry is when a failed pod is replaced: 10s·2^(n−1), at most 10m, after the
// last failure; n counts the failures since the last success (C192).
func (v *jobView) nextRetry() (time.Time, bool) {
	if v.j.Status.Active > 0 || v.j.Status.Failed == 0 || v.condition(batchv1.JobFailureTarget) != nil || v.j.Spec.BackoffLimitPerIndex != nil {
		return time.Time{}, false // with a limit for each index every index has a delay of its own (C196)
	}
	var last time.Time
	n := 0
	for _, p := range v.crew.ended {
		if p.pod.Status.Phase != corev1.PodFailed {
			continue
		}
		n++
		for _, c := range p.cs {
			if t := c.terminated(); t != nil && t.FinishedAt.After(last) {
				last = t.FinishedAt.Time
			}
		}
	}
	if n == 0 || last.IsZero() {
		return time.Time{}, false
	}
	delay := time.Duration(math.Min(10*math.Pow(2, float64(n-1)), 600)) * time.Second
	at := last.Add(delay)
	return at, at.After(v.now)
}
