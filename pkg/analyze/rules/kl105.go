package rules

import (
	"math"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/simulate"
)

func ignoresStopSignal() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL105", Name: "ignores-stop-signal",
		Title:    "the container's process ignores its stop signal",
		Severity: analyze.Warning,
		Kinds:    append(servers(), analyze.KindPod),
		Sources:  []analyze.Citation{behaviour("K47"), behaviour("K414"), behaviour("K473")},
		Check: func(p *analyze.Pass) {
			grace := p.Pod.GracePeriod().V
			if grace <= 2 {
				return // nobody waits for it
			}
			for _, c := range running(p) {
				stop := simulate.StopDuration(p.Pod, c, p.Snapshot.Version)
				if !math.IsInf(stop.V.Earliest, 1) {
					continue
				}
				why := stop.Why
				if stop.Basis == analyze.Assumed { // the reason is about a program in a script
					if strings.Contains(strings.Join(append(c.Command, c.Args...), " "), "exec ") {
						continue // another process takes over after it
					}
					why = "a shell as process 1 without a trap ignores it"
				}
				path := c.Path.Child("command")
				if len(c.Command) == 0 {
					path = c.Path.Child("args")
				}
				d := p.ReportIn(c, path, "%s: each stop takes %s and ends with SIGKILL", why, span(float64(grace))).
					Fix("start the server with exec, trap the signal in the script, or use an init such as tini")
				if !strings.HasPrefix(why, "a shell") || onlyWaits(c) {
					d.At(analyze.Info) // a process that only waits loses nothing
				}
			}
		},
	}
}

// onlyWaits says whether the container's script does nothing but wait and write
// to its log.
func onlyWaits(c analyze.Container) bool {
	words := append(append([]string{}, c.Command...), c.Args...)
	if len(words) != 3 || words[1] != "-c" {
		return false
	}
	script, err := syntax.NewParser().Parse(strings.NewReader(words[2]), "")
	if err != nil {
		return false
	}
	waits := true
	syntax.Walk(script, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Redirect, *syntax.CmdSubst:
			waits = false
		case *syntax.CallExpr:
			waits = waits && len(n.Args) > 0 && idles(n.Args[0].Lit())
		}
		return waits
	})
	return waits
}

func idles(program string) bool {
	switch program {
	case "sleep", "echo", "printf", "true", ":":
		return true
	}
	return false
}
