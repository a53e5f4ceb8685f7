package simulate

import (
	"math"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// A range tells what Kubernetes leaves open, which is a relist of PLEG where no
// probe decides (1s, and half a second of the node's own time), and one period
// of the probe that decides, and a second. Seconds.
const (
	widestWithoutProbe = 1.5
	besidesPeriod      = 1.0
	// spare is kept below those limits, as numbers are printed rounded.
	spare = 0.01
)

// widest is how wide the range of an event may be: that of the slowest probe
// that has a say in it, and as much more as what is assumed about the
// application is wider than a second.
func (p *startPlan) widest(m *merged) float64 {
	w := widthRule{width: widestWithoutProbe, unknown: excess(p.sandbox)}
	if m.key.typ == analyze.SandboxReady {
		return w.width + w.unknown
	}
	shown := m.key.typ == analyze.PodReady || m.key.typ == analyze.ContainersReady
	for i := range p.containers {
		c := &p.containers[i]
		// All containers start one after the other, so that each delays what follows.
		w.unknown += excess(c.pull) + excess(c.postStart)
		if i < p.inits && i != m.key.container {
			w.unknown += excess(c.runs)
		}
		if i == m.key.container || shown {
			p.own(&w, c, m)
		} else if c.Type == analyze.SidecarContainer && (i < m.key.container || m.key.container == noContainer || p.endsWithPod(m)) {
			w.probe(c.StartupProbe, c.startupAfter)
		}
	}
	return w.width + w.unknown
}

// endsWithPod says whether an event is the end of a container that neither ends
// by itself nor is killed alone: the pod has failed, after all that its sidecars
// held back.
func (p *startPlan) endsWithPod(m *merged) bool {
	return m.key.typ == analyze.ContainerExited && m.rule == "" && math.IsInf(p.containers[m.key.container].runs.Likely, 1)
}

// widthRule collects what the range of an event may show.
type widthRule struct{ width, unknown float64 }

// probe adds a probe and from when on it passes.
func (w *widthRule) probe(p *corev1.Probe, passes analyze.Bounds) {
	if p != nil {
		w.width = math.Max(w.width, TimingOf(p).Period+besidesPeriod)
		w.unknown += excess(passes)
	}
}

// own adds what decides what becomes of the event's own container.
func (p *startPlan) own(w *widthRule, c *planned, m *merged) {
	switch m.key.typ {
	case analyze.ContainerReady, analyze.ContainersReady, analyze.PodReady:
		w.probe(c.StartupProbe, c.startupAfter)
		w.probe(c.ReadinessProbe, c.readyAfter)
		if c.Type == analyze.InitContainer {
			w.unknown += excess(c.runs)
		}
	case analyze.ContainerStartedStatus:
		w.probe(c.StartupProbe, c.startupAfter)
	case analyze.ContainerExited:
		w.exit(c, m.rule)
		if p.endsWithPod(m) {
			w.probe(c.StartupProbe, c.startupAfter)
			w.stop(c)
		}
	default: // no probe of its own comes before
	}
}

// exit adds what decides when a container ends: itself, or a probe or hook and
// how long stopping it takes.
func (w *widthRule) exit(c *planned, rule string) {
	w.unknown += excess(c.runs)
	switch rule {
	case "":
		return
	case "K135":
		w.probe(c.StartupProbe, c.startupAfter)
	case "K139":
		w.probe(c.StartupProbe, c.startupAfter)
		w.probe(c.LivenessProbe, c.failsAfter)
	}
	w.stop(c)
}

func (w *widthRule) stop(c *planned) { w.unknown += excess(c.stop) + excess(c.preStop) }

// excess is how much wider than a second a range is.
func excess(b analyze.Bounds) float64 {
	if b.Earliest >= b.Latest {
		return 0
	}
	return math.Max(0, b.Width()-1)
}

// A window is the part of an event's outcomes that its range shows.
type window struct {
	from, to    float64
	first, last float64 // of all outcomes
	widest      float64
}

// windowOf chooses what the range of a first event shows: all outcomes, where
// they fit into the width that is allowed, or else the densest part of them that
// does, so that one tick of a slow probe that is missed at times does not make
// the range of all that follows twice as wide. With a likely moment that is
// finite the window is one of those that hold it.
func (f *forecast) windowOf(m *merged, likely float64) *window {
	times := f.times[m.key]
	n := len(times)
	w := &window{from: times[0], to: times[n-1], first: times[0], last: times[n-1], widest: f.plan.widest(m)}
	limit := w.widest - 2*margin - spare
	if m.key.n > 1 || f.undecided(m) || w.to-w.from <= limit || math.IsInf(limit, 1) {
		return w
	}
	best, j := 0, 0
	for i := range times {
		for j < n && times[j]-times[i] <= limit {
			j++
		}
		to := times[j-1]
		if !math.IsInf(likely, 1) && (times[i] > likely || to < likely) {
			continue
		}
		if count := j - i; count > best || (count == best && to-times[i] < w.to-w.from) {
			best, w.from, w.to = count, times[i], to
		}
	}
	return w
}

// undecided says whether a moment of the pod's readiness hangs on a probe that
// kills a slow start in some replays and spares it in others: the start after
// the kill is then no rare outcome.
func (f *forecast) undecided(m *merged) bool {
	if m.key.typ != analyze.PodReady && m.key.typ != analyze.ContainersReady {
		return false
	}
	for i := range f.plan.containers {
		killed := 0
		for _, r := range f.runs {
			if o := r.record[eventKey{analyze.ContainerExited, i, 1}]; o != nil && killerOf(o.rule) != "" {
				killed++
			}
		}
		if share := float64(killed) / float64(len(f.runs)); share > rareShare && share < 1-rareShare {
			return true
		}
	}
	return false
}

// windows chooses all windows, before the likely replay is known.
func (f *forecast) windows() map[eventKey]*window {
	out := map[eventKey]*window{}
	for _, r := range f.runs {
		for _, key := range r.order {
			if out[key] == nil {
				m := &merged{key: key, rule: r.record[key].rule}
				out[key] = f.windowOf(m, analyze.Never)
			}
		}
	}
	return out
}

// narrowed takes from the start of a range what moving its end has made it too
// wide.
func (m *merged) narrowed(at analyze.Bounds) analyze.Bounds {
	if limit := m.window.widest - spare; m.key.n == 1 && m.at.Width() <= limit && at.Width() > limit && !math.IsInf(at.Latest, 1) {
		at.Earliest = math.Min(at.Latest-limit, at.Likely)
	}
	return at
}

// outside tells of outcomes that the range leaves out.
func (m *merged) outside() string {
	const far = 0.1
	early, late := m.window.first < m.at.Earliest-far, m.window.last > m.at.Latest+far
	switch {
	case early && late:
		return "less likely: from " + secondsText(m.window.first) + " to " + secondsText(m.window.last)
	case early:
		return "less likely: from " + secondsText(m.window.first) + " on"
	case late:
		return "less likely: up to " + secondsText(m.window.last)
	}
	return ""
}
