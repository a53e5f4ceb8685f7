package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func hookOfFinishedWork() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL116", Name: "hook-of-finished-work",
		Title:    "the hook does not run when the work is done",
		Severity: analyze.Info,
		Kinds:    kinds(analyze.KindJob, analyze.KindCronJob),
		Sources:  []analyze.Citation{behaviour("K40"), page("concepts/containers/container-lifecycle-hooks/")},
		Check: func(p *analyze.Pass) {
			for _, c := range p.Containers {
				if c.Type == analyze.AppContainer && c.Lifecycle != nil && c.Lifecycle.PreStop != nil {
					p.ReportIn(c, c.Path.Child("lifecycle", "preStop"), "runs only when the pod is deleted while it works").
						Fix("do at the end of the command what must happen each time")
				}
			}
		},
	}
}
