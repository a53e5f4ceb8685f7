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
	const slack = 2 * time.Second // events and container times have whole seconds
	from, to := k.t.StartedAt.Add(-slack), k.t.FinishedAt.Add(slack)
	if e := k.c.last("Killing", "failed "+word+" probe"); e != nil {
		last, first := analyze.EventTime(e), e.FirstTimestamp.Time
		switch {
		case last.After(from) && last.Before(to):
			return e, Certain
		case !first.IsZero() && first.Before(to) && last.After(from):
			return e, Likely
		}
		return nil, ""
	}
	return nil, k.probeKillUnseen(word, probe, from, to)
}

// probeKillUnseen is how likely a probe killed the container where no event
// says so.
func (k crash) probeKillUnseen(word string, probe *corev1.Probe, from, to time.Time) Certainty {
	byKill := k.t.Reason == "Error" && (k.t.ExitCode == 137 || k.t.ExitCode == 143)
	if probe == nil || !byKill {
		return ""
	}
	if e := k.c.last("Unhealthy", probePrefix(word)); e != nil {
		if last := analyze.EventTime(e); last.After(from) && last.Before(to) {
			return Likely
		}
	}
	if len(k.v.events) == 0 && word == "liveness" {
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
	grace := analyze.DefaultGraceSeconds
	if g := k.v.pod.Spec.TerminationGracePeriodSeconds; g != nil {
		grace = *g
	}
	const slack = 5 // seconds: detection and jitter
	return k.ran >= 0 && k.ran.Seconds() <= simulate.ProbeKillBudget(t).Latest+float64(grace)+slack
}
