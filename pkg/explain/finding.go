package explain

import (
	"fmt"
	"strconv"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// A finding is a reason on its way into an explanation: what the cause found,
// and what it means for the whole object.
type finding struct {
	Reason
	// state of the subject if this is its decisive reason.
	state State
	// says is the headline after the subject: `is not ready: container "api" …`.
	says string
	// consequence: it follows from another finding, if there is one.
	consequence bool
	// folds are the ids of reasons that are only consequences of this one.
	folds   []string
	outlook []Outlook
	actions []Action
	gaps    []analyze.Gap
}

// proof is one fact about an object.
func proof(o analyze.Ref, path, value string) Evidence {
	return Evidence{Object: o, Path: path, Value: value}
}

// see is a fact about the pod itself.
func (v *podView) see(path, value string) Evidence { return proof(v.o.Ref, path, value) }

// event is a fact that an event tells.
func event(e *corev1.Event) Evidence {
	at := analyze.EventTime(e).UTC()
	ev := Evidence{Object: eventRef(e), Value: e.Reason + ": " + e.Message, At: &at}
	if n := eventCount(e); n > 1 {
		ev.Value += fmt.Sprintf(" (×%d)", n)
	}
	return ev
}

func eventRef(e *corev1.Event) analyze.Ref {
	r := e.InvolvedObject
	return analyze.Ref{APIVersion: r.APIVersion, Kind: r.Kind, Namespace: r.Namespace, Name: r.Name, UID: r.UID}
}

// eventCount is how often an event was seen.
func eventCount(e *corev1.Event) int32 {
	if e.Series != nil && e.Series.Count > 0 {
		return e.Series.Count
	}
	return max(e.Count, 1)
}

func (e Evidence) when(t time.Time) Evidence {
	if !t.IsZero() && t.Year() >= 1980 {
		u := t.UTC()
		e.At = &u
	}
	return e
}

// seen is a fact about the container's status; path is relative to it.
func (c *containerView) seen(path, value string) Evidence {
	return c.v.see(c.at+"."+path, value)
}

func itoa[T ~int | ~int32 | ~int64](n T) string { return strconv.FormatInt(int64(n), 10) }

// between is a moment within bounds.
func between(early, likely, late time.Time) analyze.TimeBounds {
	e, l, x := early.UTC(), likely.UTC(), late.UTC()
	return analyze.TimeBounds{Earliest: e, Likely: &l, Latest: &x}
}

func look(command, why string) Action   { return Action{Command: command, Why: why} }
func change(command, why string) Action { return Action{Command: command, Why: why, Changes: true} }
