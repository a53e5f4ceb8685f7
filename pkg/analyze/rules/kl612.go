package rules

import (
	"path"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func oneShotRestarted() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL612", Name: "one-shot-restarted",
		Title:    "a command that ends is started again and again",
		Severity: analyze.Warning,
		Kinds:    servers(),
		Sources:  []analyze.Citation{behaviour("K204"), behaviour("K421"), page("concepts/workloads/pods/pod-lifecycle/#restart-policy")},
		Check: func(p *analyze.Pass) {
			for _, c := range p.Containers {
				if c.Type != analyze.AppContainer || c.RestartPolicy != nil || !oneShot(c) {
					continue
				}
				p.ReportIn(c, c.Path.Child("command"), "ends at once: CrashLoopBackOff, although nothing failed").
					Fix("use a Job, or an init container, for work that ends")
			}
		},
	}
}

// oneShot says whether the container runs a single tool that always ends soon.
func oneShot(c analyze.Container) bool {
	words := append(append([]string{}, c.Command...), c.Args...)
	if len(c.Command) == 0 || len(words) == 0 {
		return false
	}
	if isShell(words[0]) {
		if len(words) != 3 || words[1] != "-c" || strings.ContainsAny(words[2], ";&|\n<>") {
			return false
		}
		words = strings.Fields(words[2])
	}
	if len(words) == 0 {
		return false
	}
	switch path.Base(words[0]) {
	case "echo", "true", "false", "date", "printf", "ls", "mkdir", "chmod", "chown", "cp", "mv", "rm", "touch", "env", "id", "whoami", "uname":
		return true
	}
	return false
}
