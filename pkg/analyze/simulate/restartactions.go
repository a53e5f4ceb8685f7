package simulate

import (
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// A decision is what one sync will do, in this order (K110).
type decision struct {
	kill  []killing
	reset bool // forget all containers afterwards: RestartAllContainers
	start []*replayed
}

type killing struct {
	c     *replayed
	grace int64
}

// decide is computePodActions (kuberuntime_manager.go@v1.36.3) for a pod whose
// sandbox is there.
func (r *replay) decide() decision {
	if r.status.restartingAll {
		return r.resetAll()
	}
	var d decision
	initialised, killPod := r.decideInit(&d)
	if killPod {
		return r.killPod()
	}
	if !initialised {
		return d
	}
	keep, starts := 0, 0
	for _, c := range r.apps() {
		switch {
		case c.seen.newest == nil:
			d.start = append(d.start, c)
			starts++
		case c.seen.exited:
			if again, _ := r.restartable(c); again {
				d.start = append(d.start, c)
				starts++
			}
		default:
			again, failed := r.failedProbe(c)
			if !failed {
				keep++
				continue
			}
			d.kill = append(d.kill, again)
			if restartsAfterKill(r.plan.version, r.plan.spec, c.Container.Container) {
				d.start = append(d.start, c)
				starts++
			}
		}
	}
	if keep == 0 && starts == 0 {
		return r.killPod() // K221
	}
	return d
}

// decideInit is computeInitContainerActions: from the last init container that
// has a status backwards (K114–K118). A decision made for a sidecar holds also
// where a later init container is in back-off.
func (r *replay) decideInit(d *decision) (initialised, killPod bool) {
	inits := r.inits()
	if len(inits) == 0 {
		return true, false
	}
	initialised = slices.ContainsFunc(r.apps(), func(c *replayed) bool { return c.seen.newest != nil && !c.seen.exited })
	before := initialised
	last := len(inits) - 1
	for i := last; i >= 0; i-- {
		c := inits[i]
		sidecar := c.Type == analyze.SidecarContainer
		if c.seen.newest == nil {
			if before && sidecar {
				d.start = append(d.start, c)
			}
			continue
		}
		if before && !sidecar {
			continue // after initialisation only sidecars are kept running
		}
		v := r.decideOneInit(d, c)
		if v.failed {
			return false, true
		}
		initialised = initialised || v.done && i == last
		d.start = append(d.start, v.starts(inits, i, before)...)
		before = true
	}
	if !before {
		d.start = append(d.start, inits[0])
	}
	slices.Reverse(d.start)
	return initialised, false
}

// initVerdict is what is to be done about one init container or sidecar: done =
// the next may begin, again = it is started (once more), failed = the pod has.
type initVerdict struct{ done, again, failed bool }

// starts lists what is to be started, later containers first.
func (v initVerdict) starts(inits []*replayed, i int, before bool) []*replayed {
	var out []*replayed
	if v.done && !before && i+1 < len(inits) {
		out = append(out, inits[i+1])
	}
	if v.again {
		out = append(out, inits[i])
	}
	return out
}

// decideOneInit judges one init container or sidecar that has a status.
func (r *replay) decideOneInit(d *decision, c *replayed) initVerdict {
	inst := c.seen.newest
	if c.Type == analyze.InitContainer {
		switch {
		case !c.seen.exited:
			return initVerdict{}
		case inst.code == 0:
			return initVerdict{done: true}
		}
		again, _ := r.restartable(c)
		return initVerdict{again: again, failed: !again}
	}
	if c.seen.exited {
		return initVerdict{again: true}
	}
	if c.StartupProbe != nil && inst.result[probeStartup] != resultSuccess {
		if inst.result[probeStartup] != resultFailure {
			return initVerdict{}
		}
		d.kill = append(d.kill, r.probeKill(c, c.StartupProbe))
		return initVerdict{again: true}
	}
	if inst.result[probeLiveness] == resultFailure {
		// A sidecar's liveness does not gate: the next one begins all the same.
		d.kill = append(d.kill, r.probeKill(c, c.LivenessProbe))
		return initVerdict{done: true, again: true}
	}
	return initVerdict{done: true}
}

// failedProbe says whether a running app container is to be killed (K139, K135).
func (r *replay) failedProbe(c *replayed) (killing, bool) {
	inst := c.seen.newest
	switch {
	case inst.result[probeLiveness] == resultFailure:
		return r.probeKill(c, c.LivenessProbe), true
	case inst.result[probeStartup] == resultFailure:
		return r.probeKill(c, c.StartupProbe), true
	}
	return killing{}, false
}

// probeKill is the kill after a failed probe, with the probe's own grace
// period where it has one (K31).
func (r *replay) probeKill(c *replayed, p *corev1.Probe) killing {
	if inst := c.running(); inst != nil {
		inst.exitRule = "K139"
		if p == c.StartupProbe {
			inst.exitRule = "K135"
		}
	}
	if p.TerminationGracePeriodSeconds != nil {
		return killing{c, *p.TerminationGracePeriodSeconds}
	}
	return killing{c, c.specGrace}
}

// killPod stops everything that runs: apps, then sidecars in reverse order
// (K50, K221). The probe's own grace period does not count then (K222).
func (r *replay) killPod() decision {
	var d decision
	for _, c := range slices.Concat(r.apps(), reversed(r.inits())) {
		if c.running() != nil {
			d.kill = append(d.kill, killing{c, c.specGrace})
		}
	}
	return d
}

// resetAll is RestartAllContainers: everything is killed without hook and with
// 2s of grace, and removed (K240).
func (r *replay) resetAll() decision {
	d := decision{reset: true}
	for _, c := range slices.Concat(r.apps(), r.inits()) {
		if c.running() != nil {
			d.kill = append(d.kill, killing{c, 0})
		}
	}
	return d
}

// forgetAll removes all containers, so that the pod begins anew and without
// back-off (K241, K242).
func (r *replay) forgetAll(s *syncPass, next func()) {
	s.results++
	for _, c := range r.containers {
		c.instances, c.seen, c.refused = nil, seenContainer{}, false
	}
	r.worker.pending = true
	next()
}

func (r *replay) inits() []*replayed { return r.containers[:r.plan.inits] }
func (r *replay) apps() []*replayed  { return r.containers[r.plan.inits:] }

func reversed(list []*replayed) []*replayed {
	out := slices.Clone(list)
	slices.Reverse(out)
	return out
}

// restartable asks the policy about the exit that the cache shows (K200).
func (r *replay) restartable(c *replayed) (bool, string) {
	return Restartable(r.plan.version, r.plan.spec, c.Container, c.seen.newest.code)
}

// backOff is doBackOff (K210): whether the start is refused, and until when.
// It counts from the newest exit that the cache shows, which after a kill in
// the same sync is the one before (K218).
func (r *replay) backOff(c *replayed) (expiry float64, refused bool) {
	last := c.seen.lastExited
	if last == nil {
		return 0, false
	}
	e := &c.backoff
	if e.ok && r.now-e.updated > backoffExpiry && r.housekept(e.updated+backoffExpiry) {
		e.ok = false // K212: collected
	}
	expired := e.ok && last.exitAt-e.updated > backoffExpiry
	if e.ok && !expired && r.now-last.exitAt < e.seconds {
		key := eventKey{analyze.BackoffStarted, c.index, c.starts}
		r.happen(key, r.now, eventKey{analyze.ContainerExited, c.index, c.starts})
		r.record[key].seconds = e.seconds
		c.waited = e.seconds
		return last.exitAt + e.seconds, true
	}
	if e.ok && !expired {
		e.seconds = min(2*e.seconds, r.plan.ladder.Max)
	} else {
		e.seconds = min(r.plan.ladder.Initial, r.plan.ladder.Max)
	}
	e.ok, e.updated = true, r.now
	return 0, false
}

// housekept says whether the housekeeping ran between t and now.
func (r *replay) housekept(t float64) bool {
	tick := func(t float64) int { return int((t - r.node.house) / housekeeping) }
	return tick(r.now) > tick(t)
}
