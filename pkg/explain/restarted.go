package explain

import (
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// restartedBefore mentions that a container which does well now was restarted.
func restartedBefore(v *podView) []finding {
	var out []finding
	for _, c := range v.cs {
		t, at := c.ending()
		if t == nil || c.running() == nil || c.restarts() == 0 {
			continue
		}
		k := crash{c: c, v: v, t: t, at: at, ran: -1, mode: again}
		if from := timeOf(t.StartedAt); from != nil {
			k.ran = t.FinishedAt.Sub(*from)
		}
		ago := v.since(t.FinishedAt.Time)
		if !k.outlived() || ago > 24*time.Hour {
			continue
		}
		f := finding{Reason: Reason{
			ID: idRestartedBefore, Container: c.Name, Severity: analyze.Info, Certainty: Certain, Rule: "K217",
			Summary: fmt.Sprintf("%s was restarted %s, the last time %s ago after it ended with %s",
				c.label(), times(c.restarts()), span(ago), endedWith(t)),
			Detail:   fmt.Sprintf("it has been running without trouble for %s", span(v.since(c.running().StartedAt.Time))),
			Evidence: []Evidence{c.seen("restartCount", itoa(c.restarts())), v.see(at+".exitCode", itoa(t.ExitCode)).when(t.FinishedAt.Time)},
		}, state: Healthy}
		f.says = fmt.Sprintf("is running and ready; %s was restarted %s before", c.label(), times(c.restarts()))
		out = append(out, f)
	}
	if !v.ready() {
		return nil
	}
	return out
}

func endedWith(t *corev1.ContainerStateTerminated) string {
	if t.Reason != "" && t.Reason != "Error" && t.Reason != "Completed" {
		return fmt.Sprintf("exit code %d (%s)", t.ExitCode, t.Reason)
	}
	return fmt.Sprintf("exit code %d", t.ExitCode)
}
