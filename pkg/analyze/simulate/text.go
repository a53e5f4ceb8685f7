package simulate

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// secondsText writes seconds as people do: "2s", "1.5s", "1m30s", "never".
func secondsText(s float64) string {
	if math.IsInf(s, 0) || math.IsNaN(s) {
		return "never"
	}
	s = math.Round(s*10) / 10
	if s < 60 {
		return strconv.FormatFloat(s, 'f', -1, 64) + "s"
	}
	s = math.Round(s)
	var b strings.Builder
	for _, unit := range []struct {
		size float64
		name string
	}{{3600, "h"}, {60, "m"}, {1, "s"}} {
		if n := math.Floor(s / unit.size); n > 0 {
			b.WriteString(strconv.FormatFloat(n, 'f', -1, 64) + unit.name)
			s -= n * unit.size
		}
	}
	return b.String()
}

// rangeText is the range as --assume takes it.
func rangeText(b analyze.Bounds) string {
	low, high := secondsText(b.Earliest), secondsText(b.Latest)
	if low == high {
		return low
	}
	return low + ".." + high
}

// rangeExample is one value a user may start from.
func rangeExample(b analyze.Bounds) string { return secondsText(b.Likely) }

// assumeFlag is the flag that sets the number: the one that was given, or one
// that a user may start from.
func assumeFlag(who, key string, b analyze.Bounds, why string) string {
	value := rangeExample(b)
	if strings.HasPrefix(why, givenByUser) {
		value = rangeText(b)
	}
	return fmt.Sprintf("--assume %s.%s=%s", who, key, value)
}

// flagHint is assumeFlag where there is something left to say.
func flagHint(who, key string, b analyze.Bounds, why string) string {
	if strings.HasPrefix(why, givenByUser) {
		return ""
	}
	return assumeFlag(who, key, b, why)
}

// weakest is the basis of something that follows from several things.
func weakest(bases ...analyze.Basis) analyze.Basis {
	rank := map[analyze.Basis]int{analyze.Observed: 1, analyze.Written: 2, analyze.Default: 3, analyze.Inferred: 4, analyze.Assumed: 5}
	out := analyze.Basis("")
	for _, b := range bases {
		if rank[b] > rank[out] {
			out = b
		}
	}
	return out
}

// mostListed is how many names of a list a sentence can bear.
const mostListed = 6

// listText joins words as in a sentence: "a, b and c"; of many it names the first.
func listText(words []string) string {
	if len(words) > mostListed {
		return fmt.Sprintf("%s and %d more", strings.Join(words[:mostListed-2], ", "), len(words)-(mostListed-2))
	}
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
