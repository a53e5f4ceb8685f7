package rules

import (
	"regexp"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func initNeverEnds() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL602", Name: "init-never-ends",
		Title:    "an init container that never ends keeps the pod from starting",
		Severity: analyze.Error,
		Kinds:    podHolders(),
		Sources:  []analyze.Citation{behaviour("K114"), page("concepts/workloads/pods/init-containers/")},
		Check: func(p *analyze.Pass) {
			for _, c := range p.Containers {
				if c.Type != analyze.InitContainer || !endless(c) {
					continue
				}
				p.ReportIn(c, c.Path.Child("command"), "this command never ends, and the next container waits for it").
					Fix("add restartPolicy: Always to make it a sidecar, or let it end")
			}
		},
	}
}

var forEver = regexp.MustCompile(`^(\S*/)?(sleep (inf|infinity)|tail -[fF] /dev/null|pause)$`)

// endless says whether the container does nothing but wait for ever.
func endless(c analyze.Container) bool {
	words := append(append([]string{}, c.Command...), c.Args...)
	if len(words) == 3 && isShell(words[0]) && words[1] == "-c" {
		words = words[2:]
	}
	script := strings.TrimSpace(strings.Join(words, " "))
	return forEver.MatchString(script) || (loop.MatchString(script) && !leaves.MatchString(script))
}

// A loop without an end, and the words that leave one.
var (
	loop   = regexp.MustCompile(`(^|[;&|\s])while\s+(true|:|/bin/true)\s*(;|\n)`)
	leaves = regexp.MustCompile(`\b(break|exit|return|exec|kill|set -\w*e)\b`)
)
