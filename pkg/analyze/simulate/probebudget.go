package simulate

import (
	"math"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// Timing is a probe's numbers with the defaults filled in, in seconds (K133).
type Timing struct {
	Delay, Period, Timeout float64
	Failures, Successes    int
}

// TimingOf reads a probe; nil gives the defaults.
func TimingOf(p *corev1.Probe) Timing {
	t := Timing{Period: 10, Timeout: 1, Failures: 3, Successes: 1}
	if p == nil {
		return t
	}
	t.Delay = math.Max(0, float64(p.InitialDelaySeconds))
	if p.PeriodSeconds > 0 {
		t.Period = float64(p.PeriodSeconds)
	}
	if p.TimeoutSeconds > 0 {
		t.Timeout = float64(p.TimeoutSeconds)
	}
	if p.FailureThreshold > 0 {
		t.Failures = int(p.FailureThreshold)
	}
	if p.SuccessThreshold > 0 {
		t.Successes = int(p.SuccessThreshold)
	}
	return t
}

// ProbeKillBudget is the longest start that survives a startup probe, or a
// liveness probe where there is no startup probe: seconds from the start of
// the process to the last probe that may still find it well. A process that is
// well before Earliest is never killed, one that is not before Latest always
// is; in between the grid of the probe's ticks decides, which began when the
// pod was bound and knows nothing of the container's start (K131, K132, K135).
// Earliest counts the initial delay from a start time without its fraction of a
// second, as the kubelet does.
func ProbeKillBudget(t Timing) analyze.Bounds {
	rest := float64(t.Failures-1) * t.Period
	low := math.Max(0, t.Delay-1) + rest
	high := t.Delay + t.Period + rest
	return analyze.Bounds{Earliest: low, Likely: (low + high) / 2, Latest: high}
}

// ProbeDetection is how long a container that stops answering goes unnoticed:
// seconds from that moment to the failure that reaches the threshold (K139).
// The best case fails at once just before a tick, the worst hangs just after
// one, so that the last probe also runs into its timeout. For a readiness probe
// this is when traffic stops, for liveness and startup probes when the
// container is killed (its grace period not counted).
func ProbeDetection(t Timing) analyze.Bounds {
	step := math.Max(t.Period, t.Timeout) // a probe that hangs longer than its period delays the next
	best := float64(t.Failures-1) * t.Period
	worst := t.Period + float64(t.Failures-1)*step + t.Timeout
	return analyze.Bounds{Earliest: best, Likely: best + t.Period/2 + t.Timeout/2, Latest: worst}
}

// LivenessDetection is ProbeDetection for the container's liveness probe; ok is
// false where it has none.
func LivenessDetection(c *corev1.Container) (detection analyze.Bounds, ok bool) {
	if c.LivenessProbe == nil {
		return analyze.Bounds{}, false
	}
	return ProbeDetection(TimingOf(c.LivenessProbe)), true
}

// ReadyWindow is when a readiness probe can make a running container ready, in
// seconds after its process started, if the application passes it from
// readyAfter seconds on (K136, K137): it runs as soon as the container is seen
// running and started, after the initial delay on the probe's own grid.
func ReadyWindow(t Timing, readyAfter analyze.Bounds) analyze.Bounds {
	more := float64(t.Successes-1) * t.Period
	low := math.Max(math.Max(0, t.Delay-1), readyAfter.Earliest) + more
	high := math.Max(t.Delay, readyAfter.Latest) + t.Period + more + t.Timeout + relistPeriod
	likely := math.Max(t.Delay, readyAfter.Likely) + more
	if t.Delay > 0 || readyAfter.Likely > 0 {
		likely += t.Period / 2
	}
	return analyze.Bounds{Earliest: low, Likely: likely, Latest: high}
}
