package simulate

import (
	"fmt"
	"math"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// drawnAttempts is how many attempts of one container a picture of a start-up shows.
const drawnAttempts = 4

// spans are the bars of the picture, lane by lane. attempts limits how many
// starts of a container are drawn.
func (f *forecast) spans(attempts int) []analyze.Span {
	spans := []analyze.Span{}
	zero := analyze.At(0)
	if m := f.byKey[eventKey{analyze.SandboxReady, noContainer, 1}]; m != nil {
		spans = append(spans, f.span(noContainer, "sandbox", analyze.SpanStarting, zero, m.at, nil))
	}
	for i := range f.plan.containers {
		spans = append(spans, f.waitingSpan(i)...)
		starts := f.likely.containers[i].starts
		for n := 1; n <= max(1, min(attempts, starts)); n++ {
			spans = append(spans, f.attemptSpans(i, n)...)
		}
		if starts > attempts {
			noteMore(spans, starts-attempts)
		}
	}
	return spans
}

// noteMore says at the last run that is drawn how many are not.
func noteMore(spans []analyze.Span, more int) {
	for i := len(spans) - 1; i >= 0; i-- {
		if sp := &spans[i]; sp.Kind == analyze.SpanRunning {
			sp.Note = fmt.Sprintf("%s; %d more starts follow", sp.Note, more)
			return
		}
	}
}

func (f *forecast) span(container int, what string, kind analyze.SpanKind, start, end analyze.Bounds, path *field.Path) analyze.Span {
	lane := "pod"
	if container != noContainer {
		lane = f.plan.containers[container].Name
	}
	sp := analyze.Span{ID: spanID(lane, what), Lane: lane, What: what, Kind: kind, Start: start, End: end, Basis: analyze.Default}
	if path != nil {
		sp.Field, sp.Position = path.String(), f.plan.position(path)
	}
	return sp
}

// assumed marks a span whose length is a number that somebody assumed.
func (f *forecast) assumed(sp analyze.Span, container int, key string) analyze.Span {
	for _, a := range f.plan.assumptions {
		if a.Key == key && a.Container == f.plan.containers[container].Name {
			sp.Basis = a.Basis
			if !strings.HasPrefix(a.Why, givenByUser) {
				sp.Flag = a.Flag
			}
		}
	}
	return sp
}

// position is where the field is written; nil when it is not.
func (p *startPlan) position(path *field.Path) *analyze.Position {
	pos, exact := p.object.At(path)
	if !exact || pos.IsZero() {
		return nil
	}
	return &pos
}

// waitingSpan is the time before a container's first start: other containers,
// and pulling its image.
func (f *forecast) waitingSpan(i int) []analyze.Span {
	started := f.byKey[eventKey{analyze.ContainerStarted, i, 1}]
	if started == nil {
		return nil
	}
	var out []analyze.Span
	c := &f.plan.containers[i]
	begin := analyze.At(0)
	if len(started.because) > 0 {
		begin = f.byKey[started.because[0]].at
	}
	if begin.Likely > 0.5 && !math.IsInf(begin.Likely, 1) {
		sp := f.span(i, "waiting for its turn", analyze.SpanWaiting, analyze.At(0), begin, nil)
		if cause := started.because[0]; cause.container != noContainer {
			sp.Note = "until " + f.plan.containers[cause.container].Name + " is done"
		}
		out = append(out, sp)
	}
	if c.pull.Likely > 0 {
		out = append(out, f.assumed(f.span(i, "pulling the image", analyze.SpanPulling, begin, begin.Plus(c.pull), c.Path.Child("image")), i, "pull"))
	}
	return out
}

// attemptSpans are the bars of one instance of a container.
func (f *forecast) attemptSpans(i, n int) []analyze.Span {
	get := func(t analyze.EventType) *merged { return f.byKey[eventKey{t, i, n}] }
	started := get(analyze.ContainerStarted)
	if started == nil {
		return nil
	}
	c := &f.plan.containers[i]
	name := func(what string) string {
		if n > 1 {
			return fmt.Sprintf("%s (start %d)", what, n)
		}
		return what
	}
	var out []analyze.Span
	exited, up, ready := get(analyze.ContainerExited), get(analyze.ContainerStartedStatus), get(analyze.ContainerReady)
	if hook := get(analyze.PostStartFinished); hook != nil {
		sp := f.span(i, name("postStart"), analyze.SpanHook, started.at, hook.at, c.Path.Child("lifecycle", "postStart"))
		out = append(out, f.assumed(sp, i, "postStart"))
	}
	if up != nil && c.StartupProbe != nil {
		sp := f.span(i, name("startup probe"), analyze.SpanProbing, started.at, up.at, c.Path.Child("startupProbe"))
		out = append(out, f.assumed(sp, i, "startupAfter"))
	}
	if ready != nil && up != nil && c.ReadinessProbe != nil {
		sp := f.span(i, name("readiness probe"), analyze.SpanProbing, up.at, ready.at, c.Path.Child("readinessProbe"))
		out = append(out, f.assumed(sp, i, "readyAfter"))
	}
	if exited != nil && !math.IsInf(exited.at.Likely, 1) {
		sp := f.assumed(f.span(i, name("running"), analyze.SpanRunning, started.at, exited.at, nil), i, "runs")
		if len(exited.codes) > 0 {
			sp.Note = fmt.Sprintf("ends with exit code %d", exited.codes[0])
		}
		out = append(out, sp)
		if next := f.byKey[eventKey{analyze.ContainerStarted, i, n + 1}]; next != nil && next.likely != nil {
			sp := f.span(i, name("back-off"), analyze.SpanBackoff, exited.at, next.at, nil)
			if next.likely.seconds <= 0 {
				sp.What, sp.Note = name("down"), "started again at once"
			} else {
				sp.Note = "at least " + secondsText(next.likely.seconds)
			}
			sp.ID = spanID(sp.Lane, sp.What)
			out = append(out, sp)
		}
	}
	return out
}
