package simulate

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// lifePause is how long a pod is drawn as serving where nobody says when it ends.
const lifePause = 10.0

// Life forecasts a pod's whole life in one picture: its start-up, what its
// probes do while it serves, and its termination, which begins Scenario.At
// after the binding, or 10s after it is ready. Time 0 is the binding. The
// termination is that of a pod long up; ids of its events and spans begin with
// "end/".
func Life(s *analyze.Snapshot, o *analyze.Object, sc Scenario) (*analyze.Timeline, error) {
	if tl, ok := notDecoded(s, o, analyze.Life); ok {
		return tl, nil
	}
	begin := sc
	begin.Trigger, begin.At = "", nil
	tl, err := Start(s, o, begin)
	if err != nil {
		return nil, err
	}
	at := lifeEnds(tl, sc.At)
	end := sc
	end.At = nil
	last, err := Terminate(s, o, end)
	if err != nil {
		return nil, err
	}
	serving := servingSpans(tl, at)
	shift(last, at)
	tl.Question, tl.Trigger = analyze.Life, last.Trigger
	tl.Events = slices.DeleteFunc(tl.Events, func(e analyze.Event) bool { return e.At.Likely > at || e.At.Earliest > at })
	tl.Events = append(tl.Events, last.Events...)
	slices.SortStableFunc(tl.Events, func(a, b analyze.Event) int { return cmp.Compare(a.At.Likely, b.At.Likely) })
	tl.Spans = slices.DeleteFunc(tl.Spans, func(sp analyze.Span) bool { return sp.Start.Likely > at })
	endRuns(tl.Spans, last)
	tl.Spans = append(append(tl.Spans, serving...), last.Spans...)
	joinVerdicts(tl, last, at)
	tl.Now = nil
	for _, lane := range last.Containers {
		if !slices.Contains(tl.Containers, lane) {
			tl.Containers = append(tl.Containers, lane)
		}
	}
	for _, a := range last.Assumptions {
		if !slices.ContainsFunc(tl.Assumptions, func(b analyze.Assumption) bool { return a.Container == b.Container && a.Key == b.Key }) {
			tl.Assumptions = append(tl.Assumptions, a)
		}
	}
	for _, g := range last.Gaps {
		if !slices.Contains(tl.Gaps, g) {
			tl.Gaps = append(tl.Gaps, g)
		}
	}
	return tl, nil
}

// endRuns cuts what would go on longer than its container does.
func endRuns(spans []analyze.Span, last *analyze.Timeline) {
	for _, e := range last.Events {
		if e.Type != analyze.ContainerExited {
			continue
		}
		for i := range spans {
			if sp := &spans[i]; sp.Lane == e.Container && sp.End.Likely > e.At.Likely {
				sp.End, sp.Note = e.At.Max(sp.Start), ""
			}
		}
	}
}

// lifeEnds is when the termination begins, in seconds.
func lifeEnds(tl *analyze.Timeline, at *time.Duration) float64 {
	if at != nil {
		return math.Max(0, at.Seconds())
	}
	ready := 0.0
	if r := tl.Verdict.ReadyAt; r != nil && !math.IsInf(r.Likely, 1) {
		ready = r.Likely
		if !math.IsInf(r.Latest, 1) {
			ready = r.Latest
		}
	} else if n := len(tl.Events); n > 0 {
		ready = tl.Events[min(n-1, 12)].At.Likely
		if math.IsInf(ready, 1) {
			ready = 0
		}
	}
	return math.Ceil(ready) + lifePause
}

// servingSpans are the bars between readiness and the end, with the probes that
// go on meanwhile.
func servingSpans(tl *analyze.Timeline, end float64) []analyze.Span {
	var out []analyze.Span
	for _, e := range tl.Events {
		if e.Type != analyze.ContainerReady || e.Attempt > 1 || e.At.Likely >= end || isInit(tl, e.Container) {
			continue
		}
		sp := analyze.Span{
			ID: spanID(e.Container, "serving"), Lane: e.Container, What: "serving", Kind: analyze.SpanServing,
			Start: e.At, End: analyze.At(end), Basis: analyze.Assumed, Because: []string{e.ID},
		}
		var probes []string
		for _, b := range tl.Verdict.Budgets {
			if b.Container == e.Container && b.Detection != nil {
				probes = append(probes, fmt.Sprintf("%s notices a dead process in %s to %s", b.Probe, secondsText(b.Detection.Earliest), secondsText(b.Detection.Latest)))
			}
		}
		sp.Note = strings.Join(probes, ", ")
		out = append(out, sp)
	}
	return out
}

func isInit(tl *analyze.Timeline, container string) bool {
	return slices.Contains(tl.Containers, analyze.LaneInfo{Name: container, Type: string(analyze.InitContainer)})
}

// shift moves a timeline and renames its events and spans.
func shift(tl *analyze.Timeline, by float64) {
	d := analyze.At(by)
	rename := func(ids []string) []string {
		out := make([]string, len(ids))
		for i, id := range ids {
			out[i] = "end/" + id
		}
		return out
	}
	for i := range tl.Events {
		e := &tl.Events[i]
		e.ID, e.At, e.Because = "end/"+e.ID, e.At.Plus(d), rename(e.Because)
	}
	for i := range tl.Spans {
		sp := &tl.Spans[i]
		sp.ID, sp.Start, sp.End, sp.Because = "end/"+sp.ID, sp.Start.Plus(d), sp.End.Plus(d), rename(sp.Because)
	}
	tl.CriticalChain = rename(tl.CriticalChain)
	v := &tl.Verdict
	for _, b := range []**analyze.Bounds{&v.ProcessesGone, &v.ObjectGone} {
		if *b != nil {
			moved := (*b).Plus(d)
			*b = &moved
		}
	}
	if v.KillAtSeconds != nil {
		v.KillAtSeconds = finitePtr(*v.KillAtSeconds + by)
	}
}

// joinVerdicts adds the answers about the end to those about the start.
func joinVerdicts(tl, last *analyze.Timeline, at float64) {
	v, w := &tl.Verdict, last.Verdict
	if w.Headline != "" { // it counts from the end's begin
		v.Headline += fmt.Sprintf("; its end, from %s on: %s", secondsText(at), w.Headline)
	}
	v.ProcessesGone, v.ObjectGone, v.KillAtSeconds = w.ProcessesGone, w.ObjectGone, w.KillAtSeconds
	v.Killed, v.MayBeKilled = w.Killed, w.MayBeKilled
	v.SlackSeconds, v.MinimumGraceSeconds, v.Phase = w.SlackSeconds, w.MinimumGraceSeconds, w.Phase
	v.Advice = append(v.Advice, w.Advice...)
	tl.CriticalChain = append(tl.CriticalChain, last.CriticalChain...)
}
