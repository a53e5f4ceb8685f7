package explain

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// A predicateCount is one item of the scheduler's message: so many nodes for that reason.
type predicateCount struct {
	nodes int
	text  string
}

// A fitError is the scheduler's message taken apart (C382, C383).
type fitError struct {
	total      int              // nodes in the cluster
	counts     []predicateCount // per-node reasons, most nodes first
	sentence   string           // a reason that holds for all nodes at once (prefilter)
	preemption string           // what preemption said
}

var (
	fitHead = regexp.MustCompile(`^0/(\d+) nodes are available:\s*`)
	fitItem = regexp.MustCompile(`^(\d+) (.+?)\.?$`)
)

// parseFitError reads "0/3 nodes are available: 2 Insufficient cpu, 1 node(s) …."
func parseFitError(message string) (fitError, bool) {
	m := fitHead.FindStringSubmatch(message)
	if m == nil {
		return fitError{}, false
	}
	total, _ := strconv.Atoi(m[1]) // the pattern allows digits only
	f := fitError{total: total}
	body := message[len(m[0]):]
	if i := strings.Index(body, "preemption: "); i >= 0 {
		f.preemption = strings.TrimSpace(body[i+len("preemption: "):])
		body = strings.TrimSpace(body[:i])
	}
	// ". not found" follows what holds for all nodes: preemption found no node to try.
	for _, noise := range []string{"no new claims to deallocate,", "still not schedulable,", ". not found"} {
		body = strings.TrimSpace(strings.TrimSuffix(body, noise))
	}
	for _, item := range splitItems(body) {
		if g := fitItem.FindStringSubmatch(item); g != nil {
			n, _ := strconv.Atoi(g[1])
			f.counts = append(f.counts, predicateCount{n, g[2]})
		} else if item != "" {
			f.sentence = strings.TrimSuffix(item, ".")
		}
	}
	slices.SortStableFunc(f.counts, func(a, b predicateCount) int { return b.nodes - a.nodes })
	return f, true
}

// splitItems splits at ", " only where a number follows.
func splitItems(body string) []string {
	var out []string
	start := 0
	for i := 0; i+2 < len(body); i++ {
		if body[i] == ',' && body[i+1] == ' ' && fitItem.MatchString(body[i+2:]) && body[i+2] >= '0' && body[i+2] <= '9' {
			out = append(out, strings.TrimSpace(body[start:i]))
			start = i + 2
		}
	}
	return append(out, strings.TrimSpace(strings.TrimSuffix(body[start:], ".")))
}

// unscheduled explains a pod that is bound to no node (pain 34, 40, 62, 66, 67, 89).
func unscheduled(v *podView) []finding {
	c := v.condition(corev1.PodScheduled)
	switch {
	case v.bound():
		return nil
	case c != nil && c.Reason == corev1.PodReasonSchedulingGated || c == nil && len(v.pod.Spec.SchedulingGates) > 0:
		return []finding{v.gated()}
	case c == nil || c.Status == corev1.ConditionTrue || c.Message == "" && c.Reason == "":
		return []finding{v.unseenByScheduler()}
	case c.Reason == corev1.PodReasonSchedulerError:
		return []finding{v.schedulerError(c)}
	}
	return v.noNodeFits(c)
}

// noNodeFits takes the scheduler's message apart: one finding per predicate.
func (v *podView) noNodeFits(c *corev1.PodCondition) []finding {
	base := []Evidence{v.see(v.conditionPath(corev1.PodScheduled), c.Reason+": "+c.Message).when(c.LastTransitionTime.Time)}
	if e := v.last("FailedScheduling"); e != nil {
		base[0] = base[0].when(analyze.EventTime(e))
	}
	fit, ok := parseFitError(c.Message)
	if !ok {
		f := v.unschedulable(idUnschedulable, saidOr(c.Message, "the scheduler does not say why"), base)
		if strings.HasPrefix(c.Message, "no nodes available") {
			f = v.unschedulable(idNoNodes, "the cluster has no node at all", base)
		}
		return []finding{f}
	}
	var out []finding
	if fit.sentence != "" {
		out = append(out, v.prefilter(fit, base))
	}
	for _, p := range fit.counts {
		out = append(out, v.predicate(p, fit, base))
	}
	if len(out) == 0 {
		out = append(out, v.unschedulable(idUnschedulable, saidOr(c.Message, "the scheduler does not say why"), base))
	}
	v.finishUnschedulable(out, fit, c)
	return out
}

// unschedulable is one reason why no node takes the pod.
func (v *podView) unschedulable(id, what string, ev []Evidence) finding {
	return finding{Reason: Reason{
		ID: id, Severity: analyze.Error, Certainty: Certain, Rule: "C384",
		Summary: what, Evidence: slices.Clone(ev),
	}, state: Stuck, says: "cannot be scheduled: " + what, folds: []string{idNotReadyYet}}
}

// finishUnschedulable puts what concerns all predicates on the first one.
func (v *podView) finishUnschedulable(out []finding, fit fitError, c *corev1.PodCondition) {
	first := &out[0]
	if len(out) > 1 {
		var all []string
		for _, f := range out {
			all = append(all, f.Summary)
		}
		first.says = "cannot be scheduled: " + list(all, 3)
	}
	first.Detail = joinDetail(first.Detail, preemptionWords(fit.preemption))
	first.actions = append(first.actions, look("kubectl describe pod "+shell(v.o.Name)+v.ns(), "the scheduler's latest message"))
	// Since 1.35 the field can also name an expected node without any preemption (C386).
	freed := fit.preemption == "" || strings.Contains(fit.preemption, "terminating pod on the nominated node")
	if n := v.pod.Status.NominatedNodeName; n != "" && freed {
		v.nominated(first, n)
		return
	}
	if e := v.last("TriggeredScaleUp"); e != nil && v.since(analyze.EventTime(e)) < 15*time.Minute {
		first.Evidence = append(first.Evidence, event(e))
		first.Detail = joinDetail("the cluster autoscaler has asked for a new node", first.Detail)
		for i := range out {
			out[i].Severity, out[i].state = analyze.Warning, Waiting
		}
	}
	since := v.since(c.LastTransitionTime.Time)
	first.Detail = joinDetail(first.Detail, fmt.Sprintf("it has been waiting for %s; the scheduler tries again when nodes or pods change, at the latest every 5 minutes", span(max(since, v.age()))))
}

func preemptionWords(text string) string {
	switch {
	case strings.Contains(text, "preemptionPolicy=Never"):
		return "its priority class forbids preempting other pods"
	case strings.Contains(text, "terminating pod on the nominated node"):
		return "a node is being freed for it: the pods that have to go are still terminating"
	case strings.Contains(text, "No preemption victims found"):
		return "preemption does not help: no pod of lower priority would make space"
	case strings.Contains(text, "Preemption is not helpful"):
		return "preempting other pods would not help"
	}
	return ""
}

// nominated is a pod for which a node is being freed (pain 89; C386).
func (v *podView) nominated(f *finding, node string) {
	f.ID, f.Severity, f.state, f.Rule = idNominated, analyze.Info, Waiting, "C386"
	f.Evidence = append(f.Evidence, v.see("status.nominatedNodeName", node))
	f.says = fmt.Sprintf("is waiting for node %s to be freed for it: %s", node, f.Summary)
	f.Summary = fmt.Sprintf("node %s is being freed for it by preemption; the pods that go still have their grace periods (%s)", node, f.Summary)
	var last time.Time
	for _, o := range v.s.Of(analyze.KindPod, "") {
		p, ok := o.API.(*corev1.Pod)
		if ok && p.Spec.NodeName == node && p.DeletionTimestamp != nil && p.DeletionTimestamp.After(last) {
			last = p.DeletionTimestamp.Time
		}
	}
	if !last.IsZero() {
		f.outlook = append(f.outlook, Outlook{
			What: fmt.Sprintf("the last pod that has to leave node %s is gone at the latest", node),
			At:   between(v.now, last, last.Add(2*time.Second)), Rule: "C386", Assumes: "its kubelet can stop it",
		})
	}
}

// gated is a pod that the scheduler must not look at yet (pain 66; C387).
func (v *podView) gated() finding {
	var gates []string
	f := finding{Reason: Reason{
		ID: idGated, Severity: analyze.Warning, Certainty: Certain, Rule: "C387",
		Detail: "whoever set the gate (a queue controller, for instance) has to remove it; the scheduler ignores the pod until then",
	}, state: Waiting, folds: []string{idNotReadyYet}}
	for i, g := range v.pod.Spec.SchedulingGates {
		gates = append(gates, g.Name)
		f.Evidence = append(f.Evidence, v.see(fmt.Sprintf("spec.schedulingGates[%d].name", i), g.Name))
	}
	if c := v.condition(corev1.PodScheduled); c != nil {
		f.Evidence = append(f.Evidence, v.see(v.conditionPath(corev1.PodScheduled), c.Reason+": "+c.Message).when(c.LastTransitionTime.Time))
	}
	f.Summary = fmt.Sprintf("scheduling %s %s %s not removed yet", are(len(gates), "gate", "gates"), quoted(gates, 3), are(len(gates), "is", "are"))
	if v.age() < time.Minute {
		f.Severity = analyze.Info
	}
	f.says = "is not scheduled: " + f.Summary
	f.actions = []Action{look("kubectl get pod "+shell(v.o.Name)+" -o jsonpath='{.spec.schedulingGates}'"+v.ns(), "the gates that are left")}
	return f
}

// unseenByScheduler is a pod without any verdict of a scheduler (C381).
func (v *podView) unseenByScheduler() finding {
	name := v.pod.Spec.SchedulerName
	f := finding{Reason: Reason{
		ID: idNoScheduler, Severity: analyze.Info, Certainty: Certain, Rule: "C381",
		Summary:  "no scheduler has looked at it yet",
		Evidence: []Evidence{v.see("spec.schedulerName", name), v.see("spec.nodeName", "")},
	}, state: Waiting, says: "is not scheduled: no scheduler has looked at it yet", folds: []string{idNotReadyYet}}
	patience := 30 * time.Second
	if name != "" && name != corev1.DefaultSchedulerName {
		patience = 10 * time.Second
	}
	if v.age() > patience {
		f.Severity, f.state, f.Certainty = analyze.Error, Stuck, Likely
		f.Summary = fmt.Sprintf("no scheduler has looked at it for %s", span(v.age()))
		f.says = "is not scheduled: " + f.Summary
		f.Why = "a scheduler that runs gives its verdict within seconds"
		if name != "" && name != corev1.DefaultSchedulerName {
			f.says = fmt.Sprintf("is not scheduled: scheduler %q has not looked at it for %s; it may not exist", name, span(v.age()))
			f.Summary = fmt.Sprintf("scheduler %q has not looked at it for %s; it may not exist", name, span(v.age()))
		}
		f.actions = []Action{look("kubectl get pods -A -l component=kube-scheduler", "whether a scheduler runs")}
	}
	return f
}

func (v *podView) schedulerError(c *corev1.PodCondition) finding {
	f := v.unschedulable(idSchedulerError, "the scheduler failed on it: "+shorten(c.Message, 200),
		[]Evidence{v.see(v.conditionPath(corev1.PodScheduled), c.Reason+": "+c.Message).when(c.LastTransitionTime.Time)})
	f.Detail = "an internal error of the scheduler; it tries again by itself"
	return f
}
