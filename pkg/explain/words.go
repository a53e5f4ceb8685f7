package explain

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/duration"
)

// span is a duration as people write it: 45s, 10m, 1h30m, 3d.
func span(d time.Duration) string {
	switch {
	case d < 0:
		return "0s"
	case d < time.Second:
		return "less than 1s"
	case d >= time.Minute && d < 10*time.Minute:
		return seconds(int64(d / time.Second))
	}
	return duration.HumanDuration(d)
}

// seconds is a number of seconds as people write it: 600 → 10m.
func seconds(n int64) string {
	d := time.Duration(n) * time.Second
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// plural counts things: "1 pod", "3 pods", "0 pods".
func plural(n int, one string) string {
	switch {
	case n == 1:
		return "1 " + one
	case strings.HasSuffix(one, "y") && !strings.HasSuffix(one, "ay"):
		return fmt.Sprintf("%d %sies", n, strings.TrimSuffix(one, "y"))
	}
	return fmt.Sprintf("%d %ss", n, one)
}

// times counts repetitions: "once", "twice", "5 times".
func times(n int32) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return fmt.Sprintf("%d times", n)
}

// list joins words: "a", "a and b", "a, b and c"; more than most are counted.
func list(words []string, most int) string {
	if len(words) > most {
		return strings.Join(words[:most], ", ") + fmt.Sprintf(" and %d more", len(words)-most)
	}
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// quoted is list with each word in quotes.
func quoted(words []string, most int) string {
	q := make([]string, len(words))
	for i, w := range words {
		q[i] = strconv.Quote(w)
	}
	return list(q, most)
}

// are is the verb for n subjects.
func are(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// shorten cuts a message of the cluster at a word, for sentences; evidence keeps
// the whole text.
func shorten(s string, most int) string {
	s = strings.Join(strings.Fields(s), " ")
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	cut := string(r[:most])
	if i := strings.LastIndexByte(cut, ' '); i > most/2 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:") + " …"
}

// shell quotes a word for a POSIX shell where it needs that.
func shell(word string) string {
	safe := word != ""
	for _, r := range word {
		if !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=,@%+", r) {
			safe = false
		}
	}
	if safe {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// inNamespace is the flag that names a namespace, with a leading blank.
func inNamespace(ns string) string {
	if ns == "" {
		return ""
	}
	return " -n " + shell(ns)
}

func timeOf(t metav1.Time) *time.Time {
	// A container that never started has startedAt 1970-01-01 (K287).
	if t.IsZero() || t.Year() < 1980 {
		return nil
	}
	u := t.UTC()
	return &u
}

// saidOr is a message of the cluster for a sentence, or other where it is empty.
func saidOr(message, other string) string {
	if strings.TrimSpace(message) == "" {
		return other
	}
	return shorten(message, 200)
}
