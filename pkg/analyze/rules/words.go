package rules

import (
	"strconv"
	"strings"
	"time"
)

// seconds is a whole number of seconds in the short form of documents: 40s, 2m, 1h30m.
func seconds(n int64) string {
	text := (time.Duration(n) * time.Second).String()
	text = strings.TrimSuffix(text, "m0s")
	if strings.HasSuffix(text, "h0") {
		return strings.TrimSuffix(text, "0")
	}
	if n >= 60 && !strings.HasSuffix(text, "s") {
		text += "m"
	}
	return text
}

// count is a number with its noun: "1 replica", "3 replicas".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}
