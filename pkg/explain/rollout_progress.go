package explain

import (
	"fmt"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// inProgress is a rollout on its way.
func (r *rollout) inProgress() []finding {
	st := r.d.Status
	if r.complete() || r.want == 0 && st.Replicas == 0 && st.ObservedGeneration >= r.d.Generation {
		return nil
	}
	f := finding{Reason: Reason{
		ID: idRolloutProgressing, Severity: analyze.Info, Certainty: Certain, Rule: "C49",
		Summary: fmt.Sprintf("%d of %d pods are updated, %d are available", st.UpdatedReplicas, r.want, st.AvailableReplicas),
		Evidence: []Evidence{
			proof(r.o.Ref, "status.updatedReplicas", itoa(st.UpdatedReplicas)),
			proof(r.o.Ref, "status.availableReplicas", itoa(st.AvailableReplicas)),
		},
	}, state: Progressing}
	f.says = "is rolling out: " + f.Summary
	if r.crew.newHash == "" {
		f.says = fmt.Sprintf("is starting: %d of %s available", st.AvailableReplicas, plural(int(r.want), "pod"))
	}
	if st.ObservedGeneration < r.d.Generation && st.ObservedGeneration > 0 {
		f.Summary = "the controller has not looked at its last change yet"
		f.says = "was just changed: " + f.Summary
	}
	r.waitsForReady(&f)
	r.waitsForOld(&f)
	return []finding{f}
}

// waitsForReady is a rollout whose pods are ready but not yet for long enough (C51).
func (r *rollout) waitsForReady(f *finding) {
	st := r.d.Status
	if n := r.d.Spec.MinReadySeconds; n > 0 && st.ReadyReplicas > st.AvailableReplicas && st.UpdatedReplicas == r.want {
		f.Rule = "C51"
		f.Detail = fmt.Sprintf("%d of them are ready, but count as available only after minReadySeconds (%s)", st.ReadyReplicas, seconds(int64(n)))
		f.says = fmt.Sprintf("is waiting: %d of %s ready, available after minReadySeconds (%s)", st.ReadyReplicas, plural(int(r.want), "pod"), seconds(int64(n)))
		f.outlook = r.availableOutlook(n)
	}
}

// waitsForOld is a Recreate rollout that waits for the old pods to end (C59).
func (r *rollout) waitsForOld(f *finding) {
	st := r.d.Status
	if going := r.crew.going; r.d.Spec.Strategy.Type == appsv1.RecreateDeploymentStrategyType && len(going) > 0 && st.UpdatedReplicas == 0 {
		f.Rule = "C59"
		f.Summary = fmt.Sprintf("strategy Recreate makes no new pod before %s %s gone", plural(len(going), "old pod"), are(len(going), "is", "are"))
		f.says = "is rolling out: " + f.Summary
		f.Object = &going[0].o.Ref
		if going[0].pod.DeletionTimestamp.After(r.now) {
			f.outlook = going[0].stopOutlook()
		}
		for i := range f.outlook {
			f.outlook[i].What = going[0].name() + ": " + f.outlook[i].What
		}
	}
}

// availableOutlook is when the next ready pod counts as available (C51).
func (r *rollout) availableOutlook(minReady int32) []Outlook {
	for _, v := range r.crew.live {
		c := v.condition(corev1.PodReady)
		if c == nil || c.Status != corev1.ConditionTrue {
			continue
		}
		if at := c.LastTransitionTime.Add(time.Duration(minReady) * time.Second); at.After(r.now) {
			return []Outlook{{What: v.name() + " counts as available", At: between(at, at, at.Add(2*time.Second)), Rule: "C51", Assumes: "it stays ready"}}
		}
	}
	return nil
}
