package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// A traceEvent is one entry of the Trace Event Format, which Perfetto and
// chrome://tracing open. Times are microseconds.
type traceEvent struct {
	Name string            `json:"name"`
	Cat  string            `json:"cat,omitempty"`
	Ph   string            `json:"ph"` // M metadata, X a span, i a moment
	Ts   int64             `json:"ts"`
	Dur  *int64            `json:"dur,omitempty"`
	Pid  int               `json:"pid"`
	Tid  int               `json:"tid"`
	S    string            `json:"s,omitempty"` // scope of a moment: t is its thread
	Args map[string]string `json:"args,omitempty"`
}

// writeTrace writes one process per timeline and one thread per lane.
func writeTrace(w io.Writer, items []*analyze.Timeline) error {
	events := []traceEvent{}
	for i, tl := range items {
		pid := i + 1
		events = append(events, traceEvent{Name: "process_name", Ph: "M", Pid: pid, Args: map[string]string{"name": timelineTitle(tl)}})
		for j, l := range lanesOf(tl) {
			tid := j + 1
			events = append(events,
				traceEvent{Name: "thread_name", Ph: "M", Pid: pid, Tid: tid, Args: map[string]string{"name": l.title()}})
			for _, s := range l.spans {
				events = append(events, traceSpan(s, pid, tid))
			}
		}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(struct {
		DisplayTimeUnit string       `json:"displayTimeUnit"`
		TraceEvents     []traceEvent `json:"traceEvents"`
	}{"ms", events}); err != nil {
		return fmt.Errorf("write trace: %w", err)
	}
	return write(w, escapeJSON(b.Bytes()))
}

func traceSpan(s analyze.Span, pid, tid int) traceEvent {
	us := func(seconds float64) int64 { return int64(math.Round(seconds * 1e6)) }
	e := traceEvent{Name: s.What, Cat: string(s.Kind), Pid: pid, Tid: tid, Ts: us(spanStart(s)), Args: map[string]string{"takes": spanNote(s)}}
	for key, value := range map[string]string{"basis": string(s.Basis), "field": s.Field, "flag": s.Flag} {
		if value != "" {
			e.Args[key] = value
		}
	}
	if s.Position != nil && s.Position.Line > 0 {
		e.Args["position"] = s.Position.String()
	}
	if isMoment(s) {
		e.Ph, e.S = "i", "t"
		return e
	}
	length := us(spanEnd(s)) - us(spanStart(s))
	e.Ph, e.Dur = "X", &length
	return e
}
