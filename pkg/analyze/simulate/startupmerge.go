package simulate

import (
	"math"
	"slices"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// noContainer is the index of events of the pod.
const noContainer = -1

// An eventKey names the same event in all replays: the n-th start of a
// container, the n-th time a condition becomes true.
type eventKey struct {
	typ       analyze.EventType
	container int
	n         int
}

// An occurrence is an event in one replay.
type occurrence struct {
	at      float64
	because []eventKey
	code    int32
	killed  bool
	seconds float64
	rule    string
}

// A merged event is one event over all replays.
type merged struct {
	key     eventKey
	at      analyze.Bounds
	likely  *occurrence // in the likely replay; nil = it does not happen there
	codes   []int32
	killed  bool
	seconds analyze.Bounds // of BackoffStarted
	because []eventKey
	rule    string
	// delay is the time since because[0], where both are in the same replays.
	delay   analyze.Bounds
	delayed bool
	missing bool // some replay goes on without it
	// observed: a status tells of it.
	observed bool
	// window is what at shows of all outcomes; nil in restarts.
	window *window
}

// A forecast is what the replays have in common.
type forecast struct {
	plan    *startPlan
	likely  *replay
	runs    []*replay
	events  []*merged
	byKey   map[eventKey]*merged
	phases  []string
	endless *replay                // where every time without an end lasts for ever; nil = there is none
	times   map[eventKey][]float64 // of each event in all replays, sorted
}

// replays is how many runs make a forecast: enough that the spread draws lie
// 0.5% of their ranges apart.
const replays = 200

// A long crash loop takes thousands of alarms per replay: together no more than
// about alarmBudget, but never fewer than fewestReplays.
const (
	alarmBudget   = 300000
	fewestReplays = 60
)

// What is added to the ranges that the replays show, in seconds: on both sides
// for what lies between two draws, and at the end for a node that is busy.
const (
	margin = 0.02
	busy   = 0.2
)

func (p *startPlan) forecast(count int) *forecast {
	f := p.replayAll(count)
	f.finish()
	return f
}

func (p *startPlan) replayAll(count int) *forecast {
	f := &forecast{plan: p, byKey: map[eventKey]*merged{}}
	for i := 0; i < count; i++ {
		r := newReplay(p, i, false)
		r.run()
		if r.cut() && p.shorten(r.now) {
			return p.replayAll(count)
		}
		f.runs = append(f.runs, r)
		if i == 0 { // a pod that never rests is replayed less often
			count = min(count, max(fewestReplays, alarmBudget/max(1, r.alarms)))
		}
	}
	return f
}

// shorten brings the horizon nearer where a replay gave up before it, and says so.
func (p *startPlan) shorten(reached float64) bool {
	const slack = 0.9 // other replays get less far
	if nearer := math.Floor(slack * reached); nearer > 0 && nearer < p.horizon {
		if !p.shortened {
			p.gaps = append(p.gaps, analyze.Gap{What: "what happens later, though --horizon asks for it", Why: "too much happens until then to replay it all"})
		}
		p.horizon, p.shortened = nearer, true
		return true
	}
	return false
}

// finish makes one forecast of the replays.
func (f *forecast) finish() {
	p := f.plan
	if p.openEnded() {
		f.endless = newReplay(p, 0, true)
		f.endless.run()
	}
	f.collect()
	f.likely = f.medoid()
	f.merge()
}

// openEnded says whether a duration has no end but may end.
func (p *startPlan) openEnded() bool {
	return slices.ContainsFunc(p.containers, func(c planned) bool {
		for _, b := range []analyze.Bounds{c.runs, c.startupAfter, c.readyAfter, c.failsAfter, c.postStart, c.preStop, c.stop, c.pull} {
			if math.IsInf(b.Latest, 1) && !math.IsInf(b.Earliest, 1) {
				return true
			}
		}
		return false
	})
}

// collect sorts the moments of each event.
func (f *forecast) collect() {
	f.times = map[eventKey][]float64{}
	for _, r := range f.runs {
		for _, key := range r.order {
			f.times[key] = append(f.times[key], r.record[key].at)
		}
	}
	for _, list := range f.times {
		slices.Sort(list)
	}
}

// medoid is the replay that lies nearest to the middle of all: the likely
// moments are its moments, so that they belong together.
func (f *forecast) medoid() *replay {
	middle := map[eventKey]float64{}
	for key, list := range f.times {
		if 2*len(list) > len(f.runs) {
			middle[key] = list[len(list)/2]
		}
	}
	windows := f.windows()
	best, least := f.runs[0], math.Inf(1)
	for _, r := range f.runs {
		far := 0.0
		// Summed in the order of the replay, so that it is the same every time.
		for _, key := range r.order {
			if at := r.record[key].at; at < windows[key].from || at > windows[key].to {
				far += 5
			}
			if m, ok := middle[key]; ok {
				far += math.Min(math.Abs(r.record[key].at-m), 5)
			} else {
				far += 5
			}
		}
		for key := range middle {
			if r.record[key] == nil {
				far += 5
			}
		}
		if far < least {
			best, least = r, far
		}
	}
	return best
}

func (f *forecast) merge() {
	for _, r := range append([]*replay{f.likely}, f.runs...) {
		for _, key := range r.order {
			if f.byKey[key] == nil {
				m := &merged{key: key}
				f.byKey[key] = m
				f.events = append(f.events, m)
			}
		}
		if r.status.phase != "" && !slices.Contains(f.phases, r.status.phase) {
			f.phases = append(f.phases, r.status.phase)
		}
	}
	for _, m := range f.events {
		f.mergeOne(m)
	}
	for _, m := range f.events {
		f.mergeBecause(m)
	}
	f.order()
	if f.plan.gated() {
		for n := 1; ; n++ {
			m := f.byKey[eventKey{analyze.PodReady, noContainer, n}]
			if m == nil {
				break
			}
			m.at.Likely, m.at.Latest = analyze.Never, analyze.Never
		}
	}
}

// order keeps ranges in the order of causes where one was trimmed or widened
// and the other was not.
func (f *forecast) order() {
	for range 2 * len(f.events) {
		changed := false
		for _, m := range f.events {
			for _, key := range m.because {
				cause := f.byKey[key].at
				at := analyze.Bounds{
					Earliest: math.Max(m.at.Earliest, cause.Earliest), Likely: m.at.Likely, Latest: math.Max(m.at.Latest, cause.Latest),
				}
				if at != m.at {
					m.at, changed = m.narrowed(at), true
				}
			}
		}
		if !changed {
			return
		}
	}
}

func (f *forecast) mergeOne(m *merged) {
	m.at = analyze.Bounds{Earliest: math.Inf(1), Likely: analyze.Never, Latest: math.Inf(-1)}
	m.seconds = analyze.Bounds{Earliest: math.Inf(1), Latest: math.Inf(-1)}
	last := 0.0
	for _, r := range f.runs {
		o := r.record[m.key]
		if o == nil {
			m.missing = true
			continue
		}
		m.at.Earliest, m.at.Latest = math.Min(m.at.Earliest, o.at), math.Max(m.at.Latest, o.at)
		m.seconds.Earliest, m.seconds.Latest = math.Min(m.seconds.Earliest, o.seconds), math.Max(m.seconds.Latest, o.seconds)
		if !slices.Contains(m.codes, o.code) {
			m.codes = append(m.codes, o.code)
		}
		m.killed = m.killed || o.killed
		last = math.Max(last, o.at)
		if m.rule == "" {
			m.rule = o.rule
		}
	}
	if m.likely = f.likely.record[m.key]; m.likely != nil {
		m.at.Likely, m.killed = m.likely.at, m.likely.killed
		m.seconds.Likely = m.likely.seconds
		m.rule = m.likely.rule
		slices.Sort(m.codes)
		if i := slices.Index(m.codes, m.likely.code); i > 0 { // the likely one first
			m.codes = slices.Concat([]int32{m.likely.code}, slices.Delete(m.codes, i, i+1))
		}
	}
	m.window = f.windowOf(m, m.at.Likely)
	m.at.Earliest, m.at.Latest = m.window.from, m.window.to
	if m.key.typ != analyze.PodScheduled {
		m.at.Earliest = math.Max(0, m.at.Earliest-margin)
		m.at.Latest += margin + math.Max(0, math.Min(busy, m.window.widest-spare-margin-m.at.Width()))
	}
	if f.endless != nil && f.endless.record[m.key] == nil {
		m.at.Latest = analyze.Never
	}
}

// mergeBecause keeps the causes that come first in every replay that has both,
// and are in every replay that has the event.
func (f *forecast) mergeBecause(m *merged) {
	from := m.likely
	if from == nil {
		for _, r := range f.runs {
			if from = r.record[m.key]; from != nil {
				break
			}
		}
	}
	for _, cause := range from.because {
		if f.precedes(cause, m.key) && !slices.Contains(m.because, cause) {
			m.because = append(m.because, cause)
		}
	}
	f.latestFirst(m)
	if len(m.because) == 0 {
		return
	}
	f.mergeDelay(m)
	if c := f.likely.record[m.because[0]]; c != nil && m.likely != nil {
		m.delay.Likely = m.likely.at - c.at
	}
	m.delay.Earliest = math.Max(0, m.delay.Earliest-margin)
	m.delay.Latest += margin + slack(m.delay.Width())
	if m.restart() {
		m.delay.Latest += busy
	}
	cause := f.byKey[m.because[0]].at
	if math.IsInf(m.at.Latest, 1) && !math.IsInf(cause.Latest, 1) {
		m.delay.Latest = analyze.Never
	}
	if m.delayed && f.backedOff(m.key) {
		// The replays draw the waits of a long crash loop too seldom to find
		// their ends: the range is the sum of what each wait may be.
		m.at.Earliest = math.Min(m.at.Earliest, cause.Earliest+m.delay.Earliest)
		m.at.Latest = math.Max(m.at.Latest, cause.Latest+m.delay.Latest)
	}
}

// backedOff says whether a start of the event's container had to wait for its
// back-off by then.
func (f *forecast) backedOff(key eventKey) bool {
	if key.container == noContainer {
		return false
	}
	for n := 2; n <= key.n; n++ {
		if m := f.byKey[eventKey{analyze.ContainerStarted, key.container, n}]; m != nil && m.seconds.Latest > 0 {
			return true
		}
	}
	return false
}

// latestFirst puts the cause that came last in front, as it is the one that
// counts; a restart's own exit stays in front.
func (f *forecast) latestFirst(m *merged) {
	if m.key.typ == analyze.ContainerStarted && m.key.n > 1 {
		return
	}
	slices.SortStableFunc(m.because, func(a, b eventKey) int {
		x, y := f.byKey[a].at.Likely, f.byKey[b].at.Likely
		switch {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
}

func (f *forecast) precedes(cause, key eventKey) bool {
	if f.byKey[cause] == nil {
		return false
	}
	for _, r := range f.runs {
		if o := r.record[key]; o != nil {
			if c := r.record[cause]; c == nil || c.at > o.at {
				return false
			}
		}
	}
	return true
}
