package rules

import (
	"path"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	corev1 "k8s.io/api/core/v1"
)

func slowProbeCommand() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL217", Name: "slow-probe-command",
		Title:    "the probe starts a slow program and waits one second for it",
		Severity: analyze.Info,
		Kinds:    podHolders(),
		Sources:  []analyze.Citation{behaviour("K133"), behaviour("K140")},
		Check: func(p *analyze.Pass) {
			for _, c := range running(p) {
				for name, probe := range map[string]*corev1.Probe{"livenessProbe": c.LivenessProbe, "readinessProbe": c.ReadinessProbe, "startupProbe": c.StartupProbe} {
					if probe == nil || probe.Exec == nil || probe.TimeoutSeconds > 1 {
						continue
					}
					if _, own := ownTimeout(probe.Exec.Command); own {
						continue // KL205 says what there is to say
					}
					if program := slowProgram(probe.Exec.Command); program != "" {
						p.ReportIn(c, c.Path.Child(name, "exec", "command"), "%s may need longer than the second that it has", program).
							Fix("set timeoutSeconds to 5 or more")
					}
				}
			}
		},
	}
}

// slowProgram finds an interpreter or client that takes a while to start.
func slowProgram(command []string) string {
	for _, word := range strings.Fields(strings.Join(command, " ")) {
		switch base := path.Base(strings.Trim(word, `"'`)); base {
		case "java", "python", "python2", "python3", "node", "ruby", "php", "perl", "kubectl", "mysql", "mysqladmin", "mongo", "mongosh",
			"rabbitmqctl", "rabbitmq-diagnostics", "cqlsh", "nodetool", "kafka-topics.sh", "kafka-broker-api-versions.sh", "celery", "psql", "vault":
			return base
		}
	}
	return ""
}
