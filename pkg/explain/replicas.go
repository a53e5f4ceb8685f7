package explain

import (
	"fmt"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func (w *world) explainReplicaSet(o *analyze.Object, rs *appsv1.ReplicaSet) *Explanation {
	return w.explainReplicas(o, wanted(rs.Spec.Replicas), rs.Status.Replicas, rs.Status.AvailableReplicas, replicaFailure(rs.Status.Conditions))
}

func (w *world) explainController(o *analyze.Object, rc *corev1.ReplicationController) *Explanation {
	failure := ""
	for _, c := range rc.Status.Conditions {
		if c.Type == corev1.ReplicationControllerReplicaFailure && c.Status == corev1.ConditionTrue {
			failure = c.Message
		}
	}
	return w.explainReplicas(o, wanted(rc.Spec.Replicas), rc.Status.Replicas, rc.Status.AvailableReplicas, failure)
}

// explainReplicas explains what keeps a number of equal pods up.
func (w *world) explainReplicas(o *analyze.Object, want, have, available int32, failure string) *Explanation {
	x := w.blank(o)
	c := w.crewOf(w.podsOf(o))
	var fs []finding
	switch {
	case o.Meta.GetDeletionTimestamp() != nil:
		fs = append(fs, w.deletingWorkload(o, c))
	default:
		if f, ok := w.failedCreate(o, want, have, failure); ok {
			f.says = fmt.Sprintf("has %d of %s: %s cannot be created: %s", have, plural(int(want), "pod"), theRest(have, want), f.says)
			fs = append(fs, f)
		}
		fs = append(fs, c.lostAgain(available >= want)...)
		fs = append(fs, c.findings(available >= want, func(p podCause) string {
			return fmt.Sprintf("is not ready (%d of %s ready): %s", c.ready, plural(int(want), "pod"), p.whose())
		})...)
		if len(fs) == 0 && available < want {
			fs = append(fs, progressing(o, fmt.Sprintf("%d of %s available", available, plural(int(want), "pod"))))
		}
	}
	x.apply(fold(fs))
	if len(fs) == 0 {
		x.State, x.Severity = Healthy, analyze.OK
		x.Headline = fmt.Sprintf("%s is healthy: %d of %s available", o.Ref, available, plural(int(want), "pod"))
		if want == 0 {
			x.Headline = fmt.Sprintf("%s is scaled to zero: it has no pods because it wants none", o.Ref)
		}
	}
	return w.closeWorkload(x, o, c, fs)
}

// findings are the causes in a workload's pods; well says that the workload has
// all it wants, so that only trouble matters.
func (c *crew) findings(well bool, says func(podCause) string) []finding {
	var fs []finding
	for _, p := range c.causes(append(append([]*podView{}, c.live...), c.going...)) {
		if p.Severity <= analyze.Info && (well || p.ID == idTerminating) {
			continue
		}
		f := p.reason()
		f.says = says(p)
		f.folds = append(f.folds, idProgressing)
		fs = append(fs, f)
	}
	return fs
}

// progressing is a workload on its way, without trouble.
func progressing(o *analyze.Object, text string) finding {
	return finding{Reason: Reason{
		ID: idProgressing, Severity: analyze.Info, Certainty: Certain, Rule: "C51",
		Summary: text, Evidence: []Evidence{proof(o.Ref, "status", text)},
	}, state: Progressing, says: "is on its way: " + text}
}

// unproven lowers the certainty of a progress that no pod shows, where events
// would tell whether the pods can be created.
func (w *world) unproven(f finding, o *analyze.Object, c *crew) finding {
	if len(c.all) == 0 && f.state == Progressing && !w.s.Sees(analyze.KindEvent, o.Namespace) {
		f.Certainty, f.Why = Likely, "events could not be seen; they would tell whether its pods can be created"
		f.gaps = append(f.gaps, missing(analyze.KindEvent, o.Namespace, "whether its pods can be created"))
	}
	return f
}

// closeWorkload adds what all workloads have: pods, effects, events, gaps.
func (w *world) closeWorkload(x *Explanation, o *analyze.Object, c *crew, fs []finding) *Explanation {
	x.Pods = c.groups()
	x.Effects = append(x.Effects, c.podEffects()...)
	refs := []analyze.Ref{o.Ref}
	for _, v := range c.live {
		if !v.ready() && len(refs) < 5 {
			refs = append(refs, v.o.Ref)
		}
	}
	x.Events = w.eventLines(fs, refs...)
	for _, gk := range []kind{analyze.KindPod, analyze.KindEvent, analyze.KindPDB} {
		if !w.s.Sees(gk, o.Namespace) && len(w.s.Of(gk, o.Namespace)) == 0 {
			g := quiet(gk, o.Namespace)
			g.Matters = gk == analyze.KindPod && x.Severity >= analyze.Info
			x.Gaps = append(x.Gaps, g)
		}
	}
	return w.finish(x)
}

// deletingWorkload is a workload that is being deleted: foreground deletion waits
// for its pods, a finalizer for its controller (C24–C27).
func (w *world) deletingWorkload(o *analyze.Object, c *crew) finding {
	since := w.since(o.Meta.GetDeletionTimestamp().Time)
	f := finding{Reason: Reason{
		ID: idWorkloadDeleting, Severity: analyze.Info, Certainty: Certain, Rule: "K86",
		Summary:  fmt.Sprintf("it was deleted %s ago", span(since)),
		Evidence: []Evidence{proof(o.Ref, "metadata.deletionTimestamp", o.Meta.GetDeletionTimestamp().UTC().Format(time.RFC3339))},
	}, state: Terminating}
	f.says = "is being deleted: " + plural(len(c.all), "pod") + " of it " + are(len(c.all), "is", "are") + " left"
	if fin := o.Meta.GetFinalizers(); len(fin) > 0 {
		f.Summary += fmt.Sprintf("; %s %s %s still there", are(len(fin), "finalizer", "finalizers"), quoted(fin, 3), are(len(fin), "is", "are"))
		f.Evidence = append(f.Evidence, proof(o.Ref, "metadata.finalizers", quoted(fin, 5)))
		if since > time.Minute && len(c.all) == 0 {
			f.ID, f.Severity, f.state = idFinalizer, analyze.Error, Stuck
			f.says = fmt.Sprintf("is deleted but stays: finalizer %s is not removed", quoted(fin, 3))
		}
	}
	return f
}
