package explain

import (
	"fmt"
	"strings"

	appsv1 "k8s.io/api/apps/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func (w *world) explainDaemonSet(o *analyze.Object, set *appsv1.DaemonSet) *Explanation {
	x := w.blank(o)
	st := set.Status
	c := w.crewOf(w.podsOf(o))
	want := st.DesiredNumberScheduled
	done := st.NumberReady >= want && st.UpdatedNumberScheduled >= want && st.ObservedGeneration >= set.Generation
	var fs []finding
	if set.DeletionTimestamp != nil {
		fs = append(fs, w.deletingWorkload(o, c))
	} else {
		if f, ok := w.failedCreate(o, want, st.CurrentNumberScheduled, ""); ok {
			f.says = fmt.Sprintf("runs on %d of %s: %s cannot be created: %s", st.CurrentNumberScheduled, plural(int(want), "node"), theRest(st.CurrentNumberScheduled, want), f.says)
			fs = append(fs, f)
		}
		fs = append(fs, c.findings(done, func(p podCause) string {
			where := ""
			if n := p.first.pod.Spec.NodeName; n != "" && p.pods == 1 && !strings.Contains(p.says, n) {
				where = " on node " + n
			}
			if want == 0 {
				return fmt.Sprintf("wants no pod now, but has %s: %s%s", plural(len(c.live)+len(c.going), "pod"), p.whose(), where)
			}
			return fmt.Sprintf("is not ready (%d of %s ready): %s%s", st.NumberReady, plural(int(want), "pod"), p.whose(), where)
		})...)
		fs = append(fs, w.daemonRollout(o, set, c)...)
		if len(fs) == 0 && !done {
			fs = append(fs, w.unproven(progressing(o, fmt.Sprintf("%d of %s ready, %d updated", st.NumberReady, plural(int(want), "pod"), st.UpdatedNumberScheduled)), o, c))
		}
		if f, ok := noNodes(o, set); ok && len(fs) == 0 {
			fs = append(fs, f)
		}
	}
	fs = fold(fs)
	x.apply(fs)
	if len(fs) == 0 {
		x.State, x.Severity = Healthy, analyze.OK
		x.Headline = fmt.Sprintf("%s is healthy: %d of %s ready", o.Ref, st.NumberReady, plural(int(want), "pod"))
	}
	return w.closeWorkload(x, o, c, fs)
}

// daemonRollout is a rollout that a node which does not report holds up: its pod
// uses up maxUnavailable (pain 37; C158).
func (w *world) daemonRollout(o *analyze.Object, set *appsv1.DaemonSet, c *crew) []finding {
	st := set.Status
	if st.UpdatedNumberScheduled >= st.DesiredNumberScheduled || set.Spec.UpdateStrategy.Type == appsv1.OnDeleteDaemonSetStrategyType {
		return nil
	}
	var nodes []string
	var ev []Evidence
	for _, v := range c.all {
		if v.nodeDown() {
			nodes = append(nodes, v.pod.Spec.NodeName)
			ev = append(ev, proof(v.nodeRef(v.pod.Spec.NodeName), "status.conditions[Ready]", "not True"))
		}
	}
	limit := "1"
	if r := set.Spec.UpdateStrategy.RollingUpdate; r != nil && r.MaxUnavailable != nil {
		limit = r.MaxUnavailable.String()
	}
	if len(nodes) == 0 || st.NumberUnavailable == 0 {
		return nil
	}
	f := finding{Reason: Reason{
		ID: idDaemonDeadNode, Severity: analyze.Error, Certainty: Likely, Rule: "C158",
		Why:     "which nodes the controller counts is not in the API",
		Summary: fmt.Sprintf("the rollout does not go on (%d of %d updated): %s %s not ready and %s up maxUnavailable %s", st.UpdatedNumberScheduled, st.DesiredNumberScheduled, list(nodes, 3), are(len(nodes), "is", "are"), are(len(nodes), "uses", "use"), limit),
		Detail:  "pods of a DaemonSet tolerate a lost node for ever: remove the dead node, or raise maxUnavailable",
		Evidence: append(ev, proof(o.Ref, "status.updatedNumberScheduled", itoa(st.UpdatedNumberScheduled)),
			proof(o.Ref, "status.numberUnavailable", itoa(st.NumberUnavailable))),
	}, state: Stuck, folds: []string{idProgressing}}
	f.says = "is stuck in a rollout: " + f.Summary
	return []finding{f}
}

// noNodes is a DaemonSet that no node is meant for.
func noNodes(o *analyze.Object, set *appsv1.DaemonSet) (finding, bool) {
	st := set.Status
	if st.DesiredNumberScheduled > 0 || st.ObservedGeneration < set.Generation {
		return finding{}, false
	}
	return finding{Reason: Reason{
		ID: idNoNodeMatches, Severity: analyze.Info, Certainty: Certain, Rule: "C150",
		Summary:  "no node matches its node selector, affinity and tolerations",
		Evidence: []Evidence{proof(o.Ref, "status.desiredNumberScheduled", "0")},
	}, state: Healthy, says: "has nothing to do: no node matches its node selector, affinity and tolerations"}, true
}
