package rules

import (
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func commandLineAsProgram() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL114", Name: "command-line-as-program",
		Title:    "a whole command line stands where one program is expected",
		Severity: analyze.Error,
		Kinds:    podHolders(),
		Sources:  []analyze.Citation{behaviour("K37"), behaviour("K122"), page("tasks/inject-data-application/define-command-argument-container/")},
		Check: func(p *analyze.Pass) {
			for _, c := range p.Containers {
				for _, h := range append(hooks(c), probes(c)...) {
					if command, path := h.command(); commandLine(command) {
						p.ReportIn(c, path.Index(0), "there is no program called %q: the %s fails each time", command[0], h.name).
							Fix("write the words as items of the list, or run a shell: [sh, -c, %q]", command[0])
					}
				}
				if len(c.Args) == 0 && commandLine(c.Command) {
					p.ReportIn(c, c.Path.Child("command").Index(0), "there is no program called %q: the container cannot start", c.Command[0]).
						Fix("write the words as items of the list, or run a shell: [sh, -c, %q]", c.Command[0])
				}
			}
		},
	}
}

// commandLine says whether the list is one item that holds a program and its
// arguments. A path may hold blanks, so the first word must be a known tool or
// the second look like a flag or number.
func commandLine(command []string) bool {
	if len(command) != 1 || strings.Contains(command[0], "$(") {
		return false
	}
	words := strings.Fields(command[0])
	if len(words) < 2 {
		return false
	}
	return needsUserland(words[0]) || strings.HasPrefix(words[1], "-") || numeric(words[1])
}
