package render

import (
	"math"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// A scale maps seconds to columns (or pixels). It begins at time 0, or earlier
// where something begins before, and ends at a tick.
type scale struct {
	from, step float64
	ticks      int // intervals, not marks
	per        int // columns of an interval
	clipped    bool
}

// ticksAt are the distances of ticks: 1-2-5 in tens of seconds, then round
// minutes, hours and days.
var ticksAt = [...]float64{
	0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 10800, 21600, 43200, 86400,
	2 * 86400, 5 * 86400, 10 * 86400, 20 * 86400, 50 * 86400, 100 * 86400, 200 * 86400, 500 * 86400, 1000 * 86400,
}

// newScale covers the spans (and now) with 4 to 8 intervals of equal whole
// columns.
func newScale(spans []analyze.Span, now *float64, columns int) scale {
	from, to, clipped := extent(spans, now)
	best := scale{from: from, step: to - from, ticks: 1, per: max(columns-1, 1), clipped: clipped}
	waste := math.Inf(1)
	for _, step := range ticksAt {
		first := math.Floor(from/step+1e-9) * step
		n := int(math.Ceil((to-first)/step - 1e-9))
		if n < 4 || n > 8 || (columns-1)/n < 3 {
			continue
		}
		if w := float64(n)*step - (to - first); w < waste-1e-9 {
			waste = w
			best = scale{from: first, step: step, ticks: n, per: (columns - 1) / n, clipped: clipped}
		}
	}
	return best
}

// extent is the time a chart must show. Where the last likely end comes early
// and only limits lie far behind it, the chart is cut soon after the end: marks
// beyond it become arrows.
func extent(spans []analyze.Span, now *float64) (from, to float64, clipped bool) {
	likely, last := 0.0, 0.0
	see := func(into *float64, x float64) {
		if !math.IsInf(x, 0) && !math.IsNaN(x) {
			*into = max(*into, x)
		}
	}
	for _, s := range spans {
		from = min(from, s.Start.Earliest)
		see(&last, s.Start.Latest)
		see(&last, s.End.Latest)
		see(&last, spanEnd(s))
		if !s.NotReached {
			see(&likely, s.Start.Likely)
			see(&likely, spanEnd(s))
		}
	}
	if now != nil {
		see(&likely, *now)
	}
	last = max(last, likely, from+1)
	if likely-from > 0 && last-from > 12*max(likely-from, 1) {
		return from, from + 2*max(likely-from, 1), true
	}
	return from, last, false
}

func (s scale) width() int { return s.ticks*s.per + 1 }

func (s scale) end() float64 { return s.from + s.step*float64(s.ticks) }

// column of a moment; what lies outside is put at the edge.
func (s scale) column(at float64) int {
	c := math.Round((at - s.from) / s.step * float64(s.per))
	return int(math.Min(math.Max(c, 0), float64(s.ticks*s.per)))
}

// beyond says whether a moment lies behind the end of the chart.
func (s scale) beyond(at float64) bool { return at > s.end()+1e-9 }

// marks are the moments of the ticks.
func (s scale) marks() []float64 {
	out := make([]float64, s.ticks+1)
	for i := range out {
		out[i] = s.from + float64(i)*s.step
	}
	return out
}
