package analyze

import (
	"encoding/json"
	"math"
	"time"
)

// Never is a moment without a limit: as Latest "no limit is known", as Likely
// "it may not happen at all". It marshals as null.
var Never = math.Inf(1)

// Bounds is a moment, in seconds from time 0, as far as it can be known.
type Bounds struct {
	Earliest, Likely, Latest float64
}

// At is a moment known exactly.
func At(seconds float64) Bounds { return Bounds{seconds, seconds, seconds} }

// Plus adds two ranges: the sum of a moment and a duration.
func (b Bounds) Plus(d Bounds) Bounds {
	return Bounds{b.Earliest + d.Earliest, b.Likely + d.Likely, b.Latest + d.Latest}
}

// Max is the later of two moments, bound by bound.
func (b Bounds) Max(o Bounds) Bounds {
	return Bounds{math.Max(b.Earliest, o.Earliest), math.Max(b.Likely, o.Likely), math.Max(b.Latest, o.Latest)}
}

// Min is the earlier of two moments, bound by bound.
func (b Bounds) Min(o Bounds) Bounds {
	return Bounds{math.Min(b.Earliest, o.Earliest), math.Min(b.Likely, o.Likely), math.Min(b.Latest, o.Latest)}
}

// Width is Latest − Earliest in seconds; +Inf if no limit is known.
func (b Bounds) Width() float64 { return b.Latest - b.Earliest }

type boundsJSON struct {
	Earliest float64  `json:"earliest"`
	Likely   *float64 `json:"likely"`
	Latest   *float64 `json:"latest"`
}

// MarshalJSON writes seconds rounded to milliseconds and null for Never.
func (b Bounds) MarshalJSON() ([]byte, error) {
	return json.Marshal(boundsJSON{round(b.Earliest), finite(b.Likely), finite(b.Latest)})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (b *Bounds) UnmarshalJSON(data []byte) error {
	var j boundsJSON
	if err := json.Unmarshal(data, &j); err != nil {
		return err
	}
	*b = Bounds{j.Earliest, Never, Never}
	if j.Likely != nil {
		b.Likely = *j.Likely
	}
	if j.Latest != nil {
		b.Latest = *j.Latest
	}
	return nil
}

func round(s float64) float64 { return math.Round(s*1000) / 1000 }

func finite(s float64) *float64 {
	if math.IsInf(s, 0) || math.IsNaN(s) {
		return nil
	}
	s = round(s)
	return &s
}

// TimeBounds is a moment as times of day. A nil Likely or Latest means the same
// as Never.
type TimeBounds struct {
	Earliest time.Time  `json:"earliest"`
	Likely   *time.Time `json:"likely"`
	Latest   *time.Time `json:"latest"`
}

// After turns offsets into times of day.
func (b Bounds) After(zero time.Time) TimeBounds {
	at := func(s float64) *time.Time {
		if math.IsInf(s, 0) {
			return nil
		}
		t := zero.Add(time.Duration(s * float64(time.Second))).UTC().Truncate(time.Millisecond)
		return &t
	}
	return TimeBounds{*at(b.Earliest), at(b.Likely), at(b.Latest)}
}
