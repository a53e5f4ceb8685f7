package simulate

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// A liveState is what the status of a recorded pod says about its termination.
type liveState struct {
	recorded bool
	// terminating: the API holds a deletionTimestamp; zero is the moment of the
	// delete (K4: timestamp − grace).
	terminating bool
	zero        time.Time
	apiGrace    int64
	// immediate: no kubelet has to confirm: never scheduled, or finished (K2).
	immediate  bool
	why        string
	finalizers []string
	status     map[string]corev1.ContainerStatus
}

func liveStateOf(o *analyze.Object, pod *corev1.Pod) liveState {
	var l liveState
	if pod == nil {
		return l
	}
	l.finalizers = pod.Finalizers
	l.recorded = o.Recorded() || pod.Status.StartTime != nil || len(pod.Status.ContainerStatuses) > 0
	if !l.recorded {
		return l
	}
	if pod.DeletionTimestamp != nil {
		l.terminating = true
		l.apiGrace = 0
		if pod.DeletionGracePeriodSeconds != nil {
			l.apiGrace = *pod.DeletionGracePeriodSeconds
		}
		l.zero = pod.DeletionTimestamp.Add(-time.Duration(l.apiGrace) * time.Second)
	}
	switch {
	case pod.Spec.NodeName == "":
		l.immediate, l.why = true, "it was never bound to a node"
	case pod.Status.Phase == corev1.PodSucceeded || pod.Status.Phase == corev1.PodFailed:
		l.immediate, l.why = true, "it has already finished"
	}
	l.status = map[string]corev1.ContainerStatus{}
	for _, list := range [][]corev1.ContainerStatus{
		pod.Status.InitContainerStatuses, pod.Status.ContainerStatuses, pod.Status.EphemeralContainerStatuses,
	} {
		for _, st := range list {
			l.status[st.Name] = st
		}
	}
	return l
}

// held says that a finalizer keeps the object after the kubelet let it go (K86, C33).
func (l liveState) held() bool { return len(l.finalizers) > 0 }

// grace is the period the running termination has (K15): the API's record.
func (l liveState) grace(asked grace) grace {
	out := grace{kubelet: max(l.apiGrace, 1), shown: l.apiGrace, basis: analyze.Observed, rule: "K15", why: "metadata.deletionGracePeriodSeconds"}
	out.forced = l.apiGrace == 0
	if out.forced {
		out.kubelet = asked.kubelet
		if !asked.forced {
			out.kubelet = 1
		}
	}
	return out
}

// askAgain makes the delete that is asked about a further one of a pod that is
// terminating already (K6, K23).
func (p *termination) askAgain() {
	asked, ok := p.sc.askedGrace()
	now, known := p.now()
	if ok && known && now >= 0 {
		p.sc.Then = append(slices.Clip(p.sc.Then), ShorterDelete{Grace: asked, Offset: seconds(now)})
	}
}

// runs says whether the container is running when the trigger comes.
func (p *termination) runs(c analyze.Container) bool {
	if p.live.immediate {
		return false
	}
	if p.young != nil {
		_, ok := p.young.running[c.Name]
		return ok
	}
	if !p.live.recorded || len(p.live.status) == 0 {
		return p.runsWhenUp(c)
	}
	st, ok := p.live.status[c.Name]
	return ok && st.State.Running != nil
}

// runsWhenUp says whether the container runs long after the start-up, of which
// only the manifest and the assumptions tell.
func (p *termination) runsWhenUp(c analyze.Container) bool {
	if p.stuck != nil { // the start-up never gets further than this init container
		before := c.Type == analyze.SidecarContainer && c.Index < p.stuck.Index
		return before || (c.Type == analyze.InitContainer && c.Index == p.stuck.Index && !p.stuckCrashing)
	}
	_, ended := p.endedBefore(c, true)
	return c.Type != analyze.InitContainer && !ended
}

// findStuck looks for the init container at which the start-up hangs: one that
// never ends, or fails again and again. One that fails for good finishes the pod (K206).
func (p *termination) findStuck() {
	for _, c := range p.t.Containers() {
		if c.Type != analyze.InitContainer {
			continue
		}
		said := p.sc.Assumptions.For(p.o.Name, c.Name).over(p.sc.Assumptions.Default(p.o.Name))
		fails := said.Runs != nil && said.ExitCode != nil && *said.ExitCode != 0
		switch {
		case said.Runs != nil && math.IsInf(said.Runs.Likely, 1),
			said.Runs == nil && p.inferred(c, stopSignalOf(c, p.v)).endless:
			p.stuck = &c
			p.gaps = append(p.gaps, analyze.Gap{
				What: "the containers after " + c.Name, Why: "it never ends by itself, so they are never started, and it is still running",
			})
			return
		case fails:
			if again, _ := Restartable(p.v, p.t.Spec, c, *said.ExitCode); !again {
				p.live.immediate, p.live.why = true, c.Name+" has failed"
				return
			}
			p.stuck, p.stuckCrashing = &c, true
			p.gaps = append(p.gaps, analyze.Gap{What: "whether " + c.Name + " runs at that moment", Why: "it fails again and again; it is taken to wait for its next start"})
			return
		}
	}
}

// endedBefore says that an app container has ended for good, long before the
// trigger: the user says how long it runs (or its script, which counts if
// others run on), and its policy lets it rest.
func (p *termination) endedBefore(c analyze.Container, script bool) (code int32, ended bool) {
	if c.Type != analyze.AppContainer {
		return 0, false
	}
	said := p.sc.Assumptions.For(p.o.Name, c.Name).over(p.sc.Assumptions.Default(p.o.Name))
	runs, codes := said.Runs, []int32{0}
	if runs == nil && script && !p.allEnd {
		r := p.inferred(c, stopSignalOf(c, p.v))
		runs, codes = r.ends, r.codes
	}
	if runs == nil || math.IsInf(runs.Latest, 1) || len(codes) != 1 {
		return 0, false
	}
	code = codes[0]
	if said.ExitCode != nil {
		code = *said.ExitCode
	}
	again, _ := Restartable(p.v, p.t.Spec, c, code)
	return code, !again
}

// liveView marks "you are here" in the forecast of a pod that is terminating.
func (p *termination) liveView(tl *analyze.Timeline) {
	if now, ok := p.now(); ok {
		tl.Now = finitePtr(now)
	}
}

// now is the moment of the snapshot, in seconds from the delete.
func (p *termination) now() (now float64, ok bool) {
	if !p.live.terminating || p.s.Taken.IsZero() {
		return 0, false
	}
	return p.s.Taken.Sub(p.live.zero).Seconds(), true
}

// overdue lists the containers that should have stopped by now; the status
// cannot tell, as the kubelet writes none until all have stopped (K78).
func (p *termination) overdue(now float64) []string {
	var out []string
	for _, m := range p.members {
		if p.at(m.exit).Latest < now {
			out = append(out, m.Name)
		}
	}
	return out
}

// liveVerdict adds what the clock tells about a pod that is terminating.
func (p *termination) liveVerdict(v *analyze.Verdict) {
	now, ok := p.now()
	if !ok {
		return
	}
	if v.KillAtSeconds != nil {
		v.Extra["secondsToKill"] = math.Round((*v.KillAtSeconds-now)*10) / 10
	}
	if late := p.overdue(now); len(late) > 0 {
		v.Extra["overdue"] = late
	}
	if len(p.live.finalizers) > 0 {
		v.Extra["finalizers"] = p.live.finalizers
	}
	if lost := p.lostNode(); lost != "" {
		v.Extra["node"] = lost
	}
}

// liveHeadline is the sentence about a pod that is already terminating.
func (p *termination) liveHeadline(v analyze.Verdict) string {
	now, ok := p.now()
	if !ok {
		return ""
	}
	text := "terminating for " + secondsText(positive(math.Round(now)))
	late := p.overdue(now)
	switch {
	case p.live.immediate && p.live.held():
		return fmt.Sprintf("%s: %s, only its finalizers keep it (%s)", text, p.live.why, strings.Join(p.live.finalizers, ", "))
	case p.lostNode() != "":
		return fmt.Sprintf("%s: %s, so nobody confirms that its processes are gone", text, p.lostNode())
	case p.live.held() && len(late) == len(p.members):
		return fmt.Sprintf("%s: its processes should be gone, and its finalizers keep it (%s)", text, strings.Join(p.live.finalizers, ", "))
	case len(late) > 0 && v.ObjectGone != nil && v.ObjectGone.Latest < now:
		return fmt.Sprintf("%s and overdue by %s: %s should have stopped at %s at the latest",
			text, secondsText(math.Round(now-v.ObjectGone.Latest)), listText(late), roundText(v.ObjectGone.Latest))
	case v.KillAtSeconds != nil && now < *v.KillAtSeconds && len(v.Killed) > 0:
		return fmt.Sprintf("%s; %s; %s", text, p.killedText(v), p.goneText(v))
	case v.KillAtSeconds != nil && now < *v.KillAtSeconds:
		return fmt.Sprintf("%s; SIGKILL comes in %s at the latest; %s", text, secondsText(math.Round(*v.KillAtSeconds-now)), p.goneText(v))
	}
	return text + "; " + p.goneText(v)
}

// lostNode says that the pod's node does not report any more (K75); "" if it
// does or is not in the input.
func (p *termination) lostNode() string {
	if p.pod == nil || p.pod.Spec.NodeName == "" || !p.live.recorded {
		return ""
	}
	name := p.pod.Spec.NodeName
	o := p.s.Get(analyze.Ref{APIVersion: "v1", Kind: "Node", Name: name})
	if o == nil {
		if p.s.Sees(analyze.KindNode, "") && len(p.s.Of(analyze.KindNode, "")) > 0 {
			return fmt.Sprintf("its node %s does not exist any more", name)
		}
		return ""
	}
	node, ok := o.API.(*corev1.Node)
	if !ok {
		return ""
	}
	for _, c := range node.Status.Conditions {
		if c.Type == corev1.NodeReady && c.Status == corev1.ConditionUnknown {
			return fmt.Sprintf("its node %s does not report any more", name)
		}
	}
	return ""
}

// allGaps are the gaps of the forecast as a whole.
func (p *termination) allGaps() []analyze.Gap {
	gaps := append(p.gaps, gateGaps(p.v)...)
	if p.t.Spec.OS != nil && p.t.Spec.OS.Name == corev1.Windows {
		gaps = append(gaps, analyze.Gap{What: "Windows: how its containers are stopped", Why: "the model is that of Linux nodes"})
	}
	if p.live.terminating && len(p.members) > 0 {
		gaps = append(gaps, analyze.Gap{What: "which containers have stopped by now", Why: "the kubelet writes no status until all have stopped (K78)"})
	}
	if p.trigger == OnNodeShutdown && p.sc.ShutdownGrace == nil && p.sc.GracePeriod == nil {
		gaps = append(gaps, analyze.Gap{
			What: "the node's shutdown grace period", Why: "it is the kubelet's shutdownGracePeriod, and 0 by default: then pods die with the node, unasked (K66)",
		})
	}
	if p.live.held() {
		gaps = append(gaps, analyze.Gap{What: "when the object is gone", Why: "finalizers keep it: " + strings.Join(p.live.finalizers, ", ") + " (K86)"})
	}
	if lost := p.lostNode(); lost != "" {
		gaps = append(gaps, analyze.Gap{What: "when the object is gone", Why: lost + " (K75)"})
	}
	gaps = append(gaps, p.overdueGaps()...)
	for _, m := range p.members {
		gaps = append(gaps, p.memberGaps(m)...)
	}
	return append(append(gaps, p.reachGaps()...), p.budgetGaps()...)
}

func (p *termination) memberGaps(m *member) []analyze.Gap {
	var gaps []analyze.Gap
	if m.hook != nil && m.hook.kind == "empty" {
		gaps = append(gaps, analyze.Gap{What: m.Name + ": its preStop hook", Why: "it has no handler"})
	}
	gaps = append(gaps, p.idleHookAssumption(m)...)
	return append(gaps, p.stopSignalGaps(m)...)
}
