package rules

import (
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func hookOnlySignals() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL109", Name: "hook-does-not-wait",
		Title:    "the hook starts a graceful stop and does not wait for it",
		Severity: analyze.Warning,
		Kinds:    podHolders(),
		Sources:  []analyze.Citation{behaviour("K30"), behaviour("K33"), page("concepts/containers/container-lifecycle-hooks/")},
		Check: func(p *analyze.Pass) {
			for _, c := range running(p) {
				if c.Lifecycle == nil || c.Lifecycle.PreStop == nil || c.Lifecycle.PreStop.Exec == nil {
					continue
				}
				command := strings.Join(c.Lifecycle.PreStop.Exec.Command, " ")
				what, ok := graceful(command)
				if !ok || waits(command) || stopsOnQuit(c.Image, what) {
					continue
				}
				p.ReportIn(c, c.Path.Child("lifecycle", "preStop", "exec", "command"), "%s returns at once, and the stop signal cuts the graceful stop short", what).
					Fix("let the hook wait until the process is gone, or sleep as long as it may take")
			}
		},
	}
}

// graceful finds a command in a hook that asks a server to finish its requests.
func graceful(command string) (string, bool) {
	for _, known := range []string{"nginx -s quit", "apachectl -k graceful-stop", "apachectl graceful-stop", "httpd -k graceful-stop", "apache2ctl graceful-stop"} {
		if strings.Contains(command, known) {
			return known, true
		}
	}
	return "", false
}

// waits says whether a hook does more than ask: it sleeps or watches.
func waits(command string) bool {
	for _, word := range []string{"sleep", "wait", "while", "until", "pgrep", "kill -0", "pidof"} {
		if strings.Contains(command, word) {
			return true
		}
	}
	return false
}

// stopsOnQuit says whether the image's own stop signal means the same: that of
// the official nginx images is SIGQUIT, so that nothing is cut short.
func stopsOnQuit(image, what string) bool {
	name := imageName(image)
	return what == "nginx -s quit" && (name == "nginx" || name == "library/nginx" || strings.HasSuffix(name, "/library/nginx") || strings.Contains(name, "nginx-unprivileged"))
}
