package explain

import (
	"fmt"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// explainNode tells the life-cycle side of a node: whether it reports, takes
// pods, is short of something, and what its state does to its pods.
func (w *world) explainNode(o *analyze.Object, n *corev1.Node) *Explanation {
	x := w.blank(o)
	for _, c := range n.Status.Conditions {
		x.Conditions = append(x.Conditions, nodeConditionInfo(c))
	}
	pods := w.podsOn(n.Name)
	fs := w.nodeFindings(o, n, pods)
	x.apply(fold(fs))
	if len(fs) == 0 {
		x.State, x.Severity = Healthy, analyze.OK
		x.Headline = fmt.Sprintf("%s is healthy: it is ready and takes pods", o.Ref)
	}
	x.Pods = w.crewOf(pods).groups()
	x.Effects = append(x.Effects, w.drainEffects(n, pods)...)
	x.Events = w.eventLines(fs, o.Ref)
	if !w.s.Sees(analyze.KindPod, "") {
		x.Gaps = append(x.Gaps, quiet(analyze.KindPod, ""))
	}
	return w.finish(x)
}

func (w *world) podsOn(node string) []*analyze.Object {
	var out []*analyze.Object
	for _, o := range w.s.Of(analyze.KindPod, "") {
		if p, ok := o.API.(*corev1.Pod); ok && p.Spec.NodeName == node {
			out = append(out, o)
		}
	}
	return out
}

func nodeConditionInfo(c corev1.NodeCondition) Condition {
	yes := c.Status == corev1.ConditionTrue
	i := Condition{Type: string(c.Type), Status: string(c.Status), Reason: c.Reason, Message: c.Message, Since: timeOf(c.LastTransitionTime)}
	if c.Type == corev1.NodeReady {
		i.Bad = !yes
		i.Meaning = choose(yes, "the kubelet reports and takes pods", "the kubelet is not ready: "+shorten(c.Message, 100))
		if c.Status == corev1.ConditionUnknown {
			i.Meaning = "the kubelet does not report any more"
		}
		return i
	}
	i.Bad = c.Status != corev1.ConditionFalse
	for _, e := range conditionEntries() {
		if e.Term == string(c.Type) {
			i.Meaning = choose(yes, e.Short, choose(c.Status == corev1.ConditionFalse, "no", "not known: the node does not report"))
		}
	}
	if i.Meaning == "" {
		i.Meaning, i.Bad = strings.TrimSpace(c.Reason+" "+shorten(c.Message, 100)), false
	}
	return i
}

func (w *world) nodeFindings(o *analyze.Object, n *corev1.Node, pods []*analyze.Object) []finding {
	var fs []finding
	if f, ok := w.notReadyNode(o, n, len(pods)); ok {
		fs = append(fs, f)
	}
	for i, t := range n.Spec.Taints {
		if t.Key == "node.kubernetes.io/out-of-service" {
			fs = append(fs, finding{Reason: Reason{
				ID: idNodeTainted, Severity: analyze.Warning, Certainty: Certain, Rule: "C349",
				Summary:  "it is marked out-of-service: its pods are removed by force and their volumes detached at once",
				Evidence: []Evidence{proof(o.Ref, fmt.Sprintf("spec.taints[%d]", i), t.ToString())},
			}, state: Stuck, says: "is marked out-of-service: its pods are removed by force"})
		}
	}
	for _, kind := range []corev1.NodeConditionType{corev1.NodeMemoryPressure, corev1.NodeDiskPressure, corev1.NodePIDPressure, corev1.NodeNetworkUnavailable} {
		c := nodeCondition(n, kind)
		if c == nil || c.Status != corev1.ConditionTrue {
			continue
		}
		fs = append(fs, finding{Reason: Reason{
			ID: idNodePressure, Severity: analyze.Error, Certainty: Certain, Rule: "K62",
			Summary:  fmt.Sprintf("it reports %s: %s", kind, shorten(c.Message, 120)),
			Detail:   "the kubelet evicts pods, those that use more than they request first, and refuses new ones",
			Evidence: []Evidence{proof(o.Ref, fmt.Sprintf("status.conditions[%s]", kind), c.Reason+": "+c.Message).when(c.LastTransitionTime.Time)},
		}, state: Failing, says: fmt.Sprintf("is short of resources: %s", kind)})
	}
	if n.Spec.Unschedulable {
		f := finding{Reason: Reason{
			ID: idCordon, Severity: analyze.Info, Certainty: Certain, Rule: "C335",
			Summary:  fmt.Sprintf("it is cordoned: no new pods are placed on it; %s still there", plural(len(pods), "pod")+are(len(pods), " is", " are")),
			Evidence: []Evidence{proof(o.Ref, "spec.unschedulable", "true")},
		}, state: Waiting, actions: []Action{change("kubectl uncordon "+shell(n.Name), "lets the scheduler use the node again")}}
		f.says = "is cordoned (SchedulingDisabled): no new pods are placed on it"
		fs = append(fs, f)
	}
	return fs
}

func (w *world) notReadyNode(o *analyze.Object, n *corev1.Node, pods int) (finding, bool) {
	c := nodeCondition(n, corev1.NodeReady)
	if c != nil && c.Status == corev1.ConditionTrue {
		return finding{}, false
	}
	f := finding{Reason: Reason{
		ID: idNodeNotReady, Severity: analyze.Error, Certainty: Certain, Rule: "C331",
		Detail: "its pods are taken out of Services; those that tolerate this for a limited time (5m by default) are deleted after it",
	}, state: Stuck}
	if c == nil {
		f.Summary = "it has not reported at all"
		f.Evidence = []Evidence{proof(o.Ref, "status.conditions", "")}
	} else {
		f.Evidence = []Evidence{proof(o.Ref, "status.conditions[Ready]", string(c.Status)+" "+c.Reason+": "+c.Message).when(c.LastTransitionTime.Time)}
		f.Summary = fmt.Sprintf("its kubelet says that it is not ready, for %s: %s", span(w.since(c.LastTransitionTime.Time)), shorten(c.Message, 140))
		if c.Status == corev1.ConditionUnknown {
			f.Summary = fmt.Sprintf("its kubelet does not report any more; it was marked NotReady %s ago (%s)", span(w.since(c.LastTransitionTime.Time)), c.Reason)
		}
	}
	f.says = fmt.Sprintf("is not ready: %s; %s on it", f.Summary, plural(pods, "pod"))
	f.actions = []Action{look("kubectl describe node "+shell(n.Name), "conditions and events of the node")}
	for _, t := range n.Spec.Taints {
		if t.Effect == corev1.TaintEffectNoExecute && t.TimeAdded != nil {
			at := t.TimeAdded.Add(300 * time.Second)
			if at.After(w.now) {
				f.outlook = []Outlook{{What: "pods with the default toleration of 300s are deleted", At: between(at, at, at.Add(time.Second)), Rule: "C338", Assumes: "the node stays lost"}}
			}
			break
		}
	}
	return f, true
}

// drainEffects are the budgets that a drain of the node would run into, shown
// where the node is cordoned or not ready.
func (w *world) drainEffects(n *corev1.Node, pods []*analyze.Object) []Effect {
	if !n.Spec.Unschedulable {
		return nil
	}
	var out []Effect
	var live []*corev1.Pod
	for _, o := range pods {
		p, ok := o.API.(*corev1.Pod)
		if ok && !terminal(p) && p.DeletionTimestamp == nil {
			live = append(live, p)
		}
	}
	for _, e := range w.budgetEffects(live) {
		e.Severity = max(e.Severity, analyze.Warning)
		out = append(out, e)
	}
	return out
}
