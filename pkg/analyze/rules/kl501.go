package rules

import (
	"path"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func jobNeverEnds() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL501", Name: "job-never-ends",
		Title:    "the Job cannot complete while this container runs",
		Severity: analyze.Warning,
		Kinds:    kinds(analyze.KindJob, analyze.KindCronJob),
		Sources:  []analyze.Citation{behaviour("C204"), page("concepts/workloads/pods/sidecar-containers/#jobs-with-sidecar-containers")},
		Check: func(p *analyze.Pass) {
			if len(p.Pod.Spec.Containers) < 2 {
				return
			}
			for _, c := range p.Containers {
				if c.Type != analyze.AppContainer || exitsOnRequest(c) || (!isProxy(c) && !isAgent(c) && !endless(c)) {
					continue
				}
				p.ReportIn(c, c.Path.Child("name"), "runs for ever; the pod ends only when all its containers have").
					Fix("make it a sidecar: an init container with restartPolicy: Always ends with the others")
			}
		},
	}
}

// isAgent recognises log shippers and the like by the images they usually have.
func isAgent(c analyze.Container) bool {
	switch path.Base(imageName(c.Image)) {
	case "fluentd", "fluent-bit", "filebeat", "promtail", "vector", "opentelemetry-collector", "opentelemetry-collector-contrib",
		"datadog-agent", "statsd-exporter", "pushgateway":
		return len(c.Command) == 0
	}
	return false
}

// exitsOnRequest says whether the proxy can be told to end by its application.
func exitsOnRequest(c analyze.Container) bool {
	for _, arg := range append(c.Command, c.Args...) {
		if strings.Contains(arg, "quitquitquit") || strings.Contains(arg, "exit-zero-on-sigterm") {
			return true
		}
	}
	return false
}
