package explain

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// Glossary explains a term: a phase, condition, state, status word, reason id,
// exit code, signal, field or other word of the program's sentences, in any letter case; all terms where term is "". What
// Kubernetes itself calls a reason finds it too. A page without items means
// that nothing is known; GlossaryNear then suggests terms.
func Glossary(term string) *GlossaryPage {
	page := &GlossaryPage{APIVersion: analyze.APIVersion, Kind: KindGlossary, Items: []Entry{}}
	all := entries()
	if term == "" {
		page.Items = all
		return page
	}
	for _, same := range []func(a, b string) bool{sameTerm, alikeTerm} {
		for _, e := range all {
			if same(e.Term, term) {
				page.Items = append(page.Items, e)
			}
		}
		for _, e := range all {
			also := e.Kind != "word" || len(page.Items) == 0
			if also && !same(e.Term, term) && slices.ContainsFunc(e.Seen, func(s string) bool { return same(s, term) }) {
				page.Items = append(page.Items, e)
			}
		}
		if len(page.Items) > 0 {
			break
		}
	}
	if n, err := strconv.Atoi(term); err == nil && len(page.Items) == 0 && n > 0 && n < 256 {
		page.Items = append(page.Items, otherExitCode(n))
	}
	return page
}

// sameTerm compares without case, and signals without "SIG".
func sameTerm(a, b string) bool {
	plain := func(s string) string { return strings.TrimPrefix(strings.ToLower(s), "sig") }
	return plain(a) == plain(b)
}

// alikeTerm compares without blanks, hyphens and the ending of a plural, too.
func alikeTerm(a, b string) bool {
	plain := func(s string) string {
		return strings.TrimSuffix(strings.NewReplacer(" ", "", "-", "", "_", "").Replace(strings.ToLower(s)), "s")
	}
	return plain(a) == plain(b)
}

func otherExitCode(n int) Entry {
	e := Entry{Term: strconv.Itoa(n), Kind: "exit code", Short: "an exit code that the program chose itself", Next: "look it up in the program's documentation; read its log"}
	if name := signalName(int32(n) - 128); n > 128 && name != "" { //nolint:gosec // n < 256
		e.Short = fmt.Sprintf("128 + %d: the process was ended by %s", n-128, name)
		e.See = []string{name}
	}
	return e
}

// entries are all terms, by kind and term.
func entries() []Entry {
	all := slices.Concat(phaseEntries(), conditionEntries(), stateEntries(), statusEntries(), Registry(), exitEntries(), signalEntries(), certaintyEntries(), wordEntries())
	order := []string{"phase", "condition", "state", "status", "reason", "exit code", "signal", "container state", "certainty", "word"}
	slices.SortStableFunc(all, func(a, b Entry) int {
		return cmp.Compare(slices.Index(order, a.Kind), slices.Index(order, b.Kind))
	})
	return all
}

// GlossaryTerms lists the terms that begin with a prefix, for completion.
func GlossaryTerms(prefix string) []string {
	var out []string
	for _, e := range entries() {
		if strings.HasPrefix(strings.ToLower(e.Term), strings.ToLower(prefix)) {
			out = append(out, e.Term)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// GlossaryNear suggests up to three terms that are written like this one.
func GlossaryNear(term string) []string {
	type near struct {
		term string
		far  int
	}
	var found []near
	low := strings.ToLower(term)
	for _, e := range entries() {
		for _, word := range append([]string{e.Term}, e.Seen...) {
			w := strings.ToLower(word)
			far := distance(low, w)
			if strings.Contains(w, low) && len(low) > 2 {
				far = min(far, 2)
			}
			if far <= max(2, len(low)/3) {
				found = append(found, near{word, far})
			}
		}
	}
	slices.SortStableFunc(found, func(a, b near) int { return a.far - b.far })
	var out []string
	for _, n := range found {
		if !slices.Contains(out, n.term) && len(out) < 3 {
			out = append(out, n.term)
		}
	}
	return out
}

// distance counts the letters to change, add or drop between two words.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		before := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := before
			if a[i-1] != b[j-1] {
				change++
			}
			before = row[j]
			row[j] = min(change, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}
