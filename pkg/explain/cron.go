package explain

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A cronSchedule tells when a CronJob runs: five sets of allowed values, or a
// fixed interval (C231; the CronJob controller uses robfig/cron v3's parser).
type cronSchedule struct {
	minute, hour, dom, month, dow uint64
	anyDom, anyDow                bool
	every                         time.Duration
}

// parseCron reads a schedule of five fields or one of the @ words.
func parseCron(text string) (cronSchedule, error) {
	text = strings.TrimSpace(text)
	if rest, ok := strings.CutPrefix(text, "@every "); ok {
		d, err := time.ParseDuration(strings.TrimSpace(rest))
		if err != nil {
			return cronSchedule{}, fmt.Errorf("read interval %q: %w", rest, err)
		}
		return cronSchedule{every: max(d.Truncate(time.Second), time.Second)}, nil
	}
	words := map[string]string{
		"@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
		"@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
	}
	if s, ok := words[text]; ok {
		text = s
	}
	f := strings.Fields(text)
	if len(f) != 5 {
		return cronSchedule{}, fmt.Errorf("schedule %q has %d fields, not 5", text, len(f))
	}
	var s cronSchedule
	var err error
	sets := []struct {
		to       *uint64
		star     *bool
		low, top int
		names    string
	}{
		{&s.minute, nil, 0, 59, ""},
		{&s.hour, nil, 0, 23, ""},
		{&s.dom, &s.anyDom, 1, 31, ""},
		{&s.month, nil, 1, 12, "jan feb mar apr may jun jul aug sep oct nov dec"},
		{&s.dow, &s.anyDow, 0, 6, "sun mon tue wed thu fri sat"},
	}
	for i, set := range sets {
		var star bool
		if *set.to, star, err = cronField(f[i], set.low, set.top, strings.Fields(set.names)); err != nil {
			return cronSchedule{}, fmt.Errorf("read field %d of schedule %q: %w", i+1, text, err)
		}
		if set.star != nil {
			*set.star = star
		}
	}
	return s, nil
}

// cronField reads a comma list of values, ranges and steps as a bit set. star
// says that a part is a plain star: a step of more than 1 takes that away.
func cronField(text string, low, top int, names []string) (bits uint64, star bool, err error) {
	for _, part := range strings.Split(text, ",") {
		body, stepText, stepped := strings.Cut(part, "/")
		step := 1
		if stepped {
			if step, err = strconv.Atoi(stepText); err != nil || step < 1 {
				return 0, false, fmt.Errorf("step %q", stepText)
			}
		}
		from, to := low, top
		switch first, last, ranged := strings.Cut(body, "-"); {
		case body == "*" || body == "?":
			star = star || step == 1
		case ranged:
			if from, err = cronValue(first, low, top, names); err == nil {
				to, err = cronValue(last, low, top, names)
			}
		default:
			from, err = cronValue(body, low, top, names)
			if to = from; stepped {
				to = top
			}
		}
		if err != nil {
			return 0, false, err
		}
		if from > to {
			return 0, false, fmt.Errorf("range %q runs backwards", body)
		}
		for v := from; v <= to; v += step {
			bits |= 1 << v
		}
	}
	return bits, star, nil
}

func cronValue(text string, low, top int, names []string) (int, error) {
	for i, n := range names {
		if strings.EqualFold(n, text) {
			return low + i, nil
		}
	}
	v, err := strconv.Atoi(text)
	if err != nil || v < low || v > top {
		return 0, fmt.Errorf("%q is not between %d and %d", text, low, top)
	}
	return v, nil
}

// next is the first run after a moment, in its location; zero if there is none
// within five years. from is the last run or the creation: @every counts from it.
func (s cronSchedule) next(from, after time.Time) time.Time {
	if s.every > 0 {
		n := after.Sub(from)/s.every + 1
		return from.Add(n * s.every)
	}
	t := after.Truncate(time.Minute).Add(time.Minute)
	for limit := t.AddDate(5, 0, 0); t.Before(limit); {
		switch {
		case s.month&(1<<int(t.Month())) == 0:
			t = time.Date(t.Year(), t.Month()+1, 1, 0, 0, 0, 0, t.Location())
		case !s.day(t):
			t = time.Date(t.Year(), t.Month(), t.Day()+1, 0, 0, 0, 0, t.Location())
		case s.hour&(1<<t.Hour()) == 0:
			t = t.Truncate(time.Hour).Add(time.Hour)
		case s.minute&(1<<t.Minute()) == 0:
			t = t.Add(time.Minute)
		default:
			return t
		}
	}
	return time.Time{}
}

// day applies the rule of cron: day of month and day of week are both asked for
// if one of them is a star, else either will do (C231).
func (s cronSchedule) day(t time.Time) bool {
	dom, dow := s.dom&(1<<t.Day()) != 0, s.dow&(1<<int(t.Weekday())) != 0
	if s.anyDom || s.anyDow {
		return dom && dow
	}
	return dom || dow
}
