package rules

import (
	"math"
	"testing"
)

// Every number that the API takes has a name, also beyond the 292 years of a
// time.Duration.
func TestSeconds(t *testing.T) {
	tests := map[int64]string{
		0: "0s", 40: "40s", 60: "1m", 90: "1m30s", 3600: "1h", 5400: "1h30m", 86400: "24h", 3601: "1h1s",
		math.MaxInt64: "2562047788015215h30m7s",
	}
	for n, want := range tests {
		if got := seconds(n); got != want {
			t.Errorf("seconds(%d) = %q, want %q", n, got, want)
		}
	}
	for s, want := range map[float64]string{2.5: "2s", math.MaxInt64: "2562047788015215h30m7s", math.Inf(1): "for ever"} {
		if got := span(s); got != want {
			t.Errorf("span(%g) = %q, want %q", s, got, want)
		}
	}
}
