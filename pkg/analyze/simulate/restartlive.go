package simulate

import (
	"fmt"
	"math"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// A livePod is what the status of a pod tells about starts and exits so far.
// Moments are seconds after time 0, the pod's start time.
type livePod struct {
	zero       time.Time
	now        float64
	from       float64 // the newest start or exit: the replay goes on there
	containers []liveContainer
}

// liveContainer is one container's status. Kubernetes writes whole seconds, cut off.
type liveContainer struct {
	known    bool
	starts   int
	running  bool
	startAt  float64
	exitAt   float64
	ran      float64 // how long the last finished instance ran
	code     int32
	started  bool
	ready    bool
	forecast *RestartForecast // of its next start, where it waits for one
}

// goOn reads the pod's status, if it has one that the forecast can go on from.
func (p *startPlan) goOn(s *analyze.Snapshot) {
	pod, ok := p.object.API.(*corev1.Pod)
	if !ok || pod.Status.StartTime == nil || s.Taken.IsZero() {
		return
	}
	live := &livePod{zero: pod.Status.StartTime.Time, now: s.Taken.Sub(pod.Status.StartTime.Time).Seconds()}
	statuses := map[string]*corev1.ContainerStatus{}
	for _, list := range [][]corev1.ContainerStatus{pod.Status.InitContainerStatuses, pod.Status.ContainerStatuses} {
		for i := range list {
			statuses[list[i].Name] = &list[i]
		}
	}
	known := false
	for i := range p.containers {
		lc := p.readStatus(live, &p.containers[i], statuses[p.containers[i].Name])
		known = known || lc.known
		live.containers = append(live.containers, lc)
	}
	if !known || live.now < 0 {
		return
	}
	p.live = live
	p.horizon += live.now
}

func (p *startPlan) readStatus(live *livePod, c *planned, st *corev1.ContainerStatus) liveContainer {
	var lc liveContainer
	if st == nil {
		return lc
	}
	at := func(t time.Time) float64 { return t.Sub(live.zero).Seconds() }
	ended := st.State.Terminated
	if ended == nil && st.State.Waiting != nil {
		ended = st.LastTerminationState.Terminated
	}
	switch {
	case st.State.Running != nil:
		lc.known, lc.running, lc.startAt = true, true, at(st.State.Running.StartedAt.Time)
		live.from = math.Max(live.from, lc.startAt)
	case ended != nil:
		lc.known, lc.exitAt, lc.code = true, at(ended.FinishedAt.Time), ended.ExitCode
		lc.startAt = lc.exitAt
		if !ended.StartedAt.IsZero() && ended.StartedAt.Unix() > 0 {
			lc.startAt = math.Min(at(ended.StartedAt.Time), lc.exitAt)
		}
		live.from = math.Max(live.from, lc.exitAt)
	default:
		return lc
	}
	lc.starts = int(st.RestartCount) + 1
	lc.started, lc.ready = st.Started != nil && *st.Started, st.Ready
	p.learnRun(c, st, &lc)
	if again, _ := Restartable(p.version, p.spec, c.Container, lc.code); !lc.running && again {
		crash := CrashStatus{Restarts: st.RestartCount, Ran: lc.exitAt - lc.startAt, SinceFinish: live.now - lc.exitAt}
		if st.State.Waiting != nil {
			crash.Message = st.State.Waiting.Message
		}
		f := NextRestart(p.version, crash)
		lc.forecast = &f
	}
	return lc
}

// learnRun takes the length of the last run for that of the next ones, unless
// somebody said otherwise.
func (p *startPlan) learnRun(c *planned, st *corev1.ContainerStatus, lc *liveContainer) {
	last := st.State.Terminated
	if last == nil {
		last = st.LastTerminationState.Terminated
	}
	if last == nil || !math.IsInf(c.runs.Latest, 1) || !math.IsInf(c.failsAfter.Likely, 1) || math.IsInf(c.startupAfter.Earliest, 1) {
		return // known, or a probe ends it
	}
	said := slices.IndexFunc(p.assumptions, func(a analyze.Assumption) bool { return a.Container == c.Name && a.Key == "runs" })
	if said < 0 || p.assumptions[said].Why == givenByUser {
		return
	}
	lc.ran = 0
	if last.StartedAt.Unix() > 0 {
		lc.ran = math.Max(0, last.FinishedAt.Sub(last.StartedAt.Time).Seconds())
	}
	if lc.running && lc.ran+1 < p.age(lc) {
		return // it has outlived the last run by now
	}
	c.runs = analyze.Bounds{Earliest: math.Max(0, lc.ran-1), Likely: lc.ran, Latest: lc.ran + 1}
	c.exitCode = last.ExitCode
	a := &p.assumptions[said]
	a.Basis, a.Value, a.Why = analyze.Observed, rangeText(c.runs), "as long as its last run"
	a.Flag = fmt.Sprintf("--assume %s.runs=%s", c.Name, rangeExample(c.runs))
}

func (p *startPlan) age(lc *liveContainer) float64 {
	if p.live == nil {
		return 0
	}
	return p.live.now - lc.startAt
}

// resume puts the replay where the status says the pod is: everything before
// the newest start or exit is given, and that one is about to be noticed.
func (r *replay) resume() {
	live := r.plan.live
	r.sandbox.ready, r.sandbox.seen, r.pleg.sandboxSeen = true, true, true
	r.worker.syncs = 1
	r.status.initialised = true
	fraction := r.dice.unit()
	r.now = math.Max(0, live.from+fraction)
	r.addProbes()
	for i, c := range r.containers {
		lc := live.containers[i]
		if !lc.known {
			continue
		}
		r.place(c, lc, fraction)
	}
	r.wantRelist()
	r.at(r.now+relistPeriod, r.wake)
}

// place makes one container what its status says.
func (r *replay) place(c *replayed, lc liveContainer, fraction float64) {
	inst := &instance{
		attempt: lc.starts, startAt: lc.startAt + fraction, exitAt: analyze.Never, code: c.exitCode,
		startedUp: lc.startAt + c.first.startup, readyAt: lc.startAt + c.first.ready, failsAt: lc.startAt + c.first.fails,
	}
	c.starts, c.life = lc.starts, c.first
	c.instances = []*instance{inst}
	r.happen(eventKey{analyze.ContainerStarted, c.index, inst.attempt}, inst.startAt)
	if lc.forecast != nil {
		c.backoff = backoffEntry{seconds: lc.forecast.Backoff, updated: inst.startAt, ok: lc.forecast.Backoff > 0}
	}
	if lc.running {
		if lc.started {
			inst.result[probeStartup] = resultSuccess
			inst.startedUp = math.Min(inst.startedUp, r.now)
		}
		if lc.ready {
			inst.result[probeReadiness] = resultSuccess
			inst.readyAt = math.Min(inst.readyAt, r.now)
		}
		if c.first.runs < analyze.Never {
			r.endAt(c, inst, math.Max(inst.startAt+c.first.runs, r.plan.live.now), c.exitCode, false)
		}
		return
	}
	inst.exitAt = math.Max(lc.exitAt+fraction, inst.startAt)
	inst.exited, inst.visible, inst.code = true, true, lc.code
	key := eventKey{analyze.ContainerExited, c.index, inst.attempt}
	r.happen(key, inst.exitAt, eventKey{analyze.ContainerStarted, c.index, inst.attempt})
	r.record[key].code = lc.code
}

// applyObserved sets what the status tells: the second in which it happened.
func (f *forecast) applyObserved() {
	if f.plan.live == nil {
		return
	}
	set := func(key eventKey, at float64) {
		if m := f.byKey[key]; m != nil {
			at = math.Max(0, at)
			m.observed, m.at = true, analyze.Bounds{Earliest: at, Likely: at + 0.5, Latest: at + 1}
		}
	}
	for i, lc := range f.plan.live.containers {
		if !lc.known {
			continue
		}
		set(eventKey{analyze.ContainerStarted, i, lc.starts}, lc.startAt)
		if !lc.running {
			set(eventKey{analyze.ContainerExited, i, lc.starts}, lc.exitAt)
		}
	}
}

// alignNext makes the forecast of the next start of a waiting container the one
// that NextRestart gives, as the replays do not know what the pod's worker did
// since the exit.
func (f *forecast) alignNext() {
	live := f.plan.live
	if live == nil {
		return
	}
	for i, lc := range live.containers {
		if lc.forecast == nil {
			continue
		}
		m := f.byKey[eventKey{analyze.ContainerStarted, i, lc.starts + 1}]
		if m == nil {
			continue
		}
		d := lc.forecast.Delay
		shift := lc.exitAt + d.Likely - m.at.Likely
		m.at, m.delay, m.delayed = d.Plus(analyze.At(lc.exitAt)), d, true
		m.rule = lc.forecast.Rule
		f.shiftLater(i, lc.starts+1, shift)
	}
}

// shiftLater moves what follows a start along with it.
func (f *forecast) shiftLater(container, attempt int, by float64) {
	if math.IsNaN(by) || math.IsInf(by, 0) {
		return
	}
	for _, m := range f.events {
		after := m.key.n > attempt || m.key.n == attempt && m.key.typ != analyze.ContainerStarted
		if m.key.container != container || !after {
			continue
		}
		m.at.Likely = math.Max(m.at.Likely+by, f.plan.live.now)
		m.at.Earliest = math.Min(m.at.Earliest, m.at.Likely)
		m.at.Latest = math.Max(m.at.Latest, m.at.Likely)
	}
}

// nextStart says when a waiting container is started again, counted from now.
func (f *forecast) nextStart(v *analyze.Verdict) string {
	live := f.plan.live
	if live == nil {
		return ""
	}
	for i, lc := range live.containers {
		if lc.forecast == nil {
			continue
		}
		at := lc.forecast.Delay.Plus(analyze.At(lc.exitAt))
		v.Extra["nextStart"] = at.After(live.zero)
		name := f.plan.containers[i].Name
		if lc.forecast.Overdue {
			return name + " should have been started again by now"
		}
		return fmt.Sprintf("%s is started again in %s to %s (back-off %s)", name,
			secondsText(math.Max(0, at.Earliest-live.now)), secondsText(at.Latest-live.now), secondsText(lc.forecast.Backoff))
	}
	return ""
}
