package cron_test

import (
	"testing"
	"time"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/cron"
)

func TestNext(t *testing.T) {
	from := time.Date(2026, 1, 30, 12, 7, 30, 0, time.UTC)
	for schedule, want := range map[string]string{
		"*/15 * * * *":     "2026-01-30T12:15:00Z",
		"0 3 * * *":        "2026-01-31T03:00:00Z",
		"@hourly":          "2026-01-30T13:00:00Z",
		"0 0 29 2 *":       "2028-02-29T00:00:00Z",
		"0 0 13 * fri":     "2026-02-06T00:00:00Z", // either the 13th or a Friday
		"0 0 */2 * mon":    "2026-01-31T00:00:00Z", // a stepped star is no star
		"0 0 ? * MON-WED":  "2026-02-02T00:00:00Z",
		"5/20 12 30 jan *": "2026-01-30T12:25:00Z",
		"@every 90s":       "2026-01-30T12:09:00Z",
		"0 0 30 2 *":       "never",
	} {
		s, err := cron.Parse(schedule)
		if err != nil {
			t.Errorf("%q: %v", schedule, err)
			continue
		}
		got := "never"
		if next, ok := s.Next(from); ok {
			got = next.Format(time.RFC3339)
		}
		if got != want {
			t.Errorf("%q fires at %s, want %s", schedule, got, want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, schedule := range []string{"", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 7", "5-1 * * * *", "*/0 * * * *", "a * * * *", "1-2-3 * * * *", "1/2/3 * * * *", "-1 * * * *", "@never", "@every x"} {
		if _, err := cron.Parse(schedule); err == nil {
			t.Errorf("%q is accepted", schedule)
		}
	}
}
