package validate

import (
	"fmt"
	"strconv"
	"strings"
)

// countIndexes counts the indexes in a text such as "0-3,7"; bad says what is
// wrong with it.
func countIndexes(text string, completions int32) (total int32, bad string) {
	if text == "" {
		return 0, ""
	}
	last := int64(-1)
	for _, part := range strings.Split(text, ",") {
		from, to, span := strings.Cut(part, "-")
		a, err := strconv.ParseInt(from, 10, 32)
		if err != nil {
			return 0, fmt.Sprintf("cannot convert string to integer for index: %q", from)
		}
		b := a
		if span {
			if b, err = strconv.ParseInt(to, 10, 32); err != nil {
				return 0, fmt.Sprintf("cannot convert string to integer for index: %q", to)
			}
		}
		switch {
		case a >= int64(completions) || b >= int64(completions):
			return 0, fmt.Sprintf("too large index: %q", part)
		case span && a >= b:
			return 0, fmt.Sprintf("non-increasing order, previous: %d, current: %d", a, b)
		case a <= last:
			return 0, fmt.Sprintf("non-increasing order, previous: %d, current: %d", last, a)
		}
		total += int32(b - a + 1)
		last = b
	}
	return total, ""
}
