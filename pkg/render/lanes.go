package render

import (
	"fmt"
	"math"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// A lane is what one container, the traffic or the pod does.
type lane struct {
	analyze.LaneInfo
	spans []analyze.Span
}

// title is the lane's name, with its type where that is not obvious.
func (l lane) title() string {
	switch l.Type {
	case "init", "sidecar", "ephemeral":
		return l.Name + " (" + l.Type + ")"
	}
	return l.Name
}

// lanesOf puts each span into its lane: the lanes of the timeline in their
// order, then others as they occur. Lanes without spans are left out.
func lanesOf(tl *analyze.Timeline) []lane {
	lanes := make([]lane, len(tl.Containers))
	for i, info := range tl.Containers {
		lanes[i].LaneInfo = info
	}
	for _, s := range tl.Spans {
		at := -1
		for i := range lanes {
			if lanes[i].Name == s.Lane {
				at = i
				break
			}
		}
		if at < 0 {
			lanes = append(lanes, lane{LaneInfo: analyze.LaneInfo{Name: s.Lane, Type: otherLane(s.Lane)}})
			at = len(lanes) - 1
		}
		lanes[at].spans = append(lanes[at].spans, s)
	}
	used := lanes[:0]
	for _, l := range lanes {
		if len(l.spans) > 0 {
			used = append(used, l)
		}
	}
	return used
}

// rows are the spans of a lane as they are drawn: one each, but what happens three
// times or more shares a row.
func (l lane) rows() [][]analyze.Span {
	type key struct {
		what string
		kind analyze.SpanKind
	}
	times := map[key]int{}
	for _, s := range l.spans {
		times[key{stem(s.What), s.Kind}]++
	}
	shared := map[key]int{}
	var out [][]analyze.Span
	for _, s := range l.spans {
		k := key{stem(s.What), s.Kind}
		if i, ok := shared[k]; ok {
			out[i] = append(out[i], s)
			continue
		}
		if times[k] >= 3 {
			shared[k] = len(out)
		}
		out = append(out, []analyze.Span{s})
	}
	return out
}

// stem is what happens without the count at its end: "running" of "running
// (start 3)".
func stem(what string) string {
	at := strings.LastIndex(what, " (")
	if at > 0 && strings.HasSuffix(what, ")") && strings.ContainsAny(what[at:], "0123456789") {
		return what[:at]
	}
	return what
}

// rowLabel is what a row says happens.
func rowLabel(spans []analyze.Span) string {
	if len(spans) > 1 {
		return stem(spans[0].What)
	}
	return spans[0].What
}

// rowNote is the note of a span, or of several: how often, and how long each.
func rowNote(spans []analyze.Span) string {
	if len(spans) == 1 {
		return spanNote(spans[0])
	}
	var lengths []string
	for _, s := range spans {
		text := duration(spanEnd(s) - spanStart(s))
		if isMoment(s) {
			text = duration(spanStart(s))
		}
		if n := len(lengths); n == 0 || isMoment(s) || lengths[n-1] != text {
			lengths = append(lengths, text)
		}
	}
	const most = 8
	if len(lengths) > most {
		lengths = append(lengths[:most-1], "then "+lengths[len(lengths)-1])
	}
	note := fmt.Sprintf("%d times: %s", len(spans), strings.Join(lengths, ", "))
	if last := spans[len(spans)-1]; last.Kind == analyze.SpanRunning && last.Note != spans[0].Note {
		note += ", " + last.Note
	}
	return note
}

func otherLane(name string) string {
	if name == "pod" {
		return "pod"
	}
	return "traffic"
}

// isMoment says whether a span is drawn as one mark, not as a bar.
func isMoment(s analyze.Span) bool {
	return s.Kind == analyze.SpanSignal || s.Kind == analyze.SpanKill
}

// uncertain says whether a span may not happen at all.
func uncertain(s analyze.Span) bool { return math.IsInf(s.Start.Likely, 1) }

// spanStart is where a span is drawn from.
func spanStart(s analyze.Span) float64 {
	if uncertain(s) {
		return s.Start.Earliest
	}
	return s.Start.Likely
}

// spanEnd is where the bar proper of a span ends: at its likely end, or where
// that is not known at its earliest.
func spanEnd(s analyze.Span) float64 {
	if math.IsInf(s.End.Likely, 1) {
		return max(s.End.Earliest, spanStart(s))
	}
	return max(s.End.Likely, spanStart(s))
}

// spanNote says how long a span takes, or when it is, and how that is known.
func spanNote(s analyze.Span) string {
	var note string
	switch {
	case isMoment(s):
		note = "at " + moment(s.Start) + upTo(s.Start, 0)
		if uncertain(s) {
			note = moment(s.Start)
		}
		if s.NotReached && !strings.Contains(s.Note, "not reached") {
			note += ", not reached"
		}
	default:
		note = spanLength(s)
	}
	if s.Note != "" && s.Note != note && !strings.HasPrefix(note, s.Note+" ") && !strings.HasSuffix(note, s.Note) {
		note += ", " + s.Note
	}
	return note
}

func spanLength(s analyze.Span) string {
	length := spanEnd(s) - spanStart(s)
	limit := upTo(s.End, spanStart(s))
	switch {
	case uncertain(s):
		return "perhaps, from " + duration(s.Start.Earliest)
	case math.IsInf(s.End.Likely, 1) && math.IsInf(s.End.Latest, 1):
		return "no end known" + basisWord(s.Basis, ", ")
	case math.IsInf(s.End.Likely, 1):
		return "at least " + duration(length) + basisWord(s.Basis, " ") + ", up to " + duration(s.End.Latest-spanStart(s))
	}
	return duration(length) + basisWord(s.Basis, " ") + limit
}

func basisWord(b analyze.Basis, before string) string {
	switch b {
	case analyze.Assumed:
		return before + "assumed"
	case analyze.Inferred:
		return before + "inferred"
	default:
		return ""
	}
}

// source is where a number comes from: the place in the file, else the field,
// else the flag that would set it.
func source(s analyze.Span) string {
	switch {
	case s.Position != nil && s.Position.Line > 0:
		return s.Position.String()
	case s.Flag != "":
		return strings.Trim(basisWord(s.Basis, "")+"; "+s.Flag, "; ")
	case s.Field != "":
		return strings.TrimPrefix(basisWord(s.Basis, "")+"; "+s.Field, "; ")
	}
	return basisWord(s.Basis, "")
}
