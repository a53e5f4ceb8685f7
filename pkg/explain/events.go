package explain

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// mostEvents is how many kinds of events an explanation carries.
const mostEvents = 20

// eventLines are the events about some objects, equal ones counted together,
// newest last, each with the reason it proves.
func (w *world) eventLines(fs []finding, refs ...analyze.Ref) []EventLine {
	type key struct{ object, kind, reason, message string }
	index := map[key]int{}
	var out []EventLine
	for _, r := range refs {
		for _, e := range w.s.Events(r) {
			message := strings.TrimPrefix(e.Message, "(combined from similar events): ")
			k := key{eventRef(e).String(), e.Type, e.Reason, sameText(e.Reason, message)}
			last := analyze.EventTime(e).UTC()
			i, ok := index[k]
			if !ok {
				index[k] = len(out)
				out = append(out, EventLine{
					Type: e.Type, Reason: e.Reason, Message: message, Count: eventCount(e),
					First: firstTime(e), Last: last, Object: eventRef(e), Explains: explains(fs, e),
				})
				continue
			}
			out[i].Count += eventCount(e)
			if last.After(out[i].Last) {
				out[i].Last = last
			}
		}
	}
	slices.SortStableFunc(out, func(a, b EventLine) int { return a.Last.Compare(b.Last) })
	if len(out) > mostEvents {
		out = out[len(out)-mostEvents:]
	}
	return out
}

// sameText is the message without what differs between repetitions: the names of
// pods that could not be created.
func sameText(reason, message string) string {
	if reason == "FailedCreate" || reason == "FailedDelete" {
		return createError(message)
	}
	return message
}

func firstTime(e *corev1.Event) (t *timeStamp) {
	if !e.FirstTimestamp.IsZero() {
		return timeOf(e.FirstTimestamp)
	}
	if !e.EventTime.IsZero() {
		u := e.EventTime.UTC()
		return &u
	}
	return nil
}

// explains is the id of the reason that cites the event.
func explains(fs []finding, e *corev1.Event) string {
	for _, f := range fs {
		for _, ev := range f.Evidence {
			if ev.Path == "" && strings.HasPrefix(ev.Value, e.Reason+": "+e.Message) {
				return f.ID
			}
		}
	}
	return ""
}
