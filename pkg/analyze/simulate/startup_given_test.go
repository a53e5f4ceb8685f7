package simulate

import (
	"strings"
	"testing"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// What the user has said is not asked for again.
func TestGivenNumbersAreNotAskedFor(t *testing.T) {
	spec := `
containers:
- {name: app, image: "r/a:1", readinessProbe: {httpGet: {port: 1}}, lifecycle: {preStop: {httpGet: {path: /, port: 1}}}}
`
	given := map[string]string{"app.stop": "3s..4s", "app.preStop": "1s..2s", "app.readyAfter": "5s..9s"}
	var flags []string
	for key, value := range given {
		flags = append(flags, key+"="+value)
	}
	found := map[string]bool{}
	for _, tl := range []*analyze.Timeline{ask(t, Start, newest, spec, flags...), ask(t, Terminate, newest, spec, flags...)} {
		for _, a := range tl.Assumptions {
			key := a.Container + "." + a.Key
			value, ok := given[key]
			if !ok {
				continue
			}
			found[key] = true
			if a.Why != givenByUser || a.Value != value || a.Flag != "--assume "+key+"="+value {
				t.Errorf("%s: %+v", tl.Question, a)
			}
		}
		for _, sp := range tl.Spans {
			if strings.Contains(sp.Flag, "app.stop") || strings.Contains(sp.Flag, "app.preStop") || strings.Contains(sp.Flag, "app.readyAfter") {
				t.Errorf("%s: the bar %q asks for %s", tl.Question, sp.What, sp.Flag)
			}
		}
	}
	for key := range given {
		if !found[key] {
			t.Errorf("%s is not listed", key)
		}
	}
}
