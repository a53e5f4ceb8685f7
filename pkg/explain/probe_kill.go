package explain

import (
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// beingKilled finds a container that still runs although its probe has failed
// for good: the kubelet gives it its whole grace period to stop before it
// starts it again (pain 54; K31, K146).
func beingKilled(v *podView) []finding {
	var out []finding
	for _, c := range v.cs {
		if c.running() == nil {
			continue
		}
		for _, probe := range []struct {
			word, id string
			p        *corev1.Probe
		}{{"liveness", idLivenessKills, c.LivenessProbe}, {"startup", idStartupKills, c.StartupProbe}} {
			e := c.last("Killing", "failed "+probe.word+" probe")
			if e == nil || !analyze.EventTime(e).After(c.running().StartedAt.Add(time.Second)) {
				continue
			}
			out = append(out, c.killFinding(e, probe.word, probe.id, probe.p))
		}
	}
	return out
}

func (c *containerView) killFinding(e *corev1.Event, word, id string, p *corev1.Probe) finding {
	v := c.v
	at := analyze.EventTime(e)
	f := finding{Reason: Reason{
		ID: id, Container: c.Name, Severity: analyze.Error, Certainty: Certain, Rule: "K146",
		Summary:  fmt.Sprintf("%s is being stopped because its %s probe failed %s ago; it is started again when it has ended", c.label(), word, span(v.since(at))),
		Evidence: []Evidence{event(e), c.seen("restartCount", itoa(c.restarts()))},
	}, state: Failing, folds: []string{idReadinessFailing, idNotReadyYet, idStartupPending, idRestartedBefore}}
	if u := c.last("Unhealthy", probePrefix(word)); u != nil {
		f.Evidence = append(f.Evidence, event(u))
		if t := probeFailure(u.Message); t.short != "" {
			f.Detail = "the probe: " + t.short
		}
	}
	grace := v.killGrace(p)
	if grace > 60 {
		f.Detail = joinDetail(f.Detail, fmt.Sprintf("its grace period of %s holds for probe kills too; terminationGracePeriodSeconds of the probe can be shorter", seconds(grace)))
	}
	if end := at.Add(time.Duration(max(grace, 2)) * time.Second); end.After(v.now) {
		f.outlook = []Outlook{{
			What: fmt.Sprintf("%s is killed (SIGKILL) and started again", c.label()), At: between(end, end, end.Add(3*time.Second)), Rule: "K33", Assumes: "it does not end before",
		}}
	}
	f.says = fmt.Sprintf("is not well: the %s probe of %s failed, so the kubelet is stopping it, to start it again", word, c.label())
	f.actions = []Action{look(c.logs(false), "what the container prints while it stops")}
	return f
}
