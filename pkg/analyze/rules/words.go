package rules

import (
	"strconv"
	"strings"
)

// seconds is a whole number of seconds in the short form of documents: 40s, 2m,
// 1h30m. It is no time.Duration: those end after 292 years, a grace period does not.
func seconds(n int64) string {
	if n < 60 {
		return strconv.FormatInt(n, 10) + "s"
	}
	var b strings.Builder
	for _, unit := range []struct {
		size int64
		name string
	}{{3600, "h"}, {60, "m"}, {1, "s"}} {
		if n >= unit.size {
			b.WriteString(strconv.FormatInt(n/unit.size, 10) + unit.name)
			n %= unit.size
		}
	}
	return b.String()
}

// count is a number with its noun: "1 replica", "3 replicas".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}
