package simulate

import (
	"math"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// workerState is the pod worker: its syncs are serial, and it holds at most one
// further request (K100, K102).
type workerState struct {
	busy, pending, waiting bool
	syncs                  int
	lastSync               float64
	over                   bool        // the pod has a final phase
	queued                 int         // number of the newest entry of the work queue
	starting               []*replayed // by the sync under way
}

// A syncPass is what one pass does: how much of it, and how it failed.
type syncPass struct {
	results int
	failed  bool
	expiry  float64 // when the first back-off that it met ends; Never = none
	before  eventKey
}

// wake asks for a sync.
func (r *replay) wake() {
	if r.worker.busy {
		r.worker.pending = true
		return
	}
	r.worker.busy = true
	r.after(0.0005, r.pickUp)
}

// pickUp begins a sync as soon as the cache is newer than the last one.
func (r *replay) pickUp() {
	if r.deletion.heard() {
		r.deletion.turn = true
	}
	if r.fresh() {
		r.work()
		return
	}
	r.worker.waiting = true
	r.wantRelist()
}

// sync is kubelet.SyncPod (K100): first the status of what was, then the actions.
func (r *replay) sync() {
	r.worker.syncs++
	if r.generate() {
		r.terminate()
		return
	}
	s := &syncPass{expiry: analyze.Never}
	if r.worker.syncs == 1 {
		r.firstSync(s)
		return
	}
	if !r.sandbox.ready { // woken while the first sync is under way cannot happen: syncs are serial
		r.endSync(s)
		return
	}
	r.after(r.roll(latSync), func() { r.act(s) })
}

// firstSync mounts the volumes and makes the sandbox. A delete ends the wait for
// volumes, the only thing in a sync that it cuts short: what is not mounted by
// then ends the sync (K24; volume_manager.go@v1.36.3: WaitForAttachAndMount).
func (r *replay) firstSync(s *syncPass) {
	over := false
	next := func(mounted bool) {
		switch {
		case over:
		case mounted:
			r.addProbes()
			r.after(r.node.sandbox, func() { r.sandboxReady(s) })
		default:
			s.failed = true
			r.endSync(s)
		}
		over = true
	}
	if d := r.deletion; d != nil && r.plan.volumes {
		mounted := r.now + r.node.mounted
		d.interrupt = func() { next(r.now >= mounted) }
	}
	r.after(r.node.begin, func() { next(true) })
}

// sandboxReady ends the making of the sandbox. From 1.36 on the API shows it at
// once, before that with the next sync's status (K112).
func (r *replay) sandboxReady(s *syncPass) {
	r.sandbox.ready = true
	s.results++
	s.before = eventKey{analyze.SandboxReady, noContainer, 1}
	if r.plan.readyAtSandbox {
		r.publish(s.before, eventKey{analyze.PodScheduled, noContainer, 1})
	}
	r.wantRelist()
	r.after(r.roll(latSync), func() { r.act(s) })
}

// act does what the kubelet decides, one thing after the other.
func (r *replay) act(s *syncPass) {
	d := r.decide()
	r.worker.starting = d.start
	steps := make([]func(next func()), 0, len(d.kill)+len(d.start))
	for _, k := range d.kill {
		steps = append(steps, func(next func()) {
			s.results++
			r.kill(k.c, k.grace, next)
		})
	}
	if d.reset {
		steps = append(steps, func(next func()) { r.forgetAll(s, next) })
	}
	for _, c := range d.start {
		steps = append(steps, func(next func()) {
			s.results++
			r.start(c, s, func(ok bool) {
				if !ok && c.Type == analyze.InitContainer {
					r.endSync(s) // a failed start of an init container ends the sync (K111)
					return
				}
				next()
			})
		})
	}
	r.inTurn(steps, func() { r.endSync(s) })
}

func (r *replay) inTurn(steps []func(next func()), done func()) {
	if len(steps) == 0 {
		done()
		return
	}
	steps[0](func() { r.inTurn(steps[1:], done) })
}

// endSync is the end of a sync: the relist that 1.36 asks for, the entry in
// the work queue, and the request that waits (K103, K104).
func (r *replay) endSync(s *syncPass) {
	r.worker.lastSync = r.now
	if r.deletion.heard() {
		r.deletion.held = r.worker.starting
	}
	r.worker.starting = nil
	if s.results > 0 && !s.failed && r.plan.onDemand {
		r.relistPod()
	}
	r.requeue(s)
	r.worker.busy = false
	if r.worker.pending {
		r.worker.pending = false
		r.wake()
	}
}

// requeue puts the pod into the work queue (pod_workers.go@v1.36.3: completeWork).
func (r *replay) requeue(s *syncPass) {
	wait := resyncPeriod
	if s.failed {
		wait = retryPoll
		if r.plan.expiryRequeue && !math.IsInf(s.expiry, 1) {
			wait = math.Min(math.Max(s.expiry-r.now, 0), resyncPeriod)
		}
	}
	wait *= 1 + retryJitter*r.dice.unit()
	r.worker.queued++
	mine := r.worker.queued
	// The queue hands out what is due at its next tick.
	due := r.now + wait
	tick := r.node.tick + math.Floor(due-r.node.tick) + workTick
	r.at(tick, func() {
		if mine == r.worker.queued {
			r.wake()
		}
	})
}

// terminate is what follows when a status shows a final phase: the worker turns
// to terminating, which waits for a newer cache once more, and stops what still
// runs with the pod's own grace period (K17, K100.3; pod_workers.go@v1.36.3).
func (r *replay) terminate() {
	r.worker.lastSync = r.now
	r.worker.over = true
	if r.fresh() {
		r.stopAll()
		return
	}
	r.worker.waiting = true
	r.wantRelist()
}

// stopAll stops containers and then sidecars in reverse order (K50), and ends
// the replay.
func (r *replay) stopAll() {
	var steps []func(next func())
	for _, k := range r.killPod().kill {
		steps = append(steps, func(next func()) { r.kill(k.c, k.grace, next) })
	}
	r.after(r.roll(latSync), func() { r.inTurn(steps, func() { r.ended = true }) })
}
