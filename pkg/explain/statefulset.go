package explain

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	appsv1 "k8s.io/api/apps/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// ordinal is the number at the end of a StatefulSet pod's name; -1 if there is none (C110).
func ordinal(name string) int {
	i := strings.LastIndexByte(name, '-')
	n, err := strconv.Atoi(name[i+1:])
	if i < 0 || err != nil {
		return -1
	}
	return n
}

func (w *world) explainStatefulSet(o *analyze.Object, set *appsv1.StatefulSet) *Explanation {
	x := w.blank(o)
	want, st := wanted(set.Spec.Replicas), set.Status
	c := w.crewOf(w.podsOf(o))
	slices.SortStableFunc(c.all, byOrdinal)
	slices.SortStableFunc(c.live, byOrdinal)
	if st.UpdateRevision != st.CurrentRevision {
		c.label, c.newHash = appsv1.ControllerRevisionHashLabelKey, st.UpdateRevision
	}
	done := st.ReadyReplicas >= want && st.Replicas == want && (st.UpdatedReplicas >= want || st.UpdateRevision == st.CurrentRevision) && st.ObservedGeneration >= set.Generation
	var fs []finding
	if set.DeletionTimestamp != nil {
		fs = append(fs, w.deletingWorkload(o, c))
	} else {
		if f, ok := w.failedCreate(o, want, st.Replicas, ""); ok {
			f.says = fmt.Sprintf("has %d of %s: the next cannot be created: %s", st.Replicas, plural(int(want), "pod"), f.says)
			fs = append(fs, f)
		}
		fs = append(fs, c.findings(done, func(p podCause) string {
			verb := "is not ready"
			if p.Severity <= analyze.Info {
				verb = choose(c.newHash != "", "is rolling out", "is starting")
			}
			return fmt.Sprintf("%s (%d of %s ready): %s: %s", verb, c.ready, plural(int(want), "pod"), p.first.name(), p.because())
		})...)
		fs = leadWithTrap(fs, w.ordered(o, set, c))
		if len(fs) == 0 && !done {
			fs = append(fs, w.unproven(w.setProgress(o, set, c), o, c))
		}
	}
	fs = fold(fs)
	x.apply(fs)
	if len(fs) == 0 {
		x.State, x.Severity = Healthy, analyze.OK
		x.Headline = fmt.Sprintf("%s is healthy: %d of %s ready", o.Ref, st.ReadyReplicas, plural(int(want), "pod"))
		if want == 0 {
			x.Headline = fmt.Sprintf("%s is scaled to zero: it has no pods because it wants none", o.Ref)
		}
	}
	return w.closeWorkload(x, o, c, fs)
}

func byOrdinal(a, b *podView) int { return ordinal(a.o.Name) - ordinal(b.o.Name) }

// leadWithTrap puts the trap before what broke the pod in it: the template may
// have been corrected long ago.
func leadWithTrap(pods, ordered []finding) []finding {
	if len(ordered) == 0 || ordered[0].ID != idRevertTrap {
		return append(pods, ordered...)
	}
	for i := range pods {
		pods[i].consequence, pods[i].actions = true, nil
	}
	return append(ordered, pods...)
}

// ordered is what an unready pod does to an OrderedReady set: it blocks creation,
// scale-down and the rolling update, and a reverted template does not help a pod
// of a broken revision (pain 10; C114, C117, C120, C123).
func (w *world) ordered(o *analyze.Object, set *appsv1.StatefulSet, c *crew) []finding {
	if set.Spec.PodManagementPolicy == appsv1.ParallelPodManagement {
		return nil
	}
	i := slices.IndexFunc(c.all, func(v *podView) bool { return !v.ready() || v.deleting() })
	if i < 0 {
		return nil
	}
	v := c.all[i]
	worst := analyze.OK
	for _, f := range v.findings() {
		worst = max(worst, f.Severity)
	}
	if worst < analyze.Warning {
		return nil
	}
	want, st := wanted(set.Spec.Replicas), set.Status
	f := finding{Reason: Reason{
		ID: idOrderedWait, Severity: analyze.Warning, Certainty: Certain, Rule: "C117", Object: &v.o.Ref,
		Evidence: []Evidence{proof(o.Ref, "spec.podManagementPolicy", "OrderedReady"), proof(v.o.Ref, "status.conditions[Ready]", "not True")},
	}, state: Stuck, folds: []string{idProgressing}}
	missing := want - st.Replicas
	updating := st.UpdateRevision != st.CurrentRevision
	switch revision := v.pod.Labels[appsv1.ControllerRevisionHashLabelKey]; {
	case revision != "" && revision != st.UpdateRevision && brokenRevision(c, revision):
		f.ID, f.Rule, f.Severity = idRevertTrap, "C123", analyze.Error
		f.Summary = fmt.Sprintf("%s is of an older revision than the template, and the set does not replace it because it is not ready", v.name())
		f.Detail = "with OrderedReady a corrected template never reaches a pod that is not ready: delete that pod by hand"
		f.Evidence = append(f.Evidence, proof(v.o.Ref, "metadata.labels[controller-revision-hash]", revision), proof(o.Ref, "status.updateRevision", st.UpdateRevision))
		f.actions = []Action{change("kubectl delete pod "+shell(v.o.Name)+inNamespace(o.Namespace), "the set makes it again from the present template")}
	case updating:
		f.Summary = fmt.Sprintf("the rolling update waits for %s (%d of %d updated)", v.name(), st.UpdatedReplicas, want)
		f.Detail = "with OrderedReady a corrected template does not replace a pod that is not ready: delete that pod by hand after correcting it"
	case missing > 0:
		f.Summary = fmt.Sprintf("%s not created: the set waits for %s, one pod after the other (OrderedReady)", plural(int(missing), "more pod")+are(int(missing), " is", " are"), v.name())
	default:
		return nil
	}
	f.says = "is stuck: " + f.Summary
	return []finding{f}
}

// brokenRevision says that no pod of that revision is ready, so that it is not
// simply one that waits for its turn.
func brokenRevision(c *crew, revision string) bool {
	for _, v := range c.live {
		if v.pod.Labels[appsv1.ControllerRevisionHashLabelKey] == revision && v.ready() {
			return false
		}
	}
	return true
}

func (w *world) setProgress(o *analyze.Object, set *appsv1.StatefulSet, c *crew) finding {
	want, st := wanted(set.Spec.Replicas), set.Status
	text := fmt.Sprintf("%d of %s ready", st.ReadyReplicas, plural(int(want), "pod"))
	if st.UpdateRevision != st.CurrentRevision {
		text += fmt.Sprintf(", %d updated", st.UpdatedReplicas)
	}
	byDesign := false
	if p := set.Spec.UpdateStrategy.RollingUpdate; p != nil && p.Partition != nil && *p.Partition > 0 && st.UpdateRevision != st.CurrentRevision {
		byDesign = st.UpdatedReplicas >= max(0, want-*p.Partition)
		text += fmt.Sprintf("; partition %d keeps the pods below it on the old revision", *p.Partition)
	}
	if set.Spec.UpdateStrategy.Type == appsv1.OnDeleteStatefulSetStrategyType && st.UpdateRevision != st.CurrentRevision {
		byDesign = true
		text += "; strategy OnDelete replaces pods only when somebody deletes them"
	}
	f := progressing(o, text)
	if byDesign && st.ReadyReplicas >= want {
		f.state, f.says = Healthy, "is ready, and not all of its pods are updated by design: "+text
	}
	if len(c.going) > 0 {
		f.Detail = fmt.Sprintf("it waits for %s to be gone: the new pod has the same name", c.going[0].name())
	}
	return f
}
