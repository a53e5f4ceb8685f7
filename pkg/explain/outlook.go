package explain

import (
	"fmt"
	"strings"
	"time"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/simulate"
)

// restartForecast is when a container that is down is started again. The
// formula is that of the restart timeline (K210–K215).
func (k crash) restartForecast() (simulate.RestartForecast, bool) {
	if k.mode != looping || k.t.FinishedAt.IsZero() {
		return simulate.RestartForecast{}, false
	}
	c := simulate.CrashStatus{
		Restarts: k.c.restarts(), Ran: -1, // not known
		SinceFinish: k.v.since(k.t.FinishedAt.Time).Seconds(),
	}
	if k.probed {
		c.Restarts = max(0, c.Restarts-1)
	}
	if k.ran >= 0 {
		c.Ran = k.ran.Seconds()
	}
	if w := k.c.waiting(); w != nil {
		c.Message = w.Message
	}
	return simulate.NextRestart(k.v.s.Version, c), true
}

// backOff is the consequence of a crash: the growing wait before the next start.
func (k crash) backOff() (finding, bool) {
	r, ok := k.restartForecast()
	if !ok {
		return finding{}, false
	}
	at := r.Delay.After(k.t.FinishedAt.Time)
	next := Outlook{
		What: fmt.Sprintf("the kubelet starts %s again", k.c.label()), At: at, Rule: r.Rule,
	}
	if r.Basis != analyze.Observed {
		next.Assumes = "the wait that follows from the number of restarts"
	}
	if r.Overdue {
		next.Assumes = "it is later than the back-off explains: the status may be old"
	}
	f := finding{Reason: Reason{
		ID: idBackOff, Container: k.c.Name, Severity: analyze.Info, Certainty: Certain, Rule: "K211",
		Summary:  fmt.Sprintf("the kubelet waits %s before it starts %s again", seconds(int64(r.Backoff)), k.c.label()),
		Evidence: []Evidence{k.c.seen("restartCount", itoa(k.c.restarts()))},
	}, state: Failing, outlook: []Outlook{next}, says: "is not ready"}
	if r.Backoff == 0 {
		f.Summary = fmt.Sprintf("the kubelet starts %s again at once", k.c.label())
	}
	if r.AtCap {
		f.Detail = "the wait does not grow any more; it resets after 10 minutes of running"
	} else {
		f.Detail = nextWait(r)
	}
	if w := k.c.waiting(); w != nil && w.Reason == "CrashLoopBackOff" {
		f.Evidence = []Evidence{k.c.seen("state.waiting.reason", w.Reason), k.c.seen("state.waiting.message", w.Message)}
	}
	if r.Basis != analyze.Observed {
		f.Certainty, f.Why = Likely, "inferred from the number of restarts"
	}
	return f, true
}

// nextWait says how the wait goes on after the next end (K211).
func nextWait(r simulate.RestartForecast) string {
	const longest = 300
	text := fmt.Sprintf("after the next end it waits %s", seconds(int64(r.Next)))
	if r.Next < longest && r.Next >= 2*r.Backoff {
		text += ", doubling up to 5m"
	} else {
		text += ", which is the longest"
	}
	return text + "; it resets after 10 minutes of running"
}

// pullOutlook is when the kubelet tries the pull again (K127).
func (c *containerView) pullOutlook() []Outlook {
	if c.waits("InvalidImageName", "ErrImageNeverPull") {
		return nil
	}
	e := c.last("Failed", "Failed to pull image")
	if e == nil {
		return nil
	}
	b, unseen := nextPull(int(eventCount(e)), c.v.since(analyze.EventTime(e)).Seconds())
	out := Outlook{
		What: fmt.Sprintf("the kubelet tries to pull the image of %s again", c.label()),
		At:   b.After(analyze.EventTime(e)), Rule: "K127",
	}
	if unseen {
		out.Assumes = "it failed at once since the last try that an event tells of"
	}
	return []Outlook{out}
}

// nextPull is the next try in seconds after the last failure that an event tells
// of, now being so many seconds after it. Where that try must have been, the
// kubelet did not report it, and the ladder goes on from there: its events
// about one pod are limited.
func nextPull(failures int, now float64) (b analyze.Bounds, unseen bool) {
	const mostSteps = 1000 // at 5 minutes each, more than the hour that events live
	b = simulate.NextImagePull(failures)
	for i := 0; i < mostSteps && failures > 0 && now > b.Latest; i++ {
		failures, unseen = failures+1, true
		step := simulate.NextImagePull(failures)
		b = analyze.Bounds{Earliest: b.Earliest + step.Earliest, Likely: b.Likely + step.Likely, Latest: b.Latest + step.Latest}
	}
	return b.Max(analyze.At(now)), unseen
}

// retryOutlook is when the kubelet tries again what is neither crash nor image
// (K122): the moment of the last try is not in the API, so it counts from now.
func (v *podView) retryOutlook(what string) []Outlook {
	b := simulate.NextRetry()
	b.Earliest = 0
	return []Outlook{{What: what, At: b.After(v.now), Rule: "K122"}}
}

// deadlineOutlook is when the pod's own deadline ends it (K73, K74).
func (v *podView) deadlineOutlook() []Outlook {
	d, start := v.pod.Spec.ActiveDeadlineSeconds, v.pod.Status.StartTime
	if d == nil || start == nil || terminal(v.pod) || v.deleting() {
		return nil
	}
	at := start.Add(time.Duration(*d) * time.Second)
	if at.Before(v.now) {
		return nil
	}
	return []Outlook{{
		What: "the pod fails and is stopped (activeDeadlineSeconds)",
		At:   between(at, at.Add(500*time.Millisecond), at.Add(time.Second)), Rule: "K73", Assumes: "it has not ended before",
	}}
}

func stopSignalTo(container string) string {
	return fmt.Sprintf("container %q gets its stop signal", container)
}

// stopOutlook is how the running termination goes on: stop signal, SIGKILL and
// the end of the object. The formula is that of the termination timeline.
func (v *podView) stopOutlook() []Outlook {
	tl, err := simulate.Terminate(v.s, v.o, simulate.Scenario{})
	if err != nil || tl.Now == nil {
		return nil
	}
	now := *tl.Now
	zero := v.now.Add(-time.Duration(now * float64(time.Second)))
	at := func(b analyze.Bounds) analyze.TimeBounds { return b.Max(analyze.At(now)).After(zero) }
	var out []Outlook
	kill := analyze.Bounds{}
	for _, e := range tl.Events {
		switch {
		case e.Type == analyze.SignalSent && e.At.Likely > now:
			out = append(out, Outlook{
				What: fmt.Sprintf("%s (SIG%s)", stopSignalTo(e.Container), strings.TrimPrefix(e.Signal, "SIG")), At: at(e.At), Rule: e.Rule,
			})
		case e.Type == analyze.ContainerExited && e.Killed:
			kill = kill.Max(e.At)
		case e.Type == analyze.PodRemoved && len(v.pod.Finalizers) == 0:
			out = append(out, Outlook{What: "the pod is gone", At: at(e.At), Rule: e.Rule})
		}
	}
	if s := tl.Verdict.KillAtSeconds; s != nil && kill.Latest == 0 {
		kill = analyze.Bounds{Earliest: *s, Likely: *s, Latest: *s + 0.5}
	}
	if kill.Latest > now {
		out = append(out, Outlook{What: "containers that still run then are killed (SIGKILL)", At: at(kill), Rule: "K33"})
	}
	return out
}
