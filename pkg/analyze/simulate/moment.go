package simulate

import (
	"math"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// A moment is a point in time with two kinds of doubt: b is what the inputs
// leave open (exact interval arithmetic), less and more are what the node's
// latencies may shift it by.
type moment struct {
	b          analyze.Bounds
	less, more float64
}

func exactly(s float64) moment { return moment{b: analyze.At(s)} }

// bounds is the moment as the documents show it; nothing happens before time 0.
func (m moment) bounds() analyze.Bounds {
	return analyze.Bounds{
		Earliest: math.Max(0, m.earliest()), Likely: math.Max(0, m.b.Likely), Latest: math.Max(0, m.latest()),
	}
}

func (m moment) earliest() float64 { return m.b.Earliest - m.less }
func (m moment) latest() float64   { return m.b.Latest + m.more }

// plus is the moment a duration later.
func (m moment) plus(d analyze.Bounds) moment {
	m.b = m.b.Plus(d)
	return m
}

// after is the moment a latency later.
func (m moment) after(l latency) moment {
	return moment{m.b.Plus(analyze.At(l.likely)), stack(m.less, l.less), stack(m.more, l.more)}
}

// from shifts a moment that counts from zero to one that counts from where
// zero counts from.
func (m moment) from(zero moment) moment {
	return moment{zero.b.Plus(m.b), stack(zero.less, m.less), stack(zero.more, m.more)}
}

// since shifts a moment back to one that counts from zero.
func (m moment) since(zero moment) moment {
	return moment{analyze.Bounds{
		Earliest: positive(m.b.Earliest - zero.b.Latest), Likely: positive(m.b.Likely - zero.b.Likely),
		Latest: positive(m.b.Latest - zero.b.Earliest),
	}, m.less, m.more}
}

// later is the later of two moments, bound by bound; each bound keeps the
// deviation of the moment it comes from.
func later(a, b moment) moment { return pick(a, b, func(x, y float64) bool { return x >= y }) }

// sooner is the earlier of two moments, bound by bound.
func sooner(a, b moment) moment { return pick(a, b, func(x, y float64) bool { return x <= y }) }

func pick(a, b moment, first func(x, y float64) bool) moment {
	out := b
	if first(a.earliest(), b.earliest()) {
		out.b.Earliest, out.less = a.b.Earliest, a.less
	}
	if first(a.b.Likely, b.b.Likely) {
		out.b.Likely = a.b.Likely
	}
	if first(a.latest(), b.latest()) {
		out.b.Latest, out.more = a.b.Latest, a.more
	}
	return out
}

// gap is the duration from a to b as far as both are known, never negative.
func gapBetween(a, b moment) analyze.Bounds {
	d := analyze.Bounds{
		Earliest: b.earliest() - a.latest(), Likely: b.b.Likely - a.b.Likely, Latest: b.latest() - a.earliest(),
	}
	return analyze.Bounds{Earliest: positive(d.Earliest), Likely: positive(d.Likely), Latest: positive(d.Latest)}
}

// positive clips at 0; Inf − Inf counts as 0.
func positive(s float64) float64 {
	if math.IsNaN(s) || s < 0 {
		return 0
	}
	return s
}

// fraction is what flooring to whole seconds throws away (K33): of a duration
// within one second it is known, else it is anything below 1.
func fraction(d analyze.Bounds) analyze.Bounds {
	f := func(s float64) float64 {
		if math.IsInf(s, 0) {
			return 0
		}
		return s - math.Floor(s)
	}
	if math.Floor(d.Earliest) == math.Floor(d.Latest) {
		return analyze.Bounds{Earliest: f(d.Earliest), Likely: f(d.Likely), Latest: f(d.Latest)}
	}
	return analyze.Bounds{Earliest: 0, Likely: f(d.Likely), Latest: 1}
}
