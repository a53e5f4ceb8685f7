package explain

import (
	"testing"
	"time"
)

// TestCronNext compares with what robfig/cron v3 gives (C231).
func TestCronNext(t *testing.T) {
	const now = "2026-03-01T12:00:30Z" // a Sunday
	for _, c := range []struct{ schedule, want string }{
		{"* * * * *", "2026-03-01T12:01:00Z"},
		{"*/15 * * * *", "2026-03-01T12:15:00Z"},
		{"0 3 * * *", "2026-03-02T03:00:00Z"},
		{"30 9 * * mon-fri", "2026-03-02T09:30:00Z"},
		{"0 0 1 * *", "2026-04-01T00:00:00Z"},
		{"0 0 29 2 *", "2028-02-29T00:00:00Z"},
		{"0 0 13 * 5", "2026-03-06T00:00:00Z"},        // either day will do
		{"0 0 */2 * 1", "2026-03-02T00:00:00Z"},       // a step takes the star away: odd days or Mondays
		{"5/20 * * * *", "2026-03-01T12:05:00Z"},      // 5, 25, 45
		{"0 0 1 jan,jul *", "2026-07-01T00:00:00Z"},   // names
		{"@daily", "2026-03-02T00:00:00Z"},            // words
		{"@every 90m", "2026-03-01T13:00:00Z"},        // counted from the last run
		{"0 0 31 2 *", "0001-01-01T00:00:00Z"},        // never
		{"10-20/5 12 * * *", "2026-03-01T12:10:00Z"},  // range with a step
		{"0 12 * * 0", "2026-03-08T12:00:00Z"},        // not the minute that is past
		{"? ? ? ? ?", "2026-03-01T12:01:00Z"},         // question marks are stars
		{"59 23 31 12 *", "2026-12-31T23:59:00Z"},     // the last minute of the year
		{"0 8-10,18 * * *", "2026-03-01T18:00:00Z"},   // lists of ranges
		{"*/7 */5 * * sat", "2026-03-07T00:00:00Z"},   // steps begin at 0
		{"0 0 * * sun,1,2-3", "2026-03-02T00:00:00Z"}, // mixed
	} {
		s, err := parseCron(c.schedule)
		if err != nil {
			t.Errorf("%q: %v", c.schedule, err)
			continue
		}
		at, _ := time.Parse(time.RFC3339, now)
		from, _ := time.Parse(time.RFC3339, "2026-03-01T10:00:00Z")
		if got := s.next(from, at).Format(time.RFC3339); got != c.want {
			t.Errorf("%q after %s: %s, want %s", c.schedule, now, got, c.want)
		}
	}
	for _, bad := range []string{"", "* * * *", "60 * * * *", "* * * * 7", "5-1 * * * *", "*/0 * * * *", "x * * * *", "@every x"} {
		if _, err := parseCron(bad); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func TestWords(t *testing.T) {
	for _, c := range []struct {
		got, want string
	}{
		{seconds(40), "40s"},
		{seconds(80), "1m20s"},
		{seconds(600), "10m"},
		{seconds(3600), "1h"},
		{seconds(5400), "1h30m"},
		{span(300 * time.Millisecond), "less than 1s"},
		{span(100 * time.Second), "1m40s"},
		{span(-time.Second), "0s"},
		{plural(1, "pod"), "1 pod"},
		{plural(2, "policy"), "2 policies"},
		{list([]string{"a", "b", "c"}, 5), "a, b and c"},
		{list([]string{"a", "b", "c"}, 2), "a, b and 1 more"},
		{shell("a'b"), `'a'\''b'`},
		{shell("web-1"), "web-1"},
		{times(2), "twice"},
		{shorten("a  b\nc", 10), "a b c"},
		{shorten("alpha beta gamma", 11), "alpha beta …"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
