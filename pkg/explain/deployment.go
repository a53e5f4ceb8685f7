package explain

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

const revisionAnnotation = "deployment.kubernetes.io/revision"

// A rollout is a Deployment with its ReplicaSets and pods.
type rollout struct {
	*world
	o     *analyze.Object
	d     *appsv1.Deployment
	want  int32
	sets  []*appsv1.ReplicaSet
	refs  map[*appsv1.ReplicaSet]*analyze.Object
	newRS *appsv1.ReplicaSet // nil where it was not seen
	crew  *crew
}

func (w *world) explainDeployment(o *analyze.Object, d *appsv1.Deployment) *Explanation {
	r := &rollout{world: w, o: o, d: d, want: wanted(d.Spec.Replicas)}
	r.sets, r.refs = w.replicaSetsOf(o)
	r.newRS = newestRevision(d, r.sets)
	r.crew = w.crewOf(w.podsOf(o))
	if r.newRS != nil && len(r.sets) > 1 {
		r.crew.label, r.crew.newHash = appsv1.DefaultDeploymentUniqueLabelKey, r.newRS.Labels[appsv1.DefaultDeploymentUniqueLabelKey]
	}
	x := w.blank(o)
	x.Conditions = r.conditions()
	fs := r.findings()
	x.apply(fs)
	if len(fs) == 0 {
		r.allWell(x)
	}
	x.Pods = r.crew.groups()
	x.Effects = append(x.Effects, r.effects()...)
	x.Outlook = append(x.Outlook, r.deadlineOutlook()...)
	x.Events = w.eventLines(fs, r.eventRefs()...)
	x.Gaps = append(x.Gaps, r.unseen()...)
	return w.finish(x)
}

// newestRevision is the ReplicaSet of the Deployment's present template: that
// with its revision, or with the highest one (C47).
func newestRevision(d *appsv1.Deployment, sets []*appsv1.ReplicaSet) *appsv1.ReplicaSet {
	var best *appsv1.ReplicaSet
	top := -1
	for _, rs := range sets {
		n, err := strconv.Atoi(rs.Annotations[revisionAnnotation])
		if err == nil && n > top {
			best, top = rs, n
		}
		if rev := d.Annotations[revisionAnnotation]; rev != "" && rs.Annotations[revisionAnnotation] == rev {
			return rs
		}
	}
	return best
}

// complete is the controller's own test for a finished rollout (C63).
func (r *rollout) complete() bool {
	st := r.d.Status
	return st.UpdatedReplicas == r.want && st.Replicas == r.want && st.AvailableReplicas == r.want && st.ObservedGeneration >= r.d.Generation
}

func (r *rollout) condition(t appsv1.DeploymentConditionType) *appsv1.DeploymentCondition {
	for i := range r.d.Status.Conditions {
		if r.d.Status.Conditions[i].Type == t {
			return &r.d.Status.Conditions[i]
		}
	}
	return nil
}

func (r *rollout) findings() []finding {
	if r.d.DeletionTimestamp != nil {
		return []finding{r.deletingWorkload(r.o, r.crew)}
	}
	fs := r.createFailures()
	fs = append(fs, r.crew.lostAgain(r.d.Status.AvailableReplicas >= r.want)...)
	fs = append(fs, r.podFindings()...)
	fs = append(fs, r.deadline()...)
	fs = append(fs, r.paused()...)
	fs = append(fs, r.degraded(len(fs) > 0)...)
	if len(fs) == 0 || fs[0].Severity <= analyze.Info && fs[0].state != Healthy {
		fs = append(fs, r.inProgress()...)
	}
	fs = fold(fs)
	return fs
}

// createFailures are pods that the ReplicaSets cannot even create (pain 25; C67, C68).
func (r *rollout) createFailures() []finding {
	for _, rs := range r.sets {
		if f, ok := r.failedCreate(r.refs[rs], wanted(rs.Spec.Replicas), rs.Status.Replicas, replicaFailure(rs.Status.Conditions)); ok {
			f.says = fmt.Sprintf("has %d of %s: %s cannot be created: %s", r.d.Status.Replicas, plural(int(r.want), "pod"), theRest(r.d.Status.Replicas, r.want), f.says)
			return []finding{f}
		}
	}
	return nil
}

func replicaFailure(conditions []appsv1.ReplicaSetCondition) string {
	for _, c := range conditions {
		if c.Type == appsv1.ReplicaSetReplicaFailure && c.Status == corev1.ConditionTrue {
			return c.Message
		}
	}
	return ""
}

// podFindings are the causes in the pods, as findings of the Deployment.
func (r *rollout) podFindings() []finding {
	causes := r.crew.causes(append(append([]*podView{}, r.crew.live...), r.crew.going...))
	var fs []finding
	for _, p := range causes {
		f := p.reason()
		if r.crew.revision(p.first) == "old" && p.first.deleting() && f.Severity <= analyze.Info {
			continue // an old pod that goes as it should
		}
		if f.Severity <= analyze.Info && (f.ID == idTerminating || r.complete() && f.ID != idResizeDeferred) {
			continue
		}
		f.says = r.says(p)
		f.folds = append(f.folds, idRolloutProgressing)
		fs = append(fs, f)
	}
	return fs
}

// says is the Deployment's headline where a pod's cause is decisive.
func (r *rollout) says(p podCause) string {
	ready := fmt.Sprintf("%d of %s ready", r.d.Status.ReadyReplicas, plural(int(r.want), "pod"))
	if r.crew.revision(p.first) == "new" && r.crew.oldReady() > 0 && p.Severity >= analyze.Warning {
		old := r.crew.oldReady()
		return fmt.Sprintf("is stuck in a rollout: %s; %s old %s still %s", p.whose(), itoa(old), are(old, "pod", "pods"), are(old, "serves", "serve"))
	}
	verb := "is not ready"
	switch {
	case p.Severity <= analyze.Info && r.crew.newHash == "":
		verb = "is starting"
	case p.Severity <= analyze.Info:
		verb = "is rolling out"
	case r.d.Status.AvailableReplicas == 0 && r.want > 0:
		verb = "is not available"
	case r.d.Status.AvailableReplicas >= r.want:
		verb = "is not well"
	}
	return fmt.Sprintf("%s (%s): %s", verb, ready, p.whose())
}

// deadline is a rollout without progress for longer than allowed (C64–C66).
func (r *rollout) deadline() []finding {
	c := r.condition(appsv1.DeploymentProgressing)
	if c == nil || c.Reason != "ProgressDeadlineExceeded" {
		return nil
	}
	limit := "its progress deadline"
	if n := r.d.Spec.ProgressDeadlineSeconds; n != nil {
		limit = fmt.Sprintf("its progress deadline of %s", seconds(int64(*n)))
	}
	f := finding{Reason: Reason{
		ID: idProgressDeadline, Severity: analyze.Error, Certainty: Certain, Rule: "C65",
		Summary:  fmt.Sprintf("the rollout made no progress for longer than %s", limit),
		Detail:   "nothing is rolled back or stopped by this, and the condition heals with the next progress",
		Evidence: []Evidence{proof(r.o.Ref, "status.conditions[Progressing]", c.Reason+": "+c.Message).when(c.LastTransitionTime.Time)},
	}, state: Stuck, consequence: true, folds: []string{idRolloutProgressing, idDegraded}}
	f.says = "is stuck in a rollout: " + f.Summary
	if old := r.crew.oldReady(); old > 0 {
		f.Detail = fmt.Sprintf("%s of the old revision still %s; ", plural(old, "pod"), are(old, "serves", "serve")) + f.Detail
	}
	name := shell("deployment/" + r.o.Name)
	ns := inNamespace(r.o.Namespace)
	if len(r.sets) > 1 {
		f.actions = []Action{
			look("kubectl rollout history "+name+ns, "the revisions to go back to"),
			change("kubectl rollout undo "+name+ns, "goes back to the revision before"),
		}
	}
	return []finding{f}
}

func (r *rollout) paused() []finding {
	if !r.d.Spec.Paused {
		return nil
	}
	f := finding{Reason: Reason{
		ID: idPaused, Severity: analyze.Info, Certainty: Certain, Rule: "C70",
		Summary:  "it is paused: changes of its template are not rolled out, scaling still works",
		Evidence: []Evidence{proof(r.o.Ref, "spec.paused", "true")},
	}, state: Waiting, folds: []string{idRolloutProgressing}}
	f.says = "is paused: changes of its template are not rolled out"
	if r.d.Status.UpdatedReplicas < r.want {
		f.Severity = analyze.Warning
		f.says = fmt.Sprintf("is paused in the middle of a rollout: %d of %s updated", r.d.Status.UpdatedReplicas, plural(int(r.want), "pod"))
	}
	if r.d.Annotations[revisionAnnotation] == "" && r.d.Status.Replicas == 0 && r.want > 0 && r.d.Status.ObservedGeneration >= r.d.Generation {
		f.Summary = "it has been paused since before its first rollout, so no pods are made"
		f.says = fmt.Sprintf("is paused before its first rollout: 0 of %s made", plural(int(r.want), "pod"))
	}
	f.actions = []Action{change("kubectl rollout resume "+shell("deployment/"+r.o.Name)+inNamespace(r.o.Namespace), "goes on with the rollout")}
	return []finding{f}
}

// degraded is a Deployment whose finished rollout lost pods later, where no pod
// tells why (pain 93).
func (r *rollout) degraded(explained bool) []finding {
	c := r.condition(appsv1.DeploymentAvailable)
	under := c != nil && c.Status != corev1.ConditionTrue && r.want > 0
	if explained || !under || len(r.crew.going) > 0 || r.since(r.d.CreationTimestamp.Time) < time.Minute {
		return nil
	}
	return []finding{{Reason: Reason{
		ID: idDegraded, Severity: analyze.Warning, Certainty: Likely, Rule: "C62",
		Summary:  fmt.Sprintf("%d of %s available, fewer than it needs at least", r.d.Status.AvailableReplicas, plural(int(r.want), "pod")),
		Evidence: []Evidence{proof(r.o.Ref, "status.conditions[Available]", c.Reason+": "+c.Message).when(c.LastTransitionTime.Time)},
		Why:      "no pod that was seen says why",
	}, state: Waiting, says: fmt.Sprintf("is not available: %d of %s available", r.d.Status.AvailableReplicas, plural(int(r.want), "pod"))}}
}

func (r *rollout) allWell(x *Explanation) {
	x.State, x.Severity = Healthy, analyze.OK
	x.Headline = fmt.Sprintf("%s is healthy: %d of %s available", r.o.Ref, r.d.Status.AvailableReplicas, plural(int(r.want), "pod"))
	if r.want == 0 {
		x.State = Completed
		x.Headline = fmt.Sprintf("%s is scaled to zero: it has no pods because it wants none", r.o.Ref)
	}
	x.State = Healthy
	if n := leftovers(r.crew); n > 0 {
		x.Headline += fmt.Sprintf("; %s of the past %s left over", plural(n, "ended pod"), are(n, "is", "are"))
	}
}

// leftovers counts pods that have ended and that nobody removed (pain 44).
func leftovers(c *crew) int { return len(c.ended) }

func (r *rollout) effects() []Effect {
	out := r.crew.podEffects()
	if !r.complete() && r.want > 0 && r.crew.newHash != "" && r.d.Status.ObservedGeneration >= r.d.Generation {
		old := r.d.Status.Replicas - r.d.Status.UpdatedReplicas
		e := Effect{
			Object: r.o.Ref, Severity: analyze.OK, Rule: "C49",
			Summary: fmt.Sprintf("rollout: %d new, %d old, %d ready of %d wanted", r.d.Status.UpdatedReplicas, old, r.d.Status.ReadyReplicas, r.want),
		}
		out = append(out, e)
	}
	return out
}

// deadlineOutlook is when the rollout counts as failed if nothing moves (C65).
func (r *rollout) deadlineOutlook() []Outlook {
	c := r.condition(appsv1.DeploymentProgressing)
	n := r.d.Spec.ProgressDeadlineSeconds
	if c == nil || n == nil || c.Status != corev1.ConditionTrue || c.Reason == "NewReplicaSetAvailable" || r.complete() || r.d.Spec.Paused {
		return nil
	}
	at := c.LastUpdateTime.Add(time.Duration(*n) * time.Second)
	if at.Before(r.now) {
		return nil
	}
	if next := r.availableOutlook(r.d.Spec.MinReadySeconds); len(next) > 0 && next[0].At.Latest.Before(at) {
		return nil // that is progress
	}
	return []Outlook{{
		What: fmt.Sprintf("the rollout counts as failed if no pod becomes ready before (progress deadline %s)", seconds(int64(*n))),
		At:   between(at, at.Add(time.Second), at.Add(2*time.Second)), Rule: "C65",
	}}
}

func (r *rollout) conditions() []Condition {
	var out []Condition
	for _, c := range r.d.Status.Conditions {
		out = append(out, workloadCondition(string(c.Type), string(c.Status), c.Reason, c.Message, c.LastTransitionTime))
	}
	return out
}

// workloadCondition gives the meaning of a workload's condition.
func workloadCondition(kind, status, reason, message string, since metav1.Time) Condition {
	c := Condition{Type: kind, Status: status, Reason: reason, Message: message, Since: timeOf(since)}
	yes := status == string(corev1.ConditionTrue)
	c.Bad = !yes
	switch kind {
	case "Available":
		c.Meaning = choose(yes, "enough pods are available", "fewer pods are available than it needs")
	case "Progressing":
		switch {
		case reason == "NewReplicaSetAvailable":
			c.Meaning = "the last rollout is finished"
		case reason == "ProgressDeadlineExceeded":
			c.Meaning = "the rollout made no progress in time"
		case strings.HasPrefix(reason, "DeploymentPaused"):
			c.Meaning, c.Bad = "it is paused", false
		default:
			c.Meaning = choose(yes, "a rollout is under way", "the rollout does not move")
		}
	case "ReplicaFailure":
		c.Meaning, c.Bad = choose(yes, "pods cannot be created or deleted", "pods can be created again"), yes
	case "Complete", "SuccessCriteriaMet":
		c.Meaning, c.Bad = choose(yes, "it has succeeded", "it has not succeeded"), false
	case "Failed", "FailureTarget":
		c.Meaning, c.Bad = choose(yes, "it has failed for good", "it has not failed"), yes
	case "Suspended":
		c.Meaning, c.Bad = choose(yes, "it is suspended: it has no pods", "it is not suspended"), false
	default:
		c.Meaning, c.Bad = strings.TrimSpace(reason+" "+shorten(message, 100)), false
	}
	return c
}

func (r *rollout) eventRefs() []analyze.Ref {
	refs := []analyze.Ref{r.o.Ref}
	for _, rs := range r.sets {
		if wanted(rs.Spec.Replicas) > 0 {
			refs = append(refs, r.refs[rs].Ref)
		}
	}
	for _, v := range r.crew.live {
		if !v.ready() && len(refs) < 6 {
			refs = append(refs, v.o.Ref)
		}
	}
	return slices.Clip(refs)
}

func (r *rollout) unseen() []analyze.Gap {
	var out []analyze.Gap
	kinds := []kind{analyze.KindReplicaSet, analyze.KindPod, analyze.KindEvent, analyze.KindService, analyze.KindPDB}
	for _, gk := range kinds {
		if !r.s.Sees(gk, r.o.Namespace) && len(r.s.Of(gk, r.o.Namespace)) == 0 {
			g := quiet(gk, r.o.Namespace)
			g.Matters = !r.complete() && (gk == analyze.KindPod || gk == analyze.KindReplicaSet)
			out = append(out, g)
		}
	}
	return out
}
