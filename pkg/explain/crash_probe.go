package explain

import (
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/simulate"
)

// killedByLiveness is a container the kubelet killed because its liveness probe
// failed (pain 3, 11, 94; K139, K147).
func killedByLiveness(k crash) (finding, bool) {
	return killedByProbe(k, "liveness", k.c.LivenessProbe)
}

// killedByStartup is a container the kubelet killed because its startup probe
// did not succeed in time (pain 31; K135, K147).
func killedByStartup(k crash) (finding, bool) {
	return killedByProbe(k, "startup", k.c.StartupProbe)
}

func killedByProbe(k crash, word string, probe *corev1.Probe) (finding, bool) {
	kill, sure := k.probeKill(word, probe)
	if sure == "" {
		return finding{}, false
	}
	f := finding{Reason: Reason{ID: idLivenessKills, Certainty: sure, Rule: "K147"}}
	if word == "startup" {
		f.ID = idStartupKills
	}
	if kill != nil {
		f.Evidence = append(f.Evidence, event(kill))
	}
	if sure != Certain {
		f.Why = "no event of that moment says who killed it"
		if kill != nil && analyze.EventTime(kill).Before(k.t.StartedAt.Add(-eventSlack)) {
			f.Why = "the kubelet reports only some events of a pod that has many; the last kill that it reported was of an earlier run, and this one ran as long"
		}
		if !k.v.seesEvents() {
			f.Why = "events could not be seen or have expired (they live 1h)"
			f.gaps = append(f.gaps, missing(analyze.KindEvent, k.v.o.Namespace, "who killed the container"))
		}
	}
	what := fmt.Sprintf("was killed because its %s probe failed", word)
	why := ""
	if e := k.c.last("Unhealthy", probePrefix(word)); e != nil {
		f.Evidence = append(f.Evidence, event(e))
		if p := probeFailure(e.Message); p.short != "" {
			why = ": " + p.short
		}
	}
	f.Detail = k.probeDetail(word, probe)
	f.actions = append(k.lookAtLogs(), look("kubectl describe pod "+shell(k.v.o.Name)+k.v.ns(), "the probe and its failures"))
	if sure == Possible {
		f = k.finish(f, fmt.Sprintf("exited with exit code %d; its %s probe may have killed it", k.t.ExitCode, word))
		return f, true
	}
	f = k.finish(f, what+why)
	f.Summary = fmt.Sprintf("%s was killed%s because its %s probe failed%s%s", k.c.label(), k.after(), word, why, k.counted())
	if n := k.c.restarts(); n > 1 || k.mode == looping && n > 0 {
		f.says = fmt.Sprintf("%s: the kubelet kills and restarts %s again and again because its %s probe fails%s", k.verb(), k.c.label(), word, why)
	}
	return f, true
}

// probeKill finds the event that says the probe killed this very instance.
func (k crash) probeKill(word string, probe *corev1.Probe) (*corev1.Event, Certainty) {
	from, to := k.t.StartedAt.Add(-eventSlack), k.t.FinishedAt.Add(eventSlack)
	e := k.c.last("Killing", "failed "+word+" probe")
	if e == nil {
		return nil, k.probeKillUnseen(word, probe, from, to)
	}
	last, first := analyze.EventTime(e), e.FirstTimestamp.Time
	switch {
	case last.After(from) && last.Before(to):
		return e, Certain
	case !first.IsZero() && first.Before(to) && last.After(from):
		return e, Likely
	case last.Before(from) && k.killedBefore(word, probe):
		return e, Likely
	}
	return nil, ""
}

// eventSlack is how far an event may be from what it tells: events and
// container times have whole seconds.
const eventSlack = 2 * time.Second

// killedBefore says that the probe that killed earlier instances also killed
// this one: the kubelet did not report this one, and it ran as long as a probe
// that never succeeds lets it. The kubelet's events about one pod are limited to
// 25 and one more every 5 minutes (client-go/tools/record/events_cache.go@v0.36.3).
func (k crash) killedBefore(word string, probe *corev1.Probe) bool {
	if probe == nil || !k.eventsMissing() {
		return false
	}
	if word == "liveness" && k.byKill() {
		return k.ran < 0 || k.ran.Seconds() >= simulate.ProbeKillBudget(simulate.TimingOf(probe)).Earliest-1
	}
	return k.ranUntilKill(probe)
}

// byKill says that a signal ended it: TERM, or KILL after the grace period.
func (k crash) byKill() bool {
	return k.t.Reason == "Error" && (k.t.ExitCode == 137 || k.t.ExitCode == 143)
}

// eventsMissing says that the kubelet started the container more often than it
// reported, or did not report the start of this instance.
func (k crash) eventsMissing() bool {
	if k.startUnseen() {
		return true
	}
	n := 0
	for _, e := range k.v.find("Started") {
		if k.c.concerns(e) {
			n += int(eventCount(e))
		}
	}
	return n <= int(k.c.restarts())
}

// startUnseen says that no event tells of the start of this instance.
func (k crash) startUnseen() bool {
	for _, e := range k.v.find("Started") {
		if k.c.concerns(e) && analyze.EventTime(e).Sub(k.t.StartedAt.Time).Abs() <= eventSlack {
			return false
		}
	}
	return true
}

// ranUntilKill says that the instance ran as long as one that the probe finds
// unwell from its start to its end: the failures, and at most the grace period.
func (k crash) ranUntilKill(probe *corev1.Probe) bool {
	if k.ran < 0 {
		return false
	}
	budget, grace := simulate.ProbeKillBudget(simulate.TimingOf(probe)), float64(k.v.killGrace(probe))
	low, high := budget.Earliest-1, budget.Latest+eventSlack.Seconds()
	if k.t.ExitCode == 137 {
		low += grace
	}
	return k.ran.Seconds() >= low && k.ran.Seconds() <= high+grace
}

// killGrace is the grace period of a kill by the probe, in seconds (K31).
func (v *podView) killGrace(probe *corev1.Probe) int64 {
	if probe != nil && probe.TerminationGracePeriodSeconds != nil {
		return *probe.TerminationGracePeriodSeconds
	}
	if g := v.pod.Spec.TerminationGracePeriodSeconds; g != nil {
		return *g
	}
	return analyze.DefaultGraceSeconds
}

// probeKillUnseen is how likely a probe killed the container where no event
// says that it ever did.
func (k crash) probeKillUnseen(word string, probe *corev1.Probe, from, to time.Time) Certainty {
	if probe == nil {
		return ""
	}
	if e := k.c.last("Unhealthy", probePrefix(word)); e != nil && k.byKill() {
		if last := analyze.EventTime(e); last.After(from) && last.Before(to) {
			return Likely
		}
	}
	if len(k.v.events) == 0 && word == "liveness" && k.byKill() {
		return Possible
	}
	// 0 and 2 are how programs end that are asked to: 2 is Go's for a signal that it does not handle as process 1.
	asked := k.byKill() || k.t.ExitCode == 0 || k.t.ExitCode == 2
	if asked && k.c.restarts() > 0 && k.startUnseen() && k.ranUntilKill(probe) {
		return Possible
	}
	return ""
}

// probeDetail says how long the application had.
func (k crash) probeDetail(word string, p *corev1.Probe) string {
	if p == nil {
		return ""
	}
	t := simulate.TimingOf(p)
	text := fmt.Sprintf("it allows %s, one probe every %s", plural(t.Failures, "failure"), seconds(int64(t.Period)))
	if t.Delay > 0 {
		text += fmt.Sprintf(", after an initial delay of %s", seconds(int64(t.Delay)))
	}
	if word == "liveness" && k.c.StartupProbe == nil && k.diedYoung(t) {
		text = joinDetail(text, "it has no startup probe, so a slow start counts against liveness")
	}
	return text
}

// diedYoung says that the container lived hardly longer than the probe's first
// budget and its grace period: it may just be slow to start.
func (k crash) diedYoung(t simulate.Timing) bool {
	const slack = 5 // seconds: detection and jitter
	return k.ran >= 0 && k.ran.Seconds() <= simulate.ProbeKillBudget(t).Latest+float64(k.v.killGrace(nil))+slack
}
