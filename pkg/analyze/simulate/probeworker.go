package simulate

import (
	"math"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// probeKind is one of the three probes.
type probeKind int

const (
	probeStartup probeKind = iota
	probeReadiness
	probeLiveness
)

func (k probeKind) String() string {
	return [...]string{"startupProbe", "readinessProbe", "livenessProbe"}[k]
}

// of returns the container's probe of the kind, or nil.
func (k probeKind) of(c *corev1.Container) *corev1.Probe {
	return [...]*corev1.Probe{c.StartupProbe, c.ReadinessProbe, c.LivenessProbe}[k]
}

// probeResult is what a results manager holds for an instance.
type probeResult int

const (
	resultNone probeResult = iota
	resultUnknown
	resultFailure
	resultSuccess
)

// A probeWorker is the goroutine of one probe of one container (K130). Its
// ticks count from the pod's first sync, or from the last poke (K131, K136).
type probeWorker struct {
	c      *replayed
	kind   probeKind
	timing Timing
	exec   bool
	grpc   bool
	anchor float64

	inst    *instance // the container it knows
	metAt   float64   // when it looked at that one first
	last    probeResult
	inRow   int
	hold    bool
	busy    bool
	poked   bool
	early   bool // the poke comes before the status that it is about
	stopped bool
	alarm   int  // number of the newest alarm
	set     bool // an alarm is set
}

// addProbes makes the workers, those of app containers first, and lets each
// look at once (K130; prober_manager.go@v1.36.3: AddPod).
func (r *replay) addProbes() {
	for _, c := range append(append([]*replayed{}, r.apps()...), r.inits()...) {
		if c.Type == analyze.InitContainer {
			continue
		}
		for kind := range c.workers {
			p := probeKind(kind).of(c.Container.Container)
			if p == nil {
				continue
			}
			c.workers[kind] = &probeWorker{c: c, kind: probeKind(kind), timing: TimingOf(p), exec: p.Exec != nil, grpc: p.GRPC != nil, anchor: r.now}
		}
	}
}

// poke is the manual trigger: it looks now and moves the grid of ticks (K136).
func (r *replay) poke(w *probeWorker) {
	if w.stopped || w.poked {
		return
	}
	w.poked = true
	if !w.busy {
		r.after(0.0005, func() { r.poked(w) })
	}
}

// pokeLost says whether a worker that was poked while a new status was being
// made reads the old one, in which the container does not run yet: the look is
// then for nothing, but moves the ticks. The kubelet pokes before it stores the
// status (kubelet_pods.go@v1.36.3: generateAPIPodStatus), so the first of
// several poked workers loses most often; of about 60 recorded pokes 3 did.
func (r *replay) pokeLost(behind int) bool { return r.dice.unit() > 1-0.05*float64(behind) }

func (r *replay) poked(w *probeWorker) {
	if w.busy || !w.poked {
		return
	}
	w.poked, w.anchor = false, r.now
	w.alarm++
	w.set = false
	if w.early {
		w.early = false
		r.rouse(w, r.now)
		return
	}
	r.probe(w)
}

// rouse sets the alarm of the worker's next tick, if none is set. Ticks that
// would change nothing have no alarm.
func (r *replay) rouse(w *probeWorker, from float64) {
	if w == nil || w.stopped || w.set || w.busy || math.IsInf(from, 1) {
		return
	}
	k := math.Ceil((from - w.anchor) / w.timing.Period)
	k = math.Max(k, math.Floor((r.now-w.anchor)/w.timing.Period+1e-6)+1) // never the tick that is now
	w.set = true
	w.alarm++
	mine := w.alarm
	r.at(w.anchor+k*w.timing.Period, func() {
		if mine == w.alarm && !w.busy {
			w.set = false
			r.probe(w)
		}
	})
}

// probe is doProbe (K132): it reads the status manager's status, not the
// runtime's.
func (r *replay) probe(w *probeWorker) {
	st := &w.c.status
	if r.status.terminal {
		w.stopped = true
		return
	}
	if st.inst == nil {
		return
	}
	if w.inst != st.inst {
		w.inst, w.hold, w.metAt = st.inst, false, r.now
		r.setResult(w, [...]probeResult{resultUnknown, resultFailure, resultSuccess}[w.kind])
	}
	if w.hold {
		return
	}
	if !st.running {
		r.setResult(w, resultFailure)
		if again, _ := r.restartable2(w.c); st.terminated && !again {
			w.stopped = true
		}
		return
	}
	// The start time in the status has whole seconds, cut off, so the initial
	// delay may be over up to 1s early (K132).
	began := math.Floor(st.inst.startAt + r.node.clock)
	if math.Floor(r.now+r.node.clock-began) < w.timing.Delay {
		r.rouse(w, r.now)
		return
	}
	if st.started == (w.kind == probeStartup) {
		return
	}
	r.execute(w)
}

// restartable2 is restartable for the status' view of the container.
func (r *replay) restartable2(c *replayed) (bool, string) {
	return Restartable(r.plan.version, r.plan.spec, c.Container, c.status.inst.code)
}

// execute runs the probe: a moment until it is evaluated, and one until the
// worker knows.
func (r *replay) execute(w *probeWorker) {
	way, back := r.probeTakes(w)
	w.busy = true
	inst := w.inst
	r.after(way, func() {
		result, lost := resultFailure, inst.exited
		if w.passes(inst, r.now) {
			result = resultSuccess
		} else if w.grpc {
			back = r.refused(w)
			if w.passes(inst, r.now+back) {
				result = resultSuccess
			}
		}
		r.after(back, func() {
			w.busy = false
			if !lost || !w.exec { // an exec into a container that has ended is an error, and errors do not count (K141)
				r.evaluate(w, inst, result)
			}
			if w.poked {
				r.poked(w)
				return
			}
			r.rouse(w, r.nextUse(w))
		})
	})
}

func (r *replay) probeTakes(w *probeWorker) (way, back float64) {
	if w.exec {
		return r.node.exec, r.roll(latExecEnd) + w.c.probeTakes[w.kind]
	}
	return 0.002, 0.004
}

// refused is how long a gRPC probe of an application takes that is not well:
// a server that answers says so at once; where none listens, the kubelet dials
// until the timeout, again after about each second (K140; pkg/probe/grpc/grpc.go@v1.36.3).
func (r *replay) refused(w *probeWorker) float64 {
	listens := w.inst.startAt + 0.2*r.dice.unit()
	if r.now >= listens && r.dice.unit() < 0.5 {
		return 0.004
	}
	redial := 0.8 + 0.4*r.dice.unit()
	return math.Min(w.timing.Timeout, redial)
}

func (w *probeWorker) passes(inst *instance, now float64) bool {
	switch {
	case inst.exited:
		return false
	case w.kind == probeStartup:
		return now >= inst.startedUp
	case w.kind == probeReadiness:
		return now >= w.readyFrom(inst)
	}
	return now >= inst.startedUp && now < inst.failsAt
}

// readyFrom is from when on the application passes its readiness probe.
func (w *probeWorker) readyFrom(inst *instance) float64 {
	if w.c.readyWhenUp {
		return inst.startedUp
	}
	return inst.readyAt
}

// evaluate counts a result and sets it when the threshold is reached (K134).
// The counters outlive the container.
func (r *replay) evaluate(w *probeWorker, inst *instance, result probeResult) {
	if w.last == result {
		w.inRow++
	} else {
		w.last, w.inRow = result, 1
	}
	if (result == resultFailure && w.inRow < w.timing.Failures) || (result == resultSuccess && w.inRow < w.timing.Successes) {
		return
	}
	if inst == w.inst {
		r.setResult(w, result)
	}
	if w.kind == probeStartup || (w.kind == probeLiveness && result == resultFailure) {
		w.hold, w.inRow = true, 0
	}
}

// setResult puts the result into its manager; a change is an update that the
// kubelet's loop handles (results_manager.go@v1.36.3: Set).
func (r *replay) setResult(w *probeWorker, result probeResult) {
	inst := w.inst
	if inst.result[w.kind] == result {
		return
	}
	inst.result[w.kind] = result
	r.after(0.001, func() {
		switch {
		case w.kind == probeReadiness:
			r.setReadiness(w.c, inst, result == resultSuccess)
		case w.kind == probeStartup:
			r.setStartup(w.c, inst, result == resultSuccess)
		case result != resultFailure:
			return
		}
		r.wake()
	})
}

// nextUse is from when on a tick of the worker can change something.
func (r *replay) nextUse(w *probeWorker) float64 {
	switch {
	case w.hold || w.inst == nil || w.inst.exited && !w.c.status.running:
		return analyze.Never
	case w.kind == probeStartup:
		return r.now
	case w.kind == probeReadiness && w.inst.result[probeReadiness] == resultSuccess:
		return analyze.Never
	case w.kind == probeReadiness && w.last == resultFailure && w.readyFrom(w.inst) > r.now:
		return w.readyFrom(w.inst) - 2*w.timing.Period
	case w.kind == probeReadiness:
		return r.now
	}
	if w.last == resultFailure || r.now >= w.inst.failsAt {
		return r.now
	}
	return w.inst.failsAt - 2*w.timing.Period
}
