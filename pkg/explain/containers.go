package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/simulate"
)

// containers lists all containers of the pod with what their states mean.
func (v *podView) containers() []ContainerInfo {
	var out []ContainerInfo
	for _, c := range v.cs {
		out = append(out, c.info())
	}
	return out
}

func (c *containerView) info() ContainerInfo {
	i := ContainerInfo{Name: c.Name, Type: c.Type, State: "unknown", Image: c.Image}
	if c.st == nil {
		i.Meaning = "the kubelet has not reported on it"
		if !c.v.bound() {
			i.State, i.Meaning = "waiting", "the pod is not scheduled yet"
		}
		return i
	}
	i.Ready, i.Started, i.Restarts = c.st.Ready, c.st.Started, c.st.RestartCount
	if t, _ := c.ending(); t != nil {
		i.ExitCode = &t.ExitCode
		if t.ExitCode > 128 && t.ExitCode < 128+65 && signalName(t.ExitCode-128) != "" {
			i.Signal = strings.TrimPrefix(signalName(t.ExitCode-128), "SIG")
		}
		i.LastReason, i.Message = t.Reason, strings.TrimSpace(t.Message)
	}
	switch w, r, t := c.waiting(), c.running(), c.terminated(); {
	case t != nil:
		i.State, i.Reason, i.LastReason, i.Since = "terminated", t.Reason, "", timeOf(t.FinishedAt)
	case r != nil:
		i.State, i.Since = "running", timeOf(r.StartedAt)
	case w != nil:
		i.State, i.Reason = "waiting", w.Reason
		if w.Message != "" {
			i.Message = w.Message
		}
	default:
		i.State = "waiting" // the API's default where nothing is set
	}
	i.Meaning = c.meaning(i)
	return i
}

// meaning is what the container's state means now, in one sentence.
func (c *containerView) meaning(i ContainerInfo) string {
	switch i.State {
	case "running":
		return c.runningMeaning(i)
	case "terminated":
		t := c.terminated()
		ran := ""
		if from := timeOf(t.StartedAt); from != nil && !t.FinishedAt.IsZero() {
			ran = " after " + span(t.FinishedAt.Sub(*from))
		}
		switch {
		case t.ExitCode == 0 && t.Reason != "OOMKilled" && !c.restartable(0):
			return "it has done its work" + ran
		case t.Reason == "OOMKilled":
			return "it was killed for memory" + ran + c.nextStart(t.ExitCode)
		}
		return fmt.Sprintf("it ended with exit code %d%s%s", t.ExitCode, ran, c.nextStart(t.ExitCode))
	}
	return c.waitingMeaning(i)
}

func (c *containerView) nextStart(exit int32) string {
	if c.restartable(exit) {
		return " and will be started again"
	}
	return ""
}

func (c *containerView) runningMeaning(i ContainerInfo) string {
	switch {
	case c.Type == analyze.EphemeralContainer:
		return "a debug container that runs; it is never restarted and cannot be removed from the pod"
	case c.Type == analyze.InitContainer:
		return "it runs; the containers after it wait for its end"
	case !c.started() && c.StartupProbe != nil:
		return "it runs, but its startup probe has not succeeded yet"
	case !i.Ready && c.ReadinessProbe != nil:
		return "it runs, but its readiness probe does not succeed"
	case !i.Ready:
		return "it runs, but does not count as ready"
	case c.v.deleting():
		return "it was still running when the kubelet last reported; a terminating pod's states are shown when all have stopped"
	case c.restarts() > 0:
		t, _ := c.ending()
		text := "it runs and is ready; it was restarted " + times(c.restarts())
		if t != nil && !t.FinishedAt.IsZero() {
			text += fmt.Sprintf(", the last time %s ago after %s", span(c.v.since(t.FinishedAt.Time)), endedWith(t))
		}
		return text
	}
	return "it runs and is ready"
}

func (c *containerView) waitingMeaning(i ContainerInfo) string {
	switch i.Reason {
	case "CrashLoopBackOff":
		t, _ := c.ending()
		text := "the kubelet waits before it starts it again"
		if d, ok := simulate.ParseBackoff(i.Message); ok {
			text = fmt.Sprintf("the kubelet waits %s after its end before it starts it again", seconds(int64(d)))
		}
		if t != nil {
			text += "; it ended with " + endedWith(t)
		}
		return text
	case "ContainerCreating":
		return "the kubelet prepares volumes, network or image for it"
	case "PodInitializing":
		return "it waits for the init containers"
	case "":
		return "it is created but not started yet"
	case "RunContainerError":
		return "the runtime cannot start its first process"
	case "CreateContainerConfigError":
		return "its configuration cannot be put together"
	}
	if slices.Contains(imageReasons(), i.Reason) {
		return "its image cannot be had"
	}
	if e, ok := stateEntry(i.Reason); ok {
		return e
	}
	return "it is waiting: " + i.Reason
}
