package simulate

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// sleepOff says that the handler is a sleep which its feature gate keeps from sleeping.
func sleepOff(v analyze.Version, h *corev1.LifecycleHandler) bool {
	return h.Sleep != nil && !GateOn(v, GateSleepAction)
}

// sleepHookOff is a sleep hook where its feature gate is off: the API server
// drops it from new pods, and the kubelet lets that of a stored one return at
// once (K38; pkg/api/pod/util.go and pkg/kubelet/lifecycle/handlers.go@v1.32.0).
func (p *termination) sleepHookOff(m *member, h *hook) *hook {
	gap := analyze.Gap{
		What: m.Name + ": its preStop sleep of " + secondsText(h.takes.Likely),
		Why:  fmt.Sprintf("feature gate %s is off: the API server drops the hook when the pod is made", GateSleepAction),
	}
	if p.live.recorded {
		gap.Why = fmt.Sprintf("feature gate %s is off: the kubelet does not sleep", GateSleepAction)
		h.takes, h.basis = analyze.At(0), analyze.Default
	} else {
		h = nil
	}
	p.gaps = append(p.gaps, gap)
	return h
}

// idleHookAssumption tells of an assumed length of a preStop hook that changes
// nothing: there is no hook, or how long it takes is no question.
func (p *termination) idleHookAssumption(m *member) []analyze.Gap {
	said := p.sc.Assumptions.For(p.o.Name, m.Name).PreStop
	why := ""
	switch {
	case said == nil:
		return nil
	case m.Lifecycle == nil || m.Lifecycle.PreStop == nil:
		why = "it has no preStop hook"
	case m.hook == nil:
		why = "its preStop hook is not run"
	case m.hook.kind == "tcpSocket":
		why = "its preStop hook is a tcpSocket one, which fails at once (K38)"
	case m.hook.kind == "sleep" && *said != m.hook.takes:
		why = fmt.Sprintf("its preStop hook sleeps for %s by the manifest", secondsText(m.hook.takes.Likely))
	default:
		return nil
	}
	return []analyze.Gap{{What: fmt.Sprintf("%s: the assumed preStop of %s has no effect", m.Name, rangeText(*said)), Why: why}}
}

// overdueGaps says what may have happened to a pod that should be gone: what
// fails or restarts on the node begins again with the hooks and the whole grace period.
func (p *termination) overdueGaps() []analyze.Gap {
	now, ok := p.now()
	if !ok || p.live.held() || p.live.immediate || p.lostNode() != "" {
		return nil
	}
	late := p.overdue(now)
	if len(late) == 0 {
		return nil
	}
	why := "a kubelet that was restarted begins again, with hooks and the whole grace period (K19); so it does when the container runtime has failed to stop a container " +
		"for the grace period and 2m (its runtimeRequestTimeout, K46)"
	for _, m := range p.members {
		if len(m.waitsFor) > 0 {
			why += ", and sidecars then wait until their own grace period is used up (K55)"
			break
		}
	}
	return []analyze.Gap{{What: "why " + listText(late) + " " + verb(late, "has", "have") + " not stopped", Why: why}}
}
