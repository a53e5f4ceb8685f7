package simulate

import (
	"math"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// A life is what the application does in one instance of a container. Seconds
// from its start, but for the durations of hooks and of stopping.
type life struct {
	runs, startup, ready, fails float64
	postStart, preStop, stop    float64
}

func drawLife(p *planned, d *dice) life {
	l := life{runs: d.of(p.runs), startup: d.of(p.startupAfter), ready: d.of(p.readyAfter), fails: d.of(p.failsAfter)}
	if p.hasPostStart {
		l.postStart = d.of(p.postStart)
	}
	if p.hasPreStop {
		l.preStop = d.of(p.preStop)
	}
	l.stop = d.of(p.stop)
	return l
}

// start is the start of one container with all that can go wrong (K120, K210).
// done hears whether it worked.
func (r *replay) start(c *replayed, s *syncPass, done func(ok bool)) {
	if expiry, refused := r.backOff(c); refused {
		s.failed, c.refused = true, true
		s.expiry = math.Min(s.expiry, expiry)
		done(false)
		return
	}
	c.refused = false
	pull := 0.0
	if !r.pulled[c.Image] {
		pull = r.dice.of(c.pull)
		if math.IsInf(pull, 1) {
			r.pullFails(c, s, done)
			return
		}
		r.pulled[c.Image] = true
	}
	r.after(pull+math.Max(0.01, r.node.start+r.roll(latStartMore)), func() {
		inst := r.begin(c, s)
		s.before = eventKey{analyze.ContainerStarted, c.index, inst.attempt}
		r.after(r.roll(latStarted), func() { r.hook(c, inst, s, done) })
	})
}

// pullFails is an image that never comes: the start fails, and the sync goes on
// with the other containers (K111, K123, K129).
func (r *replay) pullFails(c *replayed, s *syncPass, done func(ok bool)) {
	took := assumedAsk.Likely
	if c.ImagePullPolicy == corev1.PullNever {
		took = latSync[1]
	}
	r.after(took, func() {
		s.failed, c.refused = true, true
		done(false)
	})
}

// begin makes the process run.
func (r *replay) begin(c *replayed, s *syncPass) *instance {
	l := c.first
	if c.starts > 0 {
		l = drawLife(c.planned, r.dice)
	}
	c.starts++
	inst := &instance{
		attempt: c.starts, startAt: r.now, exitAt: analyze.Never, code: c.exitCode,
		startedUp: r.now + l.startup, readyAt: r.now + l.ready, failsAt: r.now + l.fails,
	}
	c.life = l
	c.instances = append(c.instances, inst)
	key := eventKey{analyze.ContainerStarted, c.index, inst.attempt}
	causes := r.startCause(c, s)
	for _, cause := range causes {
		// The kubelet acts on what it is about to publish: the API shows it by then.
		if o := r.record[cause]; o != nil && o.at > r.now {
			o.at = r.now
		}
	}
	r.happen(key, r.now, causes...)
	r.record[key].seconds, c.waited = c.waited, 0
	r.wantRelist()
	if l.runs < analyze.Never {
		// The process takes a moment to run and to end.
		r.endAt(c, inst, r.now+l.runs+0.002, c.exitCode, false)
	}
	return inst
}

// startCause names what a start had to wait for: its own exit first, then what
// came before it in the same sync, or the container whose turn was before.
func (r *replay) startCause(c *replayed, s *syncPass) []eventKey {
	var because []eventKey
	if c.starts > 1 {
		because = append(because, eventKey{analyze.ContainerExited, c.index, c.starts - 1})
	}
	if s.before.typ != "" {
		return append(because, s.before)
	}
	if c.starts > 1 {
		return because
	}
	last := c.index - 1
	if c.Type == analyze.AppContainer {
		last = r.plan.inits - 1
	}
	if last < 0 {
		return append(because, eventKey{analyze.SandboxReady, noContainer, 1})
	}
	return append(because, r.containers[last].initialised())
}

// initialised is the event that lets the next container begin (K114–K117).
func (c *replayed) initialised() eventKey {
	switch {
	case c.Type == analyze.InitContainer:
		return eventKey{analyze.ContainerExited, c.index, c.starts}
	case c.StartupProbe != nil:
		return eventKey{analyze.ContainerStartedStatus, c.index, c.starts}
	case c.hasPostStart:
		return eventKey{analyze.PostStartFinished, c.index, c.starts}
	}
	return eventKey{analyze.ContainerStarted, c.index, c.starts}
}

// hook is the postStart hook, which the sync waits for however long it takes
// (K124). If it fails, or the container ends under it, the start has failed.
func (r *replay) hook(c *replayed, inst *instance, s *syncPass, done func(ok bool)) {
	if !c.hasPostStart {
		done(true)
		return
	}
	way := c.hookStart(r)
	finished := func(failed bool) {
		key := eventKey{analyze.PostStartFinished, c.index, inst.attempt}
		r.happen(key, r.now, eventKey{analyze.ContainerStarted, c.index, inst.attempt})
		s.before = key
		r.after(r.roll(latExecEnd), func() {
			if !failed {
				done(true)
				return
			}
			s.failed, c.refused = true, true
			r.kill(c, c.specGrace, func() { done(false) })
		})
	}
	over := false
	once := func(failed bool) func() {
		return func() {
			if !over {
				over = true
				finished(failed)
			}
		}
	}
	r.after(way+c.life.postStart, once(c.postStartFails))
	if c.postStartExec {
		inst.onExit = once(true)
		if inst.exited {
			once(true)()
		}
	}
}

// endAt sets the end of an instance, unless it ends before.
func (r *replay) endAt(c *replayed, inst *instance, at float64, code int32, killed bool) {
	if inst.exited || at >= inst.exitAt {
		return
	}
	inst.exitAt = at
	inst.exitSerial++
	mine := inst.exitSerial
	r.at(at, func() {
		if mine != inst.exitSerial || inst.exited {
			return
		}
		inst.exited, inst.code, inst.killed = true, code, killed
		r.happen(eventKey{analyze.ContainerExited, c.index, inst.attempt}, r.now, inst.exitCause(c)...)
		o := r.record[eventKey{analyze.ContainerExited, c.index, inst.attempt}]
		o.code, o.killed, o.rule = code, killed, inst.exitRule
		r.after(r.roll(latNotice), func() {
			inst.visible = true
			r.wantRelist()
		})
		if inst.onExit != nil {
			inst.onExit()
		}
	})
}

func (inst *instance) exitCause(c *replayed) []eventKey {
	started := eventKey{analyze.ContainerStarted, c.index, inst.attempt}
	if inst.exitRule == "K124" {
		return []eventKey{{analyze.PostStartFinished, c.index, inst.attempt}, started}
	}
	return []eventKey{started}
}

// kill stops a running container: preStop, stop signal, SIGKILL (K30, K33).
// done is called when StopContainer has returned.
func (r *replay) kill(c *replayed, grace int64, done func()) {
	inst := c.running()
	if inst == nil {
		r.after(r.roll(latStop), done)
		return
	}
	if inst.exitRule == "" && c.refused {
		inst.exitRule = "K124"
	}
	signal, kill := KillTimes(grace, c.life.preStop)
	inst.stops.signal = r.now + signal
	if c.hasPreStop && grace > 0 {
		inst.stops.hook, inst.stops.hookEnd = r.now, r.now+c.life.preStop
	}
	own := signal + r.roll(latStop) + c.life.stop
	if own < kill {
		r.endAt(c, inst, r.now+own, c.stopExitCode, false)
	} else {
		r.endAt(c, inst, r.now+kill+0.02, exitKilled, true)
	}
	over := math.Max(inst.exitAt, r.now+math.Min(signal, c.life.preStop))
	r.at(over+r.roll(latStop), func() { inst.visible = true; done() })
}
