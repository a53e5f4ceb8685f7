package simulate

import "math"

// plegState is what PLEG and the pod cache know about the pod (K103).
type plegState struct {
	sandboxSeen bool
	observed    float64 // when the newest relist that looked at this pod began
	wanted      bool    // an alarm for the next relist of all pods is set
	busyUntil   float64 // relists come one after the other
}

// seenContainer is a container as the pod cache shows it.
type seenContainer struct {
	newest     *instance
	exited     bool
	lastExited *instance
}

// period is the time from one relist to the next: the second counts from the
// end of the relist before (pleg/generic.go@v1.36.3: workerLoopIteration).
func (n nodeDraw) period() float64 { return relistPeriod + n.relistTook }

// lastRelist is when the newest finished relist of all pods began.
func (r *replay) lastRelist() float64 {
	k := math.Floor((r.now - r.node.relistTook - r.node.relist) / r.node.period())
	return r.node.relist + k*r.node.period()
}

// wantRelist sets the alarm of the next relist of all pods. It is not set
// while nothing would be seen, as the grid goes on anyway.
func (r *replay) wantRelist() {
	if r.pleg.wanted {
		return
	}
	r.pleg.wanted = true
	k := math.Floor((r.now-r.node.relist)/r.node.period()) + 1
	r.at(r.node.relist+k*r.node.period(), func() {
		r.at(r.pleg.busyUntil, func() {
			r.pleg.wanted = false
			r.relist(r.node.relistTook)
		})
	})
}

// relistPod is the relist of this pod that 1.36 asks for after a sync that
// did something (K103).
func (r *replay) relistPod() {
	r.after(0.001, func() {
		r.at(r.pleg.busyUntil, func() { r.relist(r.roll(latRelist) / 2) })
	})
}

// relist looks at the runtime now and delivers what is new when it has finished.
func (r *replay) relist(took float64) {
	began, events := r.now, 0
	r.pleg.busyUntil = r.now + took
	if r.sandbox.ready && !r.pleg.sandboxSeen {
		r.pleg.sandboxSeen = true
		events++
	}
	seen := make([]seenContainer, len(r.containers))
	for i, c := range r.containers {
		for _, inst := range c.instances {
			if inst.visible {
				seen[i].lastExited = inst
			}
			if (!inst.relisted && !inst.visible) || (inst.visible && !inst.relistedExit) {
				events++
			}
			inst.relisted, inst.relistedExit = true, inst.visible
			seen[i].newest, seen[i].exited = inst, inst.visible
		}
	}
	r.after(took, func() { r.relisted(began, events, seen) })
}

func (r *replay) relisted(began float64, events int, seen []seenContainer) {
	if events > 0 {
		for i, c := range r.containers {
			c.seen = seen[i]
		}
	}
	r.pleg.observed = math.Max(r.pleg.observed, began)
	if r.worker.waiting && r.fresh() {
		r.worker.waiting = false
		if r.worker.over {
			r.stopAll()
			return
		}
		r.work()
	}
	// The events of one relist are handled before the worker wakes, so that they
	// are one request (recorded: the next sync does not wait for another relist).
	if events > 0 {
		r.wake()
	}
}

// fresh says whether the cache is newer than the end of the last sync, which
// every sync waits for (pod_workers.go@v1.36.3: podWorkerLoop, GetNewerThan).
// This is what delays the sync after a result of a probe that follows another
// sync within the same relist period: a worker's very first look at a new
// container sets the result Unknown (startup) or Failure (readiness), and that
// is a sync of its own.
func (r *replay) fresh() bool {
	return r.worker.syncs == 0 || math.Max(r.pleg.observed, r.lastRelist()) > r.worker.lastSync
}
