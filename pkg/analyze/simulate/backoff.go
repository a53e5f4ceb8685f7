package simulate

import (
	"math"
	"regexp"
	"time"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// Constants of the kubelet's pacing, in seconds.
const (
	backoffInitial  = 10.0  // pkg/kubelet/kubelet.go@v1.36.3: initialNodeBackoff
	backoffMax      = 300.0 // the same: MaxContainerBackOff
	backoffExpiry   = 600.0 // K212: an entry older than that at the finish is forgotten
	resyncPeriod    = 60.0  // syncFrequency: the longest wait for a retry, before its jitter (K104)
	retryJitter     = 0.5   // workerBackOffPeriodJitterFactor, workerResyncIntervalJitterFactor: ×[1, 1.5)
	retryPoll       = 10.0  // backOffPeriod: the wait after other errors (K104, K122)
	workTick        = 1.0   // the queue is looked at once per second (K104)
	relistPeriod    = 1.0   // genericPlegRelistPeriod (K103)
	housekeeping    = 2.0   // housekeepingPeriod: old back-off entries are forgotten then (K212)
	imageBackoffMax = 300.0 // MaxImageBackOff (K127)
	startSlack      = 0.5   // from a sync to the process of the container it starts, on a busy node
)

// A Ladder is a node's crash-loop back-off in seconds: the first delay, which
// every further restart doubles, and its cap (K211, K220).
type Ladder struct{ Initial, Max float64 }

// BackoffLadder is the ladder of a kubelet with its default configuration: 10s
// up to 300s. With the gate ReduceDefaultCrashLoopBackOffDecay it begins at 1s;
// the 60s cap that comes with it holds only while the gate
// KubeletCrashLoopBackOffMax is off, as that one's default of 300s outranks it
// (K220).
func BackoffLadder(v analyze.Version) Ladder {
	l := Ladder{backoffInitial, backoffMax}
	if GateOn(v, GateReduceCrashLoop) {
		l = Ladder{1, 60}
	}
	if GateOn(v, GateCrashLoopMax) {
		l.Max = backoffMax
	}
	return l
}

// Delay is how long the kubelet refuses to start a container that has crashed
// that many times before without a reset: 0 for the first crash, then the
// ladder. Seconds (K211).
func (l Ladder) Delay(earlierCrashes int) float64 {
	if earlierCrashes <= 0 {
		return 0
	}
	return math.Min(l.Initial*math.Pow(2, float64(min(earlierCrashes-1, 60))), l.Max)
}

// RetryWindow is when the kubelet really starts a container again that it
// refuses to start for backoff seconds: seconds after the container finished
// (K215). From 1.35 on the pod is looked at when the back-off ends, but never
// later than 60s ahead, each wait stretched by a factor from 1 to 1.5 and
// rounded up to the next 1s tick; before, every 10 to 15s and the tick. The
// latest moment holds where no other container wakes the pod's worker.
func RetryWindow(v analyze.Version, backoff float64) analyze.Bounds {
	if backoff <= 0 {
		return analyze.Bounds{Earliest: 0, Likely: relistPeriod/2 + 0.1, Latest: relistPeriod + startSlack}
	}
	if !v.AtLeast(35) {
		latest := backoff + retryPoll*(1+retryJitter) + workTick
		return analyze.Bounds{Earliest: backoff, Likely: backoff + 0.5*retryPoll*(1+retryJitter/2), Latest: latest}
	}
	return analyze.Bounds{
		Earliest: backoff,
		Likely:   likelyRetry(backoff),
		Latest:   latestRetry(backoff-relistPeriod) + relistPeriod,
	}
}

// likelyRetry is the retry after waits that are all of middle length.
func likelyRetry(remaining float64) float64 {
	middle := func(wait float64) float64 { return wait*(1+retryJitter/2) + workTick/2 }
	waited := 0.0
	for remaining > resyncPeriod {
		step := middle(resyncPeriod)
		waited, remaining = waited+step, remaining-step
	}
	if remaining > 0 {
		waited += middle(remaining)
	}
	return waited
}

// latestRetry is the longest time from a refused start with so many seconds of
// back-off remaining to the first look at the pod after it ends: the worst
// chain of waits, each 60s×[1, 1.5)+1s until less than 60s remain.
func latestRetry(remaining float64) float64 {
	if remaining <= resyncPeriod {
		return math.Max(0, remaining)*(1+retryJitter) + workTick
	}
	longest := resyncPeriod*(1+retryJitter) + workTick
	// worst[i] is for base+i seconds remaining, base the largest amount below
	// one full wait that differs by whole seconds.
	base := remaining - math.Ceil(remaining-resyncPeriod)
	worst := []float64{latestRetry(base)}
	for left := base + 1; left <= remaining; left++ {
		most := longest
		for wait := resyncPeriod; wait < math.Min(longest, left); wait++ {
			rest := latestRetry(math.Min(left-wait, base))
			if i := int(math.Round(left - wait - base)); i > 0 {
				rest = worst[i]
			}
			most = math.Max(most, wait+rest)
		}
		worst = append(worst, most)
	}
	return worst[len(worst)-1]
}

// A CrashStatus is what a container's status tells about its last crash.
type CrashStatus struct {
	// Restarts is the restartCount: how often it was started again.
	Restarts int32
	// Message is that of the waiting state; the kubelet writes the back-off
	// into it ("back-off 40s restarting failed container=…", K214).
	Message string
	// Ran is how long the last instance ran in seconds; negative or Never = not
	// known.
	Ran float64
	// SinceFinish are the seconds from its finishedAt to now; negative = not known.
	SinceFinish float64
}

// A RestartForecast is when a crashed container is started again.
type RestartForecast struct {
	// Delay is the next start in seconds after the finishedAt of the status; it
	// never begins before SinceFinish.
	Delay analyze.Bounds
	// Backoff is how long the kubelet refuses to start it, in seconds after it
	// finished; 0 = not at all.
	Backoff float64
	// Next is the back-off after the next crash.
	Next float64
	// AtCap says that the back-off grows no more.
	AtCap bool
	// Basis is Observed where the kubelet said the back-off, Inferred where it
	// follows from the number of restarts; Why says it for people.
	Basis analyze.Basis
	Why   string
	Rule  string
	// Overdue says that the latest moment has passed: something else keeps the
	// container from starting, or the status is old.
	Overdue bool
}

var backoffMessage = regexp.MustCompile(`^back-off ([0-9a-zµ.]+) restarting failed container`)

// ParseBackoff reads the back-off in seconds out of a waiting message (K214).
func ParseBackoff(message string) (seconds float64, ok bool) {
	m := backoffMessage.FindStringSubmatch(message)
	if m == nil {
		return 0, false
	}
	d, err := time.ParseDuration(m[1])
	if err != nil || d < 0 {
		return 0, false
	}
	return d.Seconds(), true
}

// NextRestart tells when a container that has finished is started again, given
// that it is to be restarted at all (K200, K201; see Restartable). Without the
// kubelet's message the back-off is inferred from the number of restarts,
// which is right unless an earlier run of more than ten minutes reset it, or
// the container was killed by a probe (K212, K218).
func NextRestart(v analyze.Version, c CrashStatus) RestartForecast {
	l := BackoffLadder(v)
	f := RestartForecast{Rule: "K215", Basis: analyze.Inferred}
	said, ok := ParseBackoff(c.Message)
	switch {
	case ok:
		f.Backoff, f.Basis, f.Why = said, analyze.Observed, "the kubelet says so in the waiting message"
	case c.Ran > backoffExpiry && !math.IsInf(c.Ran, 0):
		f.Backoff, f.Why, f.Rule = 0, "the last run was longer than 10 minutes, which resets the back-off", "K212"
	default:
		f.Backoff = l.Delay(int(c.Restarts))
		f.Why = "the back-off after that many restarts"
	}
	f.Next = math.Min(math.Max(2*f.Backoff, l.Initial), l.Max)
	f.AtCap = f.Backoff >= l.Max
	f.Delay = RetryWindow(v, f.Backoff)
	// An entry of the back-off that is 600s old is forgotten by the
	// housekeeping, and was renewed when the last instance was started (K212).
	if forgotten := backoffExpiry - c.Ran; c.Ran >= 0 && forgotten < f.Backoff {
		f.Delay.Earliest = math.Max(0, forgotten)
	}
	// finishedAt has whole seconds, cut off.
	f.Delay.Likely += 0.5
	f.Delay.Latest++
	if now := c.SinceFinish; now > 0 {
		f.Overdue = now > f.Delay.Latest
		f.Delay = f.Delay.Max(analyze.At(now))
	}
	return f
}

// NextImagePull is when the kubelet tries to pull an image again, in seconds
// after the last failure (K127): the back-off is 10s, doubled by every failure
// up to 300s, and the pod is looked at only every 10 to 15s and a tick of 1s.
// failures counts the failed pulls so far, 0 = not known.
func NextImagePull(failures int) analyze.Bounds {
	latest := retryPoll*(1+retryJitter) + workTick
	if failures <= 0 {
		return analyze.Bounds{Earliest: 0, Likely: imageBackoffMax / 2, Latest: imageBackoffMax + latest}
	}
	b := math.Min(backoffInitial*math.Pow(2, float64(min(failures-1, 60))), imageBackoffMax)
	return analyze.Bounds{Earliest: b, Likely: b + latest/2, Latest: b + latest}
}

// NextRetry is when the kubelet tries again after an error that is neither a
// crash nor an image (a missing ConfigMap key, a volume, the sandbox): seconds
// after the last attempt, again and again, without growth (K104, K107, K108,
// K122).
func NextRetry() analyze.Bounds {
	return analyze.Bounds{Earliest: retryPoll, Likely: retryPoll*(1+retryJitter/2) + workTick/2, Latest: retryPoll*(1+retryJitter) + workTick}
}
