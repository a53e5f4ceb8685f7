package rules

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/simulate"
	corev1 "k8s.io/api/core/v1"
)

func commandOutlivesTimeout() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL205", Name: "probe-command-outlives-timeout",
		Title:    "the probe's command may take longer than the kubelet waits for it",
		Severity: analyze.Warning,
		Kinds:    podHolders(),
		Sources:  []analyze.Citation{behaviour("K133"), behaviour("K140"), page("tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#configure-probes")},
		Check: func(p *analyze.Pass) {
			for _, c := range running(p) {
				for name, probe := range map[string]*corev1.Probe{"livenessProbe": c.LivenessProbe, "readinessProbe": c.ReadinessProbe, "startupProbe": c.StartupProbe} {
					if probe == nil || probe.Exec == nil {
						continue
					}
					own, ok := ownTimeout(probe.Exec.Command)
					timeout := simulate.TimingOf(probe).Timeout
					if !ok || own <= timeout {
						continue
					}
					path := c.Path.Child(name, "timeoutSeconds")
					d := p.ReportIn(c, path, "the kubelet gives up after %s", span(timeout))
					if probe.TimeoutSeconds == 0 {
						d.Path = c.Path.Child(name)
						d.Message = fmt.Sprintf("the kubelet gives up after %s, the default", span(timeout))
					}
					d.Because(c.Path.Child(name, "exec", "command"), "this may take %s", span(own)).
						Fix("set timeoutSeconds to more than %s, or shorten the command's own limit", span(own))
				}
			}
		},
	}
}

var timeouts = regexp.MustCompile(`(?:^|\s)(?:curl\s.*?(?:-m|--max-time|--connect-timeout)[ =]|wget\s.*?(?:-T|--timeout)[ =]?|timeout\s(?:-\S+\s+)*|pg_isready\s.*?(?:-t|--timeout)[ =]|nc\s.*?-w ?)(\d+)`)

// ownTimeout reads a limit in seconds out of the command of a probe.
func ownTimeout(command []string) (float64, bool) {
	m := timeouts.FindStringSubmatch(strings.Join(command, " "))
	if m == nil {
		return 0, false
	}
	n, err := strconv.ParseFloat(m[1], 64)
	return n, err == nil
}
