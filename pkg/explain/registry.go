package explain

import (
	"slices"
	"strings"
)

// Registry is the closed list of reason ids with what each means, sorted by id.
// No explanation has a reason that is not in it.
func Registry() []Entry {
	all := slices.Concat(
		crashReasons(), startReasons(), imageReasonPages(), initReasons(), probeReasons(),
		volumeReasons(), sandboxReasons(), podReasons(), scheduleReasons(), endReasons(),
		workloadReasons(), jobReasons(), nodeReasons(), budgetReasons(), hpaReasons(), claimReasons(), serviceReasons(), namespaceReasons(),
	)
	for i := range all {
		all[i].Kind = "reason"
	}
	slices.SortFunc(all, func(a, b Entry) int { return strings.Compare(a.Term, b.Term) })
	return all
}

func words(s string) []string { return strings.Fields(s) }

func listed(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}
