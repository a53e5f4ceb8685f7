package rules

import (
	"path"
	"regexp"
	"slices"
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
				if c.Type != analyze.InitContainer {
					continue
				}
				if serves(c) {
					p.ReportIn(c, c.Path.Child("image"), "this proxy never ends, and the next container waits for it").
						Fix("add restartPolicy: Always to make it a sidecar")
					continue
				}
				if !endless(c) {
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

// serves says whether the container is a proxy that is told to run as one: by the
// entrypoint of its image, or by words that are no other task of these programs.
func serves(c analyze.Container) bool {
	words := append(append([]string{}, c.Command...), c.Args...)
	switch path.Base(imageName(c.Image)) {
	case "cloud-sql-proxy", "gce-proxy", "alloydb-auth-proxy":
		return len(c.Command) == 0 || strings.HasSuffix(path.Base(c.Command[0]), "_proxy") || strings.HasSuffix(path.Base(c.Command[0]), "-proxy")
	case "proxyv2":
		return len(c.Command) == 0 && len(c.Args) > 1 && c.Args[0] == "proxy"
	case "envoy":
		return len(c.Command) > 0 && path.Base(c.Command[0]) == "envoy" && !slices.ContainsFunc(words, func(w string) bool {
			return strings.HasPrefix(w, "--mode") || strings.HasPrefix(w, "--version") || strings.HasPrefix(w, "--help") || w == "validate"
		})
	}
	return false
}
