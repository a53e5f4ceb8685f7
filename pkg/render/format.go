package render

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// duration writes seconds as people do: 0.3s, 9.1s, 16s, 1m30s, 2h5m, 3d4h.
func duration(seconds float64) string {
	switch {
	case math.IsNaN(seconds) || math.IsInf(seconds, 0):
		return "no limit"
	case seconds < 0:
		return "-" + duration(-seconds)
	case seconds > 0 && seconds < 0.05:
		return "<0.1s"
	case seconds < 59.95:
		return strconv.FormatFloat(math.Round(seconds*10)/10, 'f', -1, 64) + "s"
	}
	if seconds > 1e12 {
		return "ages"
	}
	s := int64(math.Round(seconds))
	parts := [...]struct {
		unit string
		size int64
	}{{"d", 86400}, {"h", 3600}, {"m", 60}, {"s", 1}}
	var b strings.Builder
	shown := 0
	for _, p := range parts {
		if p.unit == "d" && s <= 2*p.size {
			continue // 36h reads better than 1d12h
		}
		if n := s / p.size; n > 0 && shown < 2 {
			fmt.Fprintf(&b, "%d%s", n, p.unit)
			s -= n * p.size
			shown++
		} else if shown > 0 {
			break
		}
	}
	return b.String()
}

// moment is a likely offset, with the range where it matters.
func moment(b analyze.Bounds) string {
	if math.IsInf(b.Likely, 1) {
		if math.IsInf(b.Latest, 1) || b.Latest <= b.Earliest {
			return "perhaps, from " + duration(b.Earliest)
		}
		return "perhaps, " + duration(b.Earliest) + " to " + duration(b.Latest)
	}
	return duration(b.Likely)
}

// jitter is the width, in seconds, up to which a range reads as one moment: the
// node's own.
const jitter = 1.0

// upTo is ", up to 5s" where the end may come notably later than likely. base is
// subtracted from the latest end.
func upTo(b analyze.Bounds, base float64) string {
	switch {
	case math.IsInf(b.Likely, 1):
		return ""
	case math.IsInf(b.Latest, 1):
		return ", no limit"
	case b.Latest-b.Likely > jitter+1e-9:
		return ", up to " + duration(b.Latest-base)
	}
	return ""
}

// clock is a time of day; the date comes with it if it is not that of now.
func (st Style) clock(at, now time.Time) string {
	local := at.In(st.zone())
	if day(local) == day(now.In(st.zone())) {
		return local.Format("15:04:05")
	}
	return local.Format("2006-01-02 15:04:05")
}

func day(at time.Time) string { return at.Format("2006-01-02") }

// zoneName is what the zone calls itself at a time: "CET", "UTC", "-03".
func (st Style) zoneName(at time.Time) string {
	name, _ := at.In(st.zone()).Zone()
	return name
}

// relative is "13m ago" or "in 4m".
func relative(at, now time.Time) string {
	d := at.Truncate(time.Second).Sub(now.Truncate(time.Second)).Seconds() // as clock shows them
	switch {
	case math.Abs(d) < 0.5:
		return "now"
	case d < 0:
		return duration(math.Round(-d)) + " ago"
	}
	return "in " + duration(math.Round(d))
}

// plural is "1 pod", "2 pods".
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if strings.HasSuffix(noun, "y") {
		return fmt.Sprintf("%d %sies", n, strings.TrimSuffix(noun, "y"))
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func severityRole(s analyze.Severity) role {
	switch s {
	case analyze.Error:
		return bad
	case analyze.Warning:
		return warn
	case analyze.OK:
		return good
	default:
		return accent
	}
}
