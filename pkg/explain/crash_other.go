package explain

import (
	"fmt"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// postStartFailed is a container the kubelet killed because its postStart hook
// failed (pain 52; K124).
func postStartFailed(k crash) (finding, bool) {
	w := k.c.waiting()
	e := k.c.last("FailedPostStartHook", "")
	waits := w != nil && w.Reason == "PostStartHookError"
	hooked := k.c.Lifecycle != nil && k.c.Lifecycle.PostStart != nil
	if !waits && (!hooked || e == nil || analyze.EventTime(e).After(k.t.FinishedAt.Add(eventSlack)) && eventCount(e) == 1) {
		return finding{}, false
	}
	f := finding{Reason: Reason{ID: idPostStartFails, Rule: "K124"}}
	if !waits && analyze.EventTime(e).Before(k.t.StartedAt.Add(-eventSlack)) {
		if !k.eventsMissing() {
			return finding{}, false
		}
		f.Certainty, f.Why = Likely, "the kubelet reports only some events of a pod that has many; the last failure that it reported was of an earlier run"
	}
	f.Detail = "a failing postStart hook makes the kubelet kill the container, however well the application runs"
	if waits {
		f.Evidence = append(f.Evidence, k.c.seen("state.waiting.reason", w.Reason), k.c.seen("state.waiting.message", w.Message))
		f.Detail = joinDetail(f.Detail, "the kubelet says: "+shorten(w.Message, 200))
	}
	if e != nil {
		f.Evidence = append(f.Evidence, event(e))
	}
	f.actions = append(k.lookAtLogs(), look("kubectl describe pod "+shell(k.v.o.Name)+k.v.ns(), "the hook, and its events"))
	f = k.finish(f, "was killed because its postStart hook failed")
	f.says = fmt.Sprintf("%s: the postStart hook of %s fails, so the kubelet kills it", k.verb(), k.c.label())
	return f, true
}

// statusUnknown is a container the kubelet lost: 137 is made up (pain 41; K281, K283, K83).
func statusUnknown(k crash) (finding, bool) {
	if k.t.Reason != "ContainerStatusUnknown" {
		return finding{}, false
	}
	f := finding{Reason: Reason{
		ID: idStatusUnknown, Rule: "K283",
		Detail: "the kubelet found no trace of the container any more and made the exit code 137 up; the node was restarted, or its runtime lost its state",
	}}
	f = k.finish(f, "was lost by the kubelet (ContainerStatusUnknown)")
	f.says = fmt.Sprintf("%s: %s was lost by the kubelet (ContainerStatusUnknown)", k.verb(), k.c.label())
	if k.mode == looping && k.c.restarts() <= 1 {
		f.Severity = analyze.Warning
	}
	return f, true
}

// lostWithNode is a container that ended with the node or its runtime: 255,
// reason Unknown (pain 49; K287).
func lostWithNode(k crash) (finding, bool) {
	if k.t.Reason != "Unknown" || k.t.ExitCode != 255 {
		return finding{}, false
	}
	f := finding{Reason: Reason{
		ID: idLostWithNode, Rule: "K287",
		Detail: "exit code 255 with reason Unknown is what the runtime reports for containers that went down with the node or with the runtime itself",
	}}
	if e := k.v.last("SandboxChanged"); e != nil {
		f.Evidence = append(f.Evidence, event(e))
	}
	f = k.finish(f, "went down with its node or the node's container runtime (exit code 255, Unknown)")
	if k.c.restarts() <= 1 {
		f.Severity = analyze.Warning
		f.says = fmt.Sprintf("%s: %s went down with its node or the container runtime and is started again", k.verb(), k.c.label())
	}
	return f, true
}

// killedWhileStopping is a 137 or 143 of a pod that was being stopped: the
// Killing event of a deletion, an eviction or a shutdown (K31, K90).
func killedWhileStopping(k crash) (finding, bool) {
	e := k.c.last("Killing", "Stopping container")
	if e == nil || k.mode != dead || (k.t.ExitCode != 137 && k.t.ExitCode != 143) {
		return finding{}, false
	}
	f := finding{Reason: Reason{ID: idStoppedFromOutside, Rule: "K91", Evidence: []Evidence{event(e)}}}
	what := fmt.Sprintf("was stopped from outside and exited with exit code %d (%s)", k.t.ExitCode, signalName(k.t.ExitCode-128))
	if k.t.ExitCode == 137 {
		f.Detail = "it had not ended by itself when its grace period was over"
	}
	return k.finish(f, what), true
}
