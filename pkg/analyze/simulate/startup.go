package simulate

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// Start forecasts the start-up of the pod that the object is or makes, from the
// binding to a node (time 0) until it is ready, and beyond as far as its
// containers end again within the horizon (rules K100–K206). The error is for
// objects that make no pods, and for assumptions about containers that the pod
// does not have.
func Start(s *analyze.Snapshot, o *analyze.Object, sc Scenario) (*analyze.Timeline, error) {
	if tl, ok := notDecoded(s, o, analyze.Startup); ok {
		return tl, nil
	}
	p, err := planStart(s, o, sc)
	if err != nil {
		return nil, err
	}
	f := p.replayAll(replays)
	seen, now, live := p.observedStarts(s)
	if len(seen) > 0 && !f.agreeing(seen, now) {
		p.gaps = append(p.gaps, analyze.Gap{
			What: "why the pod started otherwise than forecast",
			Why:  "its containers did not start when the assumptions say; set them with --assume",
		})
	}
	f.finish()
	tl := f.timeline(analyze.Startup, func(*merged) bool { return true })
	tl.Spans = f.spans(drawnAttempts)
	tl.Verdict = f.startVerdict(s)
	tl.CriticalChain = f.chainIDs()
	if live {
		tl.Now = finitePtr(now)
	}
	return tl, nil
}

// timeline writes the chosen events down.
func (f *forecast) timeline(q analyze.Question, shown func(*merged) bool) *analyze.Timeline {
	p := f.plan
	tl := &analyze.Timeline{
		APIVersion: analyze.APIVersion, Kind: "Timeline", Question: q,
		Subject: p.object.Ref, KubernetesVersion: p.version.String(),
		Trigger: analyze.Trigger{Type: OnCreate},
		Events:  []analyze.Event{}, Spans: []analyze.Span{}, CriticalChain: []string{},
		Assumptions: append([]analyze.Assumption{}, p.assumptions...), Gaps: append([]analyze.Gap{}, p.gaps...),
		Verdict: analyze.Verdict{Killed: []string{}, Advice: []analyze.Advice{}},
	}
	tl.Assumptions = append(tl.Assumptions, f.stopNotes()...)
	tl.Containers = append(tl.Containers, analyze.LaneInfo{Name: "pod", Type: "pod"})
	for _, c := range p.containers {
		tl.Containers = append(tl.Containers, analyze.LaneInfo{Name: c.Name, Type: string(c.Type)})
	}
	events := slices.DeleteFunc(slices.Clone(f.events), func(m *merged) bool { return !shown(m) })
	slices.SortStableFunc(events, func(a, b *merged) int {
		return cmp.Or(cmp.Compare(a.at.Likely, b.at.Likely), cmp.Compare(a.at.Earliest, b.at.Earliest),
			cmp.Compare(a.key.container, b.key.container), cmp.Compare(a.key.typ, b.key.typ), cmp.Compare(a.key.n, b.key.n))
	})
	written := map[eventKey]bool{}
	for _, m := range events {
		written[m.key] = true
	}
	for _, m := range events {
		tl.Events = append(tl.Events, f.event(m, written))
	}
	return tl
}

// id names an event: "app/ContainerStarted", "app/ContainerStarted#2".
func (f *forecast) id(key eventKey) string {
	name := ""
	if key.container != noContainer {
		name = f.plan.containers[key.container].Name
	}
	id := eventID(name, key.typ)
	if key.n > 1 {
		id = fmt.Sprintf("%s#%d", id, key.n)
	}
	return id
}

func (f *forecast) event(m *merged, written map[eventKey]bool) analyze.Event {
	e := analyze.Event{ID: f.id(m.key), Type: m.key.typ, At: m.at, Basis: analyze.Default, Rule: f.rule(m)}
	if m.key.container != noContainer {
		c := &f.plan.containers[m.key.container]
		e.Container = c.Name
		f.describe(&e, m, c)
	}
	e.Note = m.outside()
	if m.key.typ == analyze.ContainerExited && m.rule != "" {
		e.Note = strings.TrimSuffix(exitNote(m.rule)+"; "+e.Note, "; ")
	}
	for i, cause := range m.because {
		if !written[cause] {
			continue
		}
		e.Because = append(e.Because, f.id(cause))
		if i == 0 && m.delayed {
			d := m.delay
			e.Delay = &d
		}
	}
	if m.observed {
		e.Basis = analyze.Observed
	}
	return e
}

// describe adds what only events of containers have.
func (f *forecast) describe(e *analyze.Event, m *merged, c *planned) {
	if path := fieldOf(m, c); path != nil {
		e.Field, e.Position = path.String(), f.plan.position(path)
	}
	switch m.key.typ {
	case analyze.ContainerStarted:
		e.Attempt = m.key.n
	case analyze.ContainerExited:
		e.Attempt, e.ExitCodes, e.Killed = m.key.n, m.codes, m.killed
		e.Basis = f.basisOf(c.Name, "runs")
		if m.rule != "" {
			e.Basis = c.stopNote.Basis
		}
	case analyze.BackoffStarted:
		e.Attempt = m.key.n
		e.Seconds = finitePtr(cmp.Or(m.seconds.Likely, m.seconds.Latest))
	case analyze.PostStartFinished:
		e.Attempt, e.Basis = m.key.n, f.basisOf(c.Name, "postStart")
	default:
		if m.key.n > 1 {
			e.Attempt = m.key.n
		}
	}
	if math.IsInf(m.at.Latest, 1) {
		e.Basis = analyze.Assumed
	}
}

// basisOf is how an assumption about a container is known; what is not assumed
// is written.
func (f *forecast) basisOf(container, key string) analyze.Basis {
	for _, a := range f.plan.assumptions {
		if a.Container == container && a.Key == key {
			return a.Basis
		}
	}
	return analyze.Written
}

// stopNotes lists how containers react to their stop signal, for those that are
// killed by a probe or after a failed hook.
func (f *forecast) stopNotes() []analyze.Assumption {
	var out []analyze.Assumption
	for i := range f.plan.containers {
		for _, m := range f.events {
			if m.key.typ == analyze.ContainerExited && m.key.container == i && m.rule != "" {
				out = append(out, f.plan.containers[i].stopNote)
				break
			}
		}
	}
	return out
}

// fieldOf is the field that decides an event.
func fieldOf(m *merged, c *planned) *field.Path {
	switch {
	case m.key.typ == analyze.ContainerStartedStatus && c.StartupProbe != nil:
		return c.Path.Child("startupProbe")
	case m.key.typ == analyze.ContainerReady && c.ReadinessProbe != nil:
		return c.Path.Child("readinessProbe")
	case m.key.typ == analyze.PostStartFinished:
		return c.Path.Child("lifecycle", "postStart")
	case m.key.typ == analyze.ContainerExited && m.rule == "K135":
		return c.Path.Child("startupProbe")
	case m.key.typ == analyze.ContainerExited && m.rule == "K139":
		return c.Path.Child("livenessProbe")
	}
	return nil
}

// rule is the behaviour rule that explains an event.
func (f *forecast) rule(m *merged) string {
	if m.rule != "" {
		return m.rule
	}
	if m.key.container != noContainer {
		if rule := f.containerRule(m.key); rule != "" {
			return rule
		}
	}
	return map[analyze.EventType]string{
		analyze.SandboxReady: "K112", analyze.PostStartFinished: "K124", analyze.PodInitialized: "K272",
		analyze.ContainersReady: "K273", analyze.PodReady: "K274", analyze.BackoffStarted: "K210",
	}[m.key.typ]
}

// containerRule is that of the events whose rule depends on the container.
func (f *forecast) containerRule(key eventKey) string {
	c := &f.plan.containers[key.container]
	choose := func(first bool, a, b string) string {
		if first {
			return a
		}
		return b
	}
	switch {
	case key.typ == analyze.ContainerStarted && key.n > 1:
		return "K215"
	case key.typ == analyze.ContainerStarted:
		return choose(key.container < f.plan.inits, "K115", "K119")
	case key.typ == analyze.ContainerStartedStatus:
		return choose(c.StartupProbe != nil, "K135", "K101")
	case key.typ == analyze.ContainerReady && c.Type == analyze.InitContainer:
		return "K277"
	case key.typ == analyze.ContainerReady:
		return choose(c.ReadinessProbe != nil, "K137", "K144")
	}
	return ""
}
