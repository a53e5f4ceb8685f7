package simulate

import (
	"math"
	"slices"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// rareShare: a branch that fewer of the replays take is rare.
const rareShare = 0.08

// mergeDelay collects the time since the first cause, and the back-offs among
// it. A branch that hardly any replay takes (a kill that comes just when the
// back-off of the one before ends, K218) does not count.
func (f *forecast) mergeDelay(m *merged) {
	m.delay = analyze.Bounds{Earliest: math.Inf(1), Likely: analyze.Never, Latest: math.Inf(-1)}
	waits := map[float64][]float64{} // by back-off
	n := 0
	for _, r := range f.runs {
		o, c := r.record[m.key], r.record[m.because[0]]
		if o == nil || c == nil {
			continue
		}
		n++
		backoff := 0.0
		if m.restart() {
			backoff = o.seconds
		}
		waits[backoff] = append(waits[backoff], o.at-c.at)
	}
	m.delayed = n > 0
	for backoff, list := range waits {
		likely := m.likely != nil && m.restart() && m.likely.seconds == backoff
		if float64(len(list)) < rareShare*float64(n) && !likely {
			continue
		}
		m.delay.Earliest = math.Min(m.delay.Earliest, slices.Min(list))
		m.delay.Latest = math.Max(m.delay.Latest, slices.Max(list))
		if backoff > 0 {
			w := f.plan.retryWindow(backoff)
			m.delay.Earliest, m.delay.Latest = math.Min(m.delay.Earliest, w.Earliest), math.Max(m.delay.Latest, w.Latest+startSlack)
		}
	}
}

// slack is what a busy node may add to a range of that width: where a relist or
// a tick of a probe decides, the range has room for it already.
func slack(width float64) float64 { return busy * math.Max(0, math.Min(1, 2*(1.5-margin-width))) }

func (m *merged) restart() bool { return m.key.typ == analyze.ContainerStarted && m.key.n > 1 }

// retryWindow is RetryWindow for a container of this pod: others that crash or
// are probed wake the worker in between, which moves the retries (K215).
func (p *startPlan) retryWindow(backoff float64) analyze.Bounds {
	w := RetryWindow(p.version, backoff)
	if len(p.containers) > 1 && p.expiryRequeue {
		w.Latest = math.Max(w.Latest, backoff+retryJitter*math.Min(backoff, resyncPeriod)+workTick)
	}
	return w
}
