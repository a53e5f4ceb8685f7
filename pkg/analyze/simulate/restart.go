package simulate

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// Restarts forecasts when the containers of the pod that the object is or makes
// end and are started again, up to the horizon (rules K200–K242): starts, exits
// and the back-offs between them. Time 0 is the binding to a node, as in Start.
// Each restart has the delay since the exit before it, which is the window of
// K215 where there is a back-off. For a pod with a status the forecast goes on
// from there: what has happened is Observed, and the next start is that of
// NextRestart.
func Restarts(s *analyze.Snapshot, o *analyze.Object, sc Scenario) (*analyze.Timeline, error) {
	if tl, ok := notDecoded(s, o, analyze.Restart); ok {
		return tl, nil
	}
	p, err := planStart(s, o, sc)
	if err != nil {
		return nil, err
	}
	p.goOn(s)
	f := p.forecast(replays)
	f.applyObserved()
	f.alignNext()
	shown := []analyze.EventType{analyze.PodScheduled, analyze.ContainerStarted, analyze.ContainerExited, analyze.BackoffStarted}
	tl := f.timeline(analyze.Restart, func(m *merged) bool { return slices.Contains(shown, m.key.typ) })
	tl.Spans = f.restartSpans()
	tl.Verdict = f.restartVerdict()
	if p.live != nil {
		tl.Now = finitePtr(p.live.now)
	}
	return tl, nil
}

// restartSpans are the bars of the containers that are restarted.
func (f *forecast) restartSpans() []analyze.Span {
	spans := []analyze.Span{}
	for i := range f.plan.containers {
		first, last := f.attempts(i)
		for n := first; n <= last; n++ {
			for _, sp := range f.attemptSpans(i, n) {
				if sp.Kind != analyze.SpanProbing {
					spans = append(spans, sp)
				}
			}
		}
	}
	return spans
}

// attempts are the first and the last start of a container that any replay has.
func (f *forecast) attempts(container int) (first, last int) {
	first = math.MaxInt
	for _, m := range f.events {
		if m.key.typ == analyze.ContainerStarted && m.key.container == container {
			first, last = min(first, m.key.n), max(last, m.key.n)
		}
	}
	return first, last
}

// A crashLoop is what becomes of one container that ends again and again.
type crashLoop struct {
	name   string
	index  int
	starts int     // in the likely replay
	down   float64 // fraction of the time since its first end, over all replays
	capAt  float64 // when the back-off reaches its cap; Never = not within the horizon
}

func (f *forecast) crashLoops() []crashLoop {
	var loops []crashLoop
	for i := range f.plan.containers {
		c := &f.plan.containers[i]
		starts := f.likely.containers[i].starts
		if first, last := f.attempts(i); last < 2 || last == first && f.plan.live == nil {
			continue
		}
		l := crashLoop{name: c.Name, index: i, starts: starts, capAt: analyze.Never}
		total := 0.0
		for _, r := range f.runs {
			total += r.downtime(i)
		}
		l.down = total / float64(len(f.runs))
		for n := 1; n <= starts; n++ {
			m := f.byKey[eventKey{analyze.BackoffStarted, i, n}]
			if m != nil && m.seconds.Likely >= f.plan.ladder.Max {
				l.capAt = m.at.Likely
				break
			}
		}
		loops = append(loops, l)
	}
	return loops
}

// downtime is the share of the time from a container's first start to the
// horizon in which it does not run.
func (r *replay) downtime(i int) float64 {
	up, from := 0.0, math.Inf(1)
	for n := 1; n <= r.containers[i].starts; n++ {
		start := r.record[eventKey{analyze.ContainerStarted, i, n}]
		if start == nil {
			continue
		}
		from = math.Min(from, start.at)
		end := r.horizon
		if exit := r.record[eventKey{analyze.ContainerExited, i, n}]; exit != nil {
			end = exit.at
		}
		up += math.Max(0, end-start.at)
	}
	if math.IsInf(from, 1) || from >= r.horizon {
		return 0
	}
	return math.Min(1, math.Max(0, 1-up/(r.horizon-from)))
}

// restartVerdict answers when it is tried again, and how much of the time the
// container is down.
func (f *forecast) restartVerdict() analyze.Verdict {
	v := analyze.Verdict{Killed: f.killed(), Advice: []analyze.Advice{}, Budgets: f.budgets(), Phase: f.phases}
	loops := f.crashLoops()
	if len(loops) == 0 {
		v.Headline = f.noLoop()
		return v
	}
	worst := slices.MaxFunc(loops, func(a, b crashLoop) int {
		switch {
		case a.down < b.down:
			return -1
		case a.down > b.down:
			return 1
		}
		return 0
	})
	v.DownFraction = finitePtr(worst.down)
	v.Extra = map[string]any{"restarts": max(0, worst.starts-1)}
	if !math.IsInf(worst.capAt, 1) {
		v.Extra["capReachedAtSeconds"] = math.Round(worst.capAt*1000) / 1000
	}
	parts := []string{}
	if next := f.nextStart(&v); next != "" {
		parts = append(parts, next)
	}
	parts = append(parts, fmt.Sprintf("%s is down %.0f%% of the time within %s", worst.name, 100*worst.down, secondsText(f.plan.horizon)))
	switch {
	case !math.IsInf(worst.capAt, 1) && f.plan.live == nil:
		parts = append(parts, fmt.Sprintf("the back-off reaches its cap of %s after %s", secondsText(f.plan.ladder.Max), secondsText(worst.capAt)))
	case f.plan.live == nil:
		parts = append(parts, fmt.Sprintf("%d starts", worst.starts))
	}
	v.Headline = strings.Join(parts, "; ")
	v.Advice = append(v.Advice, f.loopAdvice(worst)...)
	return v
}

func (f *forecast) noLoop() string {
	if len(f.phases) == 1 && f.likely.status.phase != "" {
		return "nothing is restarted: the pod ends as " + f.phases[0]
	}
	ends := slices.ContainsFunc(f.plan.containers, func(c planned) bool {
		return c.Type != analyze.InitContainer && !math.IsInf(c.runs.Likely, 1)
	})
	app := f.plan.containers[len(f.plan.containers)-1].Name
	if !ends {
		return fmt.Sprintf("nothing is restarted: no container is known to end; --assume %s.runs=5s --assume %s.exitCode=1 shows a crash loop", app, app)
	}
	return "nothing is restarted within " + secondsText(f.plan.horizon)
}

// loopAdvice tells what the policy makes of an exit that is no crash, and what
// a reset of the back-off takes.
func (f *forecast) loopAdvice(l crashLoop) []analyze.Advice {
	c := &f.plan.containers[l.index]
	var out []analyze.Advice
	if c.Type == analyze.AppContainer && c.exitCode == 0 && !math.IsInf(c.runs.Likely, 1) {
		if again, path := Restartable(f.plan.version, f.plan.spec, c.Container, 0); again {
			out = append(out, analyze.Advice{
				Summary: c.Name + " ends with exit code 0 and is restarted all the same: use restartPolicy OnFailure, or a Job, if its work is then done",
				Field:   path, Rule: "K212",
			})
		}
	}
	if !math.IsInf(c.runs.Likely, 1) && c.runs.Likely < backoffExpiry && c.runs.Likely >= 60 {
		out = append(out, analyze.Advice{
			Summary:    "the back-off is forgotten only after a run of more than 10 minutes",
			Arithmetic: fmt.Sprintf("it runs %s, %s are needed", secondsText(c.runs.Likely), secondsText(backoffExpiry)),
			Rule:       "K212",
		})
	}
	return out
}
