package explain

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// Explain says why the object is as it is at the moment of the snapshot.
func Explain(s *analyze.Snapshot, o *analyze.Object, opt Options) *Explanation {
	return newWorld(s, opt).explain(o)
}

func (w *world) explain(o *analyze.Object) *Explanation {
	if onlyManifest(o) {
		return w.explainManifest(o)
	}
	return w.explainLive(o)
}

// explainLive sends each kind to its explanation.
func (w *world) explainLive(o *analyze.Object) *Explanation {
	switch t := o.API.(type) {
	case *corev1.Pod:
		return w.explainPod(o, t)
	case *appsv1.Deployment:
		return w.explainDeployment(o, t)
	case *appsv1.ReplicaSet:
		return w.explainReplicaSet(o, t)
	case *corev1.ReplicationController:
		return w.explainController(o, t)
	case *appsv1.StatefulSet:
		return w.explainStatefulSet(o, t)
	case *appsv1.DaemonSet:
		return w.explainDaemonSet(o, t)
	case *batchv1.Job:
		return w.explainJob(o, t)
	case *batchv1.CronJob:
		return w.explainCronJob(o, t)
	case *corev1.Node:
		return w.explainNode(o, t)
	case *policyv1.PodDisruptionBudget:
		return w.explainBudget(o, t)
	case *autoscalingv2.HorizontalPodAutoscaler:
		return w.explainHPA(o, t)
	case *corev1.PersistentVolumeClaim:
		return w.explainClaim(o, t)
	case *corev1.Service:
		return w.explainService(o, t)
	case *corev1.Namespace:
		return w.explainNamespace(o, t)
	}
	return w.explainOther(o)
}

// blank is an explanation that knows its subject and its clock.
func (w *world) blank(o *analyze.Object) *Explanation {
	x := &Explanation{
		APIVersion: analyze.APIVersion, Kind: KindExplanation, Subject: o.Ref,
		KubernetesVersion: w.s.Version.String(), Taken: w.s.Taken.UTC(), TakenFrom: w.s.TakenFrom,
		State: Unknown, Owners: w.owners(o),
	}
	for _, p := range o.Problems {
		x.Gaps = append(x.Gaps, analyze.Gap{What: p.Path, Why: withoutPath(p.Path, p.Message)})
	}
	return x
}

// apply takes the findings over, the first as the decisive one.
func (x *Explanation) apply(fs []finding) {
	for i, f := range fs {
		if i == 0 {
			x.State, x.Severity = f.state, f.Severity
			x.Headline = x.Subject.String() + " " + f.says
		}
		x.Severity = max(x.Severity, f.Severity)
		x.Reasons = append(x.Reasons, f.Reason)
		x.Outlook = append(x.Outlook, f.outlook...)
		x.Actions = append(x.Actions, f.actions...)
		x.Gaps = append(x.Gaps, f.gaps...)
	}
}

// finish puts the parts into their final order and removes doubles.
func (w *world) finish(x *Explanation) *Explanation {
	x.Actions = unique(x.Actions, func(a Action) string { return a.Command })
	load := w.loadGaps(x.Subject)
	x.Gaps = slices.DeleteFunc(x.Gaps, func(g analyze.Gap) bool {
		return !g.Matters && slices.ContainsFunc(load, func(l analyze.Gap) bool {
			return sameGap(g, l)
		})
	})
	for i, g := range x.Gaps {
		if l := slices.IndexFunc(load, func(l analyze.Gap) bool { return sameGap(g, l) }); g.Matters && l >= 0 {
			x.Gaps[i].Why = strings.TrimPrefix(g.Why+": ", notSeen+": ") + load[l].Why
		}
	}
	x.Gaps = unique(append(x.Gaps, load...), func(g analyze.Gap) string { return g.What + "\x00" + g.Why })
	slices.SortStableFunc(x.Outlook, func(a, b Outlook) int { return a.At.Earliest.Compare(b.At.Earliest) })
	x.Outlook = unique(x.Outlook, func(o Outlook) string { return o.What })
	for _, l := range w.opt.Logs {
		if l.Pod.Same(x.Subject) || x.Subject.Kind != "Pod" && l.Pod.Namespace == x.Subject.Namespace {
			x.Logs = append(x.Logs, l)
		}
	}
	for _, e := range x.Effects {
		x.Severity = max(x.Severity, e.Severity)
	}
	x.notNil()
	return x
}

// sameGap says whether what could not be loaded is why something was not seen.
func sameGap(g, loaded analyze.Gap) bool {
	return loaded.Kind == g.Kind && g.Kind.Kind != "" && (loaded.Namespace == "" || loaded.Namespace == g.Namespace)
}

// notNil makes the lists that the contract promises appear as [] in JSON.
func (x *Explanation) notNil() {
	x.Reasons = append([]Reason{}, x.Reasons...)
	x.Owners = append([]Owner{}, x.Owners...)
	x.Effects = append([]Effect{}, x.Effects...)
	x.Outlook = append([]Outlook{}, x.Outlook...)
	x.Actions = append([]Action{}, x.Actions...)
	x.Gaps = append([]analyze.Gap{}, x.Gaps...)
}

// unique keeps the first of those with the same key.
func unique[T any](list []T, key func(T) string) []T {
	seen := map[string]bool{}
	var out []T
	for _, t := range list {
		if k := key(t); !seen[k] {
			seen[k] = true
			out = append(out, t)
		}
	}
	return out
}

// loadGaps are those gaps of the snapshot that concern the subject's namespace
// or the cluster.
func (w *world) loadGaps(subject analyze.Ref) []analyze.Gap {
	var out []analyze.Gap
	for _, g := range w.s.Gaps {
		if g.Namespace == "" || g.Namespace == subject.Namespace || subject.Namespace == "" {
			out = append(out, g)
		}
	}
	return out
}

// explainOther is an object of a kind without a life cycle that is known here:
// its conditions, its events and what its pods do.
func (w *world) explainOther(o *analyze.Object) *Explanation {
	x := w.blank(o)
	pods := w.podsOf(o)
	if len(pods) > 0 {
		w.throughPods(x, pods, nil)
		if len(x.Reasons) > 0 {
			return w.finish(x)
		}
		x.State = Healthy
		x.Headline = fmt.Sprintf("%s owns %s that %s well", o.Ref, plural(len(pods), "pod"), are(len(pods), "does", "do"))
		return w.finish(x)
	}
	x.Headline = fmt.Sprintf("%s: nothing is known here about the life cycle of a %s", o.Ref, o.Kind)
	x.Severity = analyze.Info
	x.Events = w.eventLines(nil, o.Ref)
	return w.finish(x)
}

// withoutPath drops the path from a message that names it: the gap says it already.
func withoutPath(path, message string) string {
	for _, form := range []string{path, strconv.Quote(path)} {
		if rest, ok := strings.CutPrefix(message, form); ok {
			return strings.TrimLeft(rest, " :")
		}
		if rest, ok := strings.CutSuffix(message, form); ok {
			return strings.TrimRight(rest, " :")
		}
	}
	return message
}

const notSeen = "not seen"

// quiet is a gap that is worth knowing but changed nothing.
func quiet(gk kind, namespace string) analyze.Gap {
	g := missing(gk, namespace, kindWord(gk))
	g.Why, g.Matters = notSeen, false
	if namespace != "" {
		g.What += fmt.Sprintf(" in namespace %q", namespace)
	}
	return g
}

// byName sorts refs for lists: namespace, then name.
func byName(a, b analyze.Ref) int {
	return cmp.Or(strings.Compare(a.Namespace, b.Namespace), strings.Compare(a.Kind, b.Kind), strings.Compare(a.Name, b.Name))
}
