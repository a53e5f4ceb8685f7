package simulate

import (
	"math"
	"slices"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// containerStatusState is a container in the status manager's copy.
type containerStatusState struct {
	inst                *instance
	running, terminated bool
	started, ready      bool
}

// podStatusState is the rest of the status manager's copy.
type podStatusState struct {
	initialised, containersReady bool
	terminal, restartingAll      bool
	phase                        string
	published                    float64
	times                        map[analyze.EventType]int // how often a condition became true
}

func (s *podStatusState) init(*replay) { s.times = map[analyze.EventType]int{} }

// generate is the status step of a sync (K100.2): from the pod cache, so it is
// about what earlier syncs did (K101). It pokes the readiness workers of
// containers that are not ready (K136), and says whether the pod is over.
func (r *replay) generate() (terminal bool) {
	if !r.sandbox.seen && r.pleg.sandboxSeen {
		r.sandbox.seen = true
		r.publish(eventKey{analyze.SandboxReady, noContainer, 1}, eventKey{analyze.PodScheduled, noContainer, 1})
	}
	var pokes []*probeWorker
	for _, c := range r.containers {
		st := r.containerStatus(c)
		if st.running && st.started && c.Type != analyze.InitContainer {
			switch w := c.workers[probeReadiness]; {
			case st.inst.result[probeReadiness] == resultSuccess || w == nil:
				st.ready = true
			case !w.stopped:
				pokes = append(pokes, w)
				w.early = c.status.inst != st.inst || c.status.started != st.started
			}
		}
		r.setStatus(c, st)
	}
	r.restartAll()
	r.status.phase = r.phase()
	r.status.terminal = r.status.phase != ""
	r.conditions()
	if r.status.terminal {
		return true
	}
	for i, w := range pokes {
		w.early = w.early && r.pokeLost(len(pokes)-i)
		r.poke(w)
	}
	return false
}

// containerStatus converts what the cache knows (K280–K285), all but readiness.
func (r *replay) containerStatus(c *replayed) containerStatusState {
	st := containerStatusState{inst: c.seen.newest}
	if st.inst == nil {
		return st
	}
	st.running, st.terminated = !c.seen.exited, c.seen.exited
	if st.terminated {
		st.ready = c.Type == analyze.InitContainer && st.inst.code == 0
		if again, _ := r.restartable(c); again && c.refused {
			st.terminated = false // overlaid by the reason cache (K284)
		}
		return st
	}
	switch {
	case c.Type == analyze.InitContainer:
		st.started = true
	case st.inst.result[probeStartup] != resultNone:
		st.started = st.inst.result[probeStartup] == resultSuccess
	default:
		st.started = c.workers[probeStartup] == nil
	}
	return st
}

// setStatus stores a container's status, publishes what became true, and wakes
// the probe workers to which it may matter.
func (r *replay) setStatus(c *replayed, st containerStatusState) {
	if c.status == st {
		return
	}
	old := c.status
	c.status = st
	if st.started && (!old.started || old.inst != st.inst) {
		r.publish(eventKey{analyze.ContainerStartedStatus, c.index, st.inst.attempt}, r.statusCause(c, st.inst)...)
	}
	if st.ready && (!old.ready || old.inst != st.inst) {
		cause := eventKey{analyze.ContainerStartedStatus, c.index, st.inst.attempt}
		if c.Type == analyze.InitContainer {
			cause = eventKey{analyze.ContainerExited, c.index, st.inst.attempt}
		}
		r.publish(eventKey{analyze.ContainerReady, c.index, st.inst.attempt}, cause)
	}
	for _, w := range c.workers {
		r.rouse(w, r.now)
	}
}

// statusCause is what the first status of a running container had to wait for:
// its start, and the end of the sync in which it was started (K101, K119).
func (r *replay) statusCause(c *replayed, inst *instance) []eventKey {
	because := []eventKey{{analyze.ContainerStarted, c.index, inst.attempt}}
	if c.StartupProbe == nil {
		for _, other := range r.apps() {
			key := eventKey{analyze.PostStartFinished, other.index, other.starts}
			if c.Type == analyze.AppContainer && r.record[key] != nil {
				because = append(because, key)
			}
		}
	}
	return because
}

// setReadiness is what a readiness result does without a sync (K138).
func (r *replay) setReadiness(c *replayed, inst *instance, ready bool) {
	st := c.status
	if st.inst != inst || st.ready == ready {
		return
	}
	st.ready = ready
	r.setStatus(c, st)
	r.conditions()
}

// setStartup is what a startup result does without a sync (K138): only the
// container's started changes; whether it is ready is for the next sync.
func (r *replay) setStartup(c *replayed, inst *instance, started bool) {
	st := c.status
	if st.inst != inst || st.started == started || !st.running || r.overwritten(c.workers[probeStartup]) {
		return
	}
	st.started = started
	r.setStatus(c, st)
}

// overwritten says whether a sync that began at the worker's first look at the
// container stores its status after the result of that very look: the API then
// shows it with the next sync, which waits for a relist. Nothing in the kubelet
// orders the two (status_manager.go@v1.36.3: SetPodStatus, SetContainerStartup).
// Of 120 recorded startup results one came that late; a probe that took long
// would look the same, so that the share is a guess.
func (r *replay) overwritten(w *probeWorker) bool {
	const soon, seldom = 0.3, 0.02
	return w != nil && r.now-w.metAt < soon && r.dice.unit() > 1-seldom
}

// conditions are Initialized, ContainersReady and Ready (K272–K274).
func (r *replay) conditions() {
	if initialised, because := r.initialised(); initialised && !r.status.initialised {
		r.status.initialised = true
		r.condition(analyze.PodInitialized, because)
	} else if !initialised && !r.plan.stickyInitialised {
		r.status.initialised = false
	}
	ready := !r.status.terminal
	var because []eventKey
	for _, c := range r.containers {
		if c.Type == analyze.InitContainer {
			continue
		}
		ready = ready && c.status.ready
		if c.status.ready {
			because = append(because, eventKey{analyze.ContainerReady, c.index, c.status.inst.attempt})
		}
	}
	if ready && !r.status.containersReady {
		n := r.status.times[analyze.ContainersReady] + 1
		r.condition(analyze.ContainersReady, because)
		r.condition(analyze.PodReady, []eventKey{{analyze.ContainersReady, noContainer, n}})
	}
	r.status.containersReady = ready
}

func (r *replay) initialised() (bool, []eventKey) {
	because := []eventKey{{analyze.PodScheduled, noContainer, 1}}
	for _, c := range r.apps() {
		if c.status.running || c.status.terminated {
			return true, because
		}
	}
	for _, c := range r.inits() {
		st := c.status
		switch {
		case c.Type == analyze.InitContainer && st.ready:
			because = append(because, eventKey{analyze.ContainerExited, c.index, st.inst.attempt})
		case c.Type == analyze.SidecarContainer && st.started:
			because = append(because, eventKey{analyze.ContainerStartedStatus, c.index, st.inst.attempt})
		default:
			return false, nil
		}
	}
	return true, because
}

func (r *replay) condition(typ analyze.EventType, because []eventKey) {
	r.status.times[typ]++
	r.publish(eventKey{typ, noContainer, r.status.times[typ]}, because...)
}

// publish records what the API shows: the status manager sends one status
// after the other.
func (r *replay) publish(key eventKey, because ...eventKey) {
	at := r.now + r.node.publish
	if at < r.status.published {
		at = r.status.published
	}
	r.status.published = at
	r.happen(key, at, because...)
}

// phase is the final phase that getPhase would give (K260, K261), or "" while
// the pod goes on.
func (r *replay) phase() string {
	for _, c := range r.inits() {
		if c.Type == analyze.InitContainer && c.status.terminated && c.status.inst.code != 0 {
			if again, _ := r.restartable2(c); !again {
				return "Failed"
			}
		}
	}
	if !r.status.initialised && r.plan.inits > 0 {
		return ""
	}
	phase := "Succeeded"
	for _, c := range r.apps() {
		st := c.status
		if !st.terminated || r.status.restartingAll {
			return ""
		}
		if again, _ := r.restartable2(c); again {
			return ""
		}
		if st.inst.code != 0 {
			phase = "Failed"
		}
	}
	if slices.ContainsFunc(r.inits(), func(c *replayed) bool { return c.status.running }) {
		return "" // a running sidecar keeps the phase (K262)
	}
	return phase
}

// restartAll looks for an exit that calls for RestartAllContainers (K240).
func (r *replay) restartAll() {
	r.status.restartingAll = slices.ContainsFunc(r.containers, func(c *replayed) bool {
		inst := c.seen.newest
		return inst != nil && c.seen.exited && RestartsAll(r.plan.version, c.Container.Container, inst.code)
	})
}

// happen records an event the first time it occurs.
func (r *replay) happen(key eventKey, at float64, because ...eventKey) {
	if r.record[key] != nil || math.IsInf(at, 1) {
		return
	}
	r.record[key] = &occurrence{at: at, because: because}
	r.order = append(r.order, key)
}
