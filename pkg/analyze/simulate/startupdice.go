package simulate

import (
	"math"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// dice draw what Kubernetes and the application leave open, for one replay.
// They are not random: the first draws of all replays together are spread
// evenly over the ranges (a Kronecker sequence), further ones come from a
// generator that starts with the replay's number. Replay 0 always draws the
// likely value.
type dice struct {
	run   int
	drawn int
	state uint64
	// endless makes every range without an end last forever.
	endless bool
}

func newDice(run int, endless bool) *dice {
	return &dice{run: run, state: uint64(run)*0x9e3779b97f4a7c15 + 1, endless: endless}
}

// spread are irrational steps, one per dimension.
var spread = [...]float64{
	0.6180339887, 0.4142135624, 0.7320508076, 0.2360679775, 0.6457513111, 0.3166247904, 0.6055512755,
	0.1231056256, 0.3588989435, 0.7958315233, 0.3851648071, 0.5677643628, 0.0827625303, 0.4031242374,
	0.5574385243, 0.8556546004, 0.2801098893, 0.6811457478, 0.8102496759, 0.1853527719,
}

// unit draws from [0, 1).
func (d *dice) unit() float64 {
	if d.run == 0 {
		return 0.5
	}
	d.drawn++
	if d.drawn <= len(spread) {
		_, f := math.Modf(0.5 + float64(d.run)*spread[d.drawn-1])
		return f
	}
	// splitmix64
	d.state += 0x9e3779b97f4a7c15
	z := d.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return float64((z^z>>31)>>11) / (1 << 53)
}

// between draws a latency of the node: mostly short, at times long.
func (d *dice) between(low, high float64) float64 {
	u := d.unit()
	return low + u*u*(high-low)
}

// farther is how much longer than likely a duration without an end is drawn.
const farther = 4

// of draws a duration of the application. The ends of the range are drawn too,
// as thresholds lie there.
func (d *dice) of(b analyze.Bounds) float64 {
	if b.Earliest >= b.Latest {
		return b.Earliest
	}
	if math.IsInf(b.Latest, 1) && d.endless {
		return analyze.Never
	}
	if d.run == 0 {
		return b.Likely
	}
	u := math.Min(1, math.Max(0, (d.unit()-0.02)/0.96))
	if math.IsInf(b.Latest, 1) {
		high := farther * math.Max(b.Likely, b.Earliest+1)
		if math.IsInf(b.Likely, 1) {
			high = farther * (b.Earliest + 10)
		}
		return b.Earliest + u*u*(high-b.Earliest)
	}
	if u < 0.5 {
		return b.Earliest + 2*u*(b.Likely-b.Earliest)
	}
	return b.Likely + (2*u-1)*(b.Latest-b.Likely)
}
