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

// oneShot says whether the container runs nothing but tools that always end soon.
func oneShot(c analyze.Container) bool {
	words := append(append([]string{}, c.Command...), c.Args...)
	if len(c.Command) == 0 || len(words) == 0 {
		return false
	}
	if !isShell(words[0]) {
		return endsSoon(words[0])
	}
	if len(words) != 3 || words[1] != "-c" {
		return false
	}
	script := strings.TrimRight(strings.ReplaceAll(words[2], "&&", "\n"), "; \n")
	if strings.ContainsAny(script, "&|<`(") {
		return false
	}
	for command := range strings.FieldsFuncSeq(script, func(r rune) bool { return r == ';' || r == '\n' }) {
		w := strings.Fields(command)
		if len(w) > 0 && !endsSoon(w[0]) && w[0] != "exit" {
			return false
		}
	}
	return script != ""
}

func endsSoon(program string) bool {
	switch path.Base(program) {
	case "echo", "true", "false", "date", "printf", "ls", "mkdir", "chmod", "chown", "cp", "mv", "rm", "touch", "env", "id", "whoami", "uname":
		return true
	}
	return false
}
