package explain

import (
	"fmt"
	"strings"
	"time"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// slowStart is after how long a start without any progress is worth a warning.
const slowStart = 2 * time.Minute

// initRunning finds the init container or sidecar that everything waits for
// (pain 53, 65; K114–K118).
func initRunning(v *podView) []finding {
	for _, c := range v.cs {
		switch {
		case c.Type == analyze.InitContainer && c.running() != nil:
			return []finding{c.initWait()}
		case c.Type == analyze.SidecarContainer && c.running() != nil && !c.started():
			return []finding{c.sidecarWait()}
		case c.Type == analyze.InitContainer && (c.terminated() == nil || c.terminated().ExitCode != 0):
			return nil
		case c.Type == analyze.SidecarContainer && !c.started():
			return nil
		}
	}
	return nil
}

func (c *containerView) initWait() finding {
	v := c.v
	ran := v.since(c.running().StartedAt.Time)
	f := finding{Reason: Reason{
		ID: idInitRunning, Container: c.Name, Severity: analyze.Info, Certainty: Certain, Rule: "K114",
		Summary: fmt.Sprintf("init container %q has not ended; it has been running for %s", c.Name, span(ran)),
		Evidence: []Evidence{
			c.seen("state.running.startedAt", c.running().StartedAt.UTC().Format(time.RFC3339)),
		},
	}, state: Waiting, folds: []string{idNotReadyYet}}
	if ran >= slowStart {
		f.Severity = analyze.Warning
	}
	if cmd := strings.Join(append(append([]string{}, c.Command...), c.Args...), " "); cmd != "" {
		f.Evidence = append(f.Evidence, v.see(c.specPath("command"), cmd))
		if waitsFor := waitLoop(cmd); waitsFor != "" {
			f.Detail = waitsFor
		}
	}
	if rest := v.notStartedAfter(c); rest != "" {
		f.Detail = joinDetail(f.Detail, rest)
	}
	f.says = fmt.Sprintf("is waiting: init container %q has not ended; it has been running for %s", c.Name, span(ran))
	f.actions = []Action{look(c.logs(false), "what the init container waits for")}
	return f
}

// waitLoop reads a shell loop that waits for something.
func waitLoop(cmd string) string {
	if containsAny(cmd, "until ", "while ! ", "while !") && strings.Contains(cmd, "sleep") {
		return "its command is a loop that waits until something else answers (" + outputOf(cmd, 120) + ")"
	}
	return ""
}

// notStartedAfter names the containers that have to wait for c.
func (v *podView) notStartedAfter(c *containerView) string {
	var names []string
	after := false
	for _, o := range v.cs {
		if after && o.Type != analyze.EphemeralContainer {
			names = append(names, o.Name)
		}
		after = after || o == c
	}
	if len(names) == 0 {
		return ""
	}
	return fmt.Sprintf("%s %s started only after it", quoted(names, 4), are(len(names), "is", "are"))
}

// sidecarWait is a sidecar whose startup probe has not succeeded: nothing after
// it starts (pain 65; K116).
func (c *containerView) sidecarWait() finding {
	v := c.v
	ran := v.since(c.running().StartedAt.Time)
	f := finding{Reason: Reason{
		ID: idSidecarNotStarted, Container: c.Name, Severity: analyze.Info, Certainty: Certain, Rule: "K116",
		Summary:  fmt.Sprintf("sidecar %q has been running for %s, but its startup probe has not succeeded", c.Name, span(ran)),
		Detail:   v.notStartedAfter(c),
		Evidence: []Evidence{c.seen("started", "false"), c.seen("state.running.startedAt", c.running().StartedAt.UTC().Format(time.RFC3339))},
	}, state: Waiting, folds: []string{idNotReadyYet, idStartupPending, idReadinessFailing}}
	if c.StartupProbe == nil {
		f.Summary = fmt.Sprintf("sidecar %q has been running for %s, but does not count as started yet", c.Name, span(ran))
	}
	why := ""
	if e := c.unhealthy("startup"); e != nil {
		f.Evidence = append(f.Evidence, event(e))
		f.Severity = analyze.Warning
		if p := probeFailure(e.Message); p.short != "" {
			why = ": " + p.short
		}
	}
	if ran >= slowStart {
		f.Severity = analyze.Warning
	}
	f.Summary += why
	f.says = fmt.Sprintf("cannot start: nothing after sidecar %q starts before its startup probe succeeds%s", c.Name, why)
	f.actions = []Action{look(c.logs(false), "why the sidecar does not come up")}
	return f
}

// startupPending is a container whose startup probe has not succeeded yet.
func startupPending(v *podView) []finding {
	var out []finding
	for _, c := range v.cs {
		if c.Type != analyze.AppContainer || c.running() == nil || c.started() || c.StartupProbe == nil {
			continue
		}
		ran := v.since(c.running().StartedAt.Time)
		f := finding{Reason: Reason{
			ID: idStartupPending, Container: c.Name, Severity: analyze.Info, Certainty: Certain, Rule: "K135",
			Summary: fmt.Sprintf("%s has been running for %s; its startup probe has not succeeded yet", c.label(), span(ran)),
			Evidence: []Evidence{
				c.seen("started", "false"),
				v.see(c.specPath("startupProbe.failureThreshold"), itoa(c.StartupProbe.FailureThreshold)),
			},
		}, state: Progressing, folds: []string{idNotReadyYet}}
		if e := c.unhealthy("startup"); e != nil && !analyze.EventTime(e).Before(c.running().StartedAt.Time) {
			f.Evidence = append(f.Evidence, event(e))
			if p := probeFailure(e.Message); p.short != "" {
				f.Summary += ": " + p.short
			}
		}
		if c.restarts() > 0 {
			f.Severity = analyze.Warning
		}
		f.says = "is starting: " + f.Summary
		f.actions = []Action{look(c.logs(false), "how far the start-up is")}
		out = append(out, f)
	}
	return out
}

// postStartBlocks is a hook that does not return: the process runs, but the
// kubelet starts nothing after it and shows the old state (pain 50; K119, K124).
func postStartBlocks(v *podView) []finding {
	for _, c := range v.cs {
		if c.Lifecycle == nil || c.Lifecycle.PostStart == nil || !c.waits("ContainerCreating", "PodInitializing", "") {
			continue
		}
		e := c.last("Started", "")
		if e == nil {
			continue
		}
		since := v.since(analyze.EventTime(e))
		f := finding{Reason: Reason{
			ID: idPostStartBlocks, Container: c.Name, Severity: analyze.Info, Certainty: Likely, Rule: "K124",
			Why:      "the API does not show hooks; the container was started, but its state has not followed",
			Summary:  fmt.Sprintf("the postStart hook of %s has not returned yet, %s after the start of its container", c.label(), span(since)),
			Detail:   joinDetail("a postStart hook has no time limit and holds up everything after it", v.notStartedAfter(c)),
			Evidence: []Evidence{event(e), v.see(c.specPath("lifecycle.postStart"), "set"), c.seen("state.waiting.reason", c.waiting().Reason)},
		}, state: Waiting, folds: []string{idNotReadyYet}}
		if since >= 30*time.Second {
			f.Severity = analyze.Warning
		}
		f.says = "is not ready: " + f.Summary
		f.actions = []Action{look("kubectl describe pod "+shell(v.o.Name)+v.ns(), "the hook")}
		return []finding{f}
	}
	return nil
}

// notReadyYet is the last resort for a pod on its way without any trouble seen.
func notReadyYet(v *podView) []finding {
	if v.ready() || terminal(v.pod) || v.deleting() {
		return nil
	}
	age := v.age()
	f := finding{Reason: Reason{
		ID: idNotReadyYet, Severity: analyze.Info, Certainty: Certain, Rule: "K106",
		Evidence: []Evidence{v.see("status.phase", string(v.pod.Status.Phase))},
	}, state: Progressing}
	what := "its containers are being created"
	switch {
	case !v.startingUp():
		what = "its containers are starting"
	case len(v.pod.Status.ContainerStatuses) == 0:
		what = "the kubelet has not reported on it yet"
	}
	f.Summary = fmt.Sprintf("%s; nothing wrong was seen so far (the pod is %s old)", what, span(age))
	f.says = "is starting: " + what
	if age > slowStart {
		f.Severity, f.state, f.Certainty = analyze.Warning, Waiting, Possible
		f.Why = "neither its status nor an event says what it waits for"
		f.Summary = fmt.Sprintf("it is not ready after %s, and no event says why", span(age))
		f.says = "is not ready: " + what + fmt.Sprintf(" for %s, and no event says why", span(age))
		if !v.seesEvents() {
			f.gaps = append(f.gaps, missing(analyze.KindEvent, v.o.Namespace, "why it is not ready"))
		}
		f.actions = []Action{look("kubectl describe pod "+shell(v.o.Name)+v.ns(), "state and events of the pod")}
	}
	return []finding{f}
}
