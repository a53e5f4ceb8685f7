// Package cron reads the schedules of CronJobs as the CronJob controller does
// (the dialect of robfig/cron v3, standard parser) and tells when they fire.
//
// It knows nothing of deadlines, concurrency or missed runs.
package cron

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A Schedule says when to fire. Either Every is set, or the fields are.
type Schedule struct {
	// Every is the interval of "@every 1h30m".
	Every time.Duration
	// Minute … DayOfWeek have bit n set where n fires.
	Minute, Hour, DayOfMonth, Month, DayOfWeek uint64
	// AnyDayOfMonth and AnyDayOfWeek: the field is a star. If neither is, a day
	// fires that is in one of the two fields (C231).
	AnyDayOfMonth, AnyDayOfWeek bool
}

type bounds struct {
	min, max int
	names    string // three letters each, from min on
}

// Parse reads five fields or a descriptor such as "@daily".
func Parse(text string) (Schedule, error) {
	for _, prefix := range [2]string{"TZ=", "CRON_TZ="} {
		if rest, ok := strings.CutPrefix(text, prefix); ok {
			zone, fields, ok := strings.Cut(rest, " ")
			if _, err := time.LoadLocation(zone); err != nil || !ok {
				return Schedule{}, fmt.Errorf("provided bad location %s", zone)
			}
			text = strings.TrimSpace(fields)
		}
	}
	if strings.HasPrefix(text, "@") {
		return descriptor(text)
	}
	fields := strings.Fields(text)
	if len(fields) != 5 {
		return Schedule{}, fmt.Errorf("expected exactly 5 fields, found %d: %s", len(fields), fields)
	}
	var s Schedule
	for i, f := range []struct {
		bits *uint64
		star *bool
		bounds
	}{
		{&s.Minute, nil, bounds{0, 59, ""}},
		{&s.Hour, nil, bounds{0, 23, ""}},
		{&s.DayOfMonth, &s.AnyDayOfMonth, bounds{1, 31, ""}},
		{&s.Month, nil, bounds{1, 12, "janfebmaraprmayjunjulaugsepoctnovdec"}},
		{&s.DayOfWeek, &s.AnyDayOfWeek, bounds{0, 6, "sunmontuewedthufrisat"}},
	} {
		bits, star, err := parseField(fields[i], f.bounds)
		if err != nil {
			return Schedule{}, err
		}
		*f.bits = bits
		if f.star != nil {
			*f.star = star
		}
	}
	return s, nil
}

func descriptor(text string) (Schedule, error) {
	switch text {
	case "@yearly", "@annually":
		return Parse("0 0 1 1 *")
	case "@monthly":
		return Parse("0 0 1 * *")
	case "@weekly":
		return Parse("0 0 * * 0")
	case "@daily", "@midnight":
		return Parse("0 0 * * *")
	case "@hourly":
		return Parse("0 * * * *")
	}
	if every, ok := strings.CutPrefix(text, "@every "); ok {
		d, err := time.ParseDuration(every)
		if err != nil {
			return Schedule{}, fmt.Errorf("failed to parse duration %s", text)
		}
		return Schedule{Every: max(d.Truncate(time.Second), time.Second)}, nil
	}
	return Schedule{}, fmt.Errorf("unrecognized descriptor: %s", text)
}

// parseField reads a list of ranges; star is true if one of them is a plain star.
func parseField(text string, b bounds) (bits uint64, star bool, err error) {
	for part := range strings.SplitSeq(text, ",") {
		if part == "" {
			continue
		}
		from, to, step, all, err := parseRange(part, b)
		if err != nil {
			return 0, false, err
		}
		star = star || all
		for n := from; n <= to; n += step {
			bits |= 1 << n
		}
	}
	return bits, star, nil
}

func parseRange(text string, b bounds) (from, to, step int, star bool, err error) {
	span, stepText, stepped := strings.Cut(text, "/")
	if strings.Contains(stepText, "/") {
		return 0, 0, 0, false, fmt.Errorf("too many slashes: %s", text)
	}
	low, high, isSpan := strings.Cut(span, "-")
	step = 1
	if low == "*" || low == "?" {
		from, to, star = b.min, b.max, true
	} else {
		if strings.Contains(high, "-") {
			return 0, 0, 0, false, fmt.Errorf("too many hyphens: %s", text)
		}
		if from, err = b.number(low); err != nil {
			return 0, 0, 0, false, err
		}
		to = from
		if isSpan {
			if to, err = b.number(high); err != nil {
				return 0, 0, 0, false, err
			}
		}
	}
	if stepped {
		if step, err = whole(stepText); err != nil {
			return 0, 0, 0, false, err
		}
		if !isSpan {
			to = b.max
		}
		star = star && step <= 1
	}
	return from, to, step, star, b.check(from, to, step, text)
}

func (b bounds) check(from, to, step int, text string) error {
	switch {
	case from < b.min:
		return fmt.Errorf("beginning of range (%d) below minimum (%d): %s", from, b.min, text)
	case to > b.max:
		return fmt.Errorf("end of range (%d) above maximum (%d): %s", to, b.max, text)
	case from > to:
		return fmt.Errorf("beginning of range (%d) beyond end of range (%d): %s", from, to, text)
	case step == 0:
		return fmt.Errorf("step of range should be a positive number: %s", text)
	}
	return nil
}

func (b bounds) number(text string) (int, error) {
	if len(text) == 3 {
		if i := strings.Index(b.names, strings.ToLower(text)); i >= 0 && i%3 == 0 {
			return b.min + i/3, nil
		}
	}
	return whole(text)
}

func whole(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, fmt.Errorf("failed to parse int from %s", text)
	}
	if n < 0 {
		return 0, fmt.Errorf("negative number (%d) not allowed: %s", n, text)
	}
	return n, nil
}

// Next is the first time after t at which the schedule fires, in t's location.
// ok is false if it does not fire within five years, which is never.
func (s Schedule) Next(t time.Time) (next time.Time, ok bool) {
	if s.Every > 0 {
		return t.Add(s.Every - time.Duration(t.Nanosecond())).Truncate(time.Second), true
	}
	limit := t.Year() + 5
	t = t.Truncate(time.Minute).Add(time.Minute)
	for t.Year() <= limit {
		switch {
		case s.Month&(1<<uint(t.Month())) == 0:
			t = time.Date(t.Year(), t.Month()+1, 1, 0, 0, 0, 0, t.Location())
		case !s.day(t):
			t = time.Date(t.Year(), t.Month(), t.Day()+1, 0, 0, 0, 0, t.Location())
		case s.Hour&(1<<uint(t.Hour())) == 0:
			t = t.Truncate(time.Hour).Add(time.Hour)
		case s.Minute&(1<<uint(t.Minute())) == 0:
			t = t.Add(time.Minute)
		default:
			return t, true
		}
	}
	return time.Time{}, false
}

func (s Schedule) day(t time.Time) bool {
	ofMonth := s.DayOfMonth&(1<<uint(t.Day())) != 0
	ofWeek := s.DayOfWeek&(1<<uint(t.Weekday())) != 0
	if s.AnyDayOfMonth || s.AnyDayOfWeek {
		return ofMonth && ofWeek
	}
	return ofMonth || ofWeek
}
