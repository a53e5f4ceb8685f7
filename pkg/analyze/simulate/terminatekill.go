package simulate

import (
	"math"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// minimumGrace is what the kubelet leaves between the stop signal and SIGKILL
// at least, in seconds (K30.6; pkg/kubelet/kuberuntime/kuberuntime_container.go@v1.36.3:
// minimumGracePeriodInSeconds).
const minimumGrace = 2

// KillTimes is the plain formula K33 for one container that waits for nobody:
// with a grace period of grace seconds and a preStop hook that takes hook
// seconds (0 = none; analyze.Never = endless), the moments of the stop signal
// and of SIGKILL, in seconds after the kubelet began. The hook's cost is
// counted in whole seconds, and SIGKILL comes 2 s after the signal at the
// earliest. A grace of 0 lets no hook run; what a request for 0 means to the
// kubelet is for K16 to say.
func KillTimes(grace int64, hook float64) (signal, kill float64) {
	g := float64(max(grace, 0))
	signal = math.Min(hook, g)
	return signal, signal + math.Max(minimumGrace, g-math.Floor(signal))
}

// stopInput is what decides how one container stops. Moments count from the
// kubelet's begin.
type stopInput struct {
	grace float64
	// hookEnds is when the hook returns; nil without a hook. It takes at least hookTakes.
	hookEnds  *moment
	hookTakes float64
	// turn is when all those it has to wait for have stopped; nil without order (K50).
	turn *moment
	// takes is the time from the signal to its own exit.
	takes analyze.Bounds
	// itself is when the process ends without any signal; nil = not.
	itself *moment
}

// stopOutput is how the container stops.
type stopOutput struct {
	budget    moment // the grace period's end: the hook is no longer waited for
	hookOver  moment // hook ended or given up
	hookLate  bool   // likely given up
	call      moment // StopContainer
	signal    moment // the process has its stop signal
	kill      moment // SIGKILL would come
	exit      moment
	done      moment // the kubelet knows it stopped
	remaining analyze.Bounds
	// killed: SIGKILL ends it in the likely run; mayBe and mayNot: it can, can be spared.
	killed, mayBe, mayNot bool
	// unsignalled: it surely ends before its signal would be sent; maybe: it can.
	unsignalled, maybeUnsignalled bool
	byItself                      bool // likely ends without its signal
	waited                        bool // its turn, not its hook or the grace, set the signal
}

// stop applies K30–K33 and K50–K53 to one container.
func stop(in stopInput) stopOutput {
	var out stopOutput
	g := in.grace
	out.budget = exactly(g)
	hookCost := analyze.At(0)
	if in.hookEnds != nil {
		out.hookLate = in.hookEnds.b.Likely >= g
		out.hookOver = sooner(*in.hookEnds, out.budget)
		hookCost = boundsOf(out.hookOver)
		hookCost.Earliest = math.Max(hookCost.Earliest, in.hookTakes)
		hookCost = clampTo(hookCost, g)
	}
	lost := fraction(hookCost)
	out.call, out.kill = out.hookOver, moment{}
	waited := analyze.At(0)
	if in.turn != nil {
		limit := later(out.hookOver, out.budget.plus(lost))
		out.call = later(out.hookOver, sooner(*in.turn, limit))
		out.waited = in.turn.b.Likely > out.hookOver.b.Likely
		waited = clampTo(gapBetween(out.hookOver, out.call), g)
		lost = lost.Plus(fraction(waited))
	}
	out.remaining = analyze.Bounds{
		Earliest: left(g, hookCost.Latest, waited.Latest),
		Likely:   left(g, hookCost.Likely, waited.Likely),
		Latest:   left(g, hookCost.Earliest, waited.Earliest),
	}
	out.kill = later(out.call.plus(analyze.At(minimumGrace)), out.budget.plus(lost))
	out.signal = out.call.after(latSignal)
	out.end(in)
	return out
}

// end finds the exit: its own or by SIGKILL, whichever comes first, and
// whether the two race.
func (out *stopOutput) end(in stopInput) {
	own := out.signal.plus(in.takes).after(latExit)
	killed := out.kill.after(latKill)
	// The race is judged from the common StopContainer call on, so that doubt about that moment does not matter.
	ownTakes := moment{}.after(latSignal).plus(in.takes).after(latExit)
	killTakes := moment{b: out.remaining}.after(latKill)
	out.mayBe = ownTakes.latest() >= killTakes.earliest()
	out.mayNot = ownTakes.earliest() <= killTakes.latest()
	out.killed = ownTakes.b.Likely >= killTakes.b.Likely
	switch {
	case !out.mayNot:
		out.exit = killed
	case !out.mayBe:
		out.exit = own
	default:
		out.exit = sooner(own, killed)
	}
	if in.itself != nil {
		out.maybeUnsignalled = in.itself.earliest() < out.call.latest()
		out.unsignalled = in.itself.latest() < out.call.earliest()
		if in.itself.b.Likely <= out.exit.b.Likely {
			out.killed, out.byItself = false, true
		}
		out.mayBe = out.mayBe && in.itself.latest() >= out.kill.earliest()
		out.mayNot = out.mayNot || in.itself.earliest() <= out.kill.latest()
		out.exit = sooner(out.exit, *in.itself)
	}
	out.done = later(out.exit, out.call).after(latStopReturn)
}

// left is the grace that StopContainer gets after whole seconds were taken off (K33, K52).
func left(g, hook, waited float64) float64 {
	return math.Max(minimumGrace, g-math.Floor(hook)-math.Floor(waited))
}

func boundsOf(m moment) analyze.Bounds {
	return analyze.Bounds{Earliest: positive(m.earliest()), Likely: m.b.Likely, Latest: m.latest()}
}

func clampTo(b analyze.Bounds, limit float64) analyze.Bounds { return b.Min(analyze.At(limit)) }
