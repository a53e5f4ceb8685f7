package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func templateNamespace() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL710", Name: "names-in-template",
		Title:    "a name or namespace in a pod template has no effect",
		Severity: analyze.Info,
		Kinds:    append(servers(), analyze.KindJob, analyze.KindCronJob),
		Sources:  []analyze.Citation{behaviour("C5")},
		Check: func(p *analyze.Pass) {
			meta := p.Pod.Meta
			if meta.Namespace != "" && meta.Namespace != p.Object.Namespace {
				p.Report(p.Pod.MetaPath().Child("namespace"), "pods are made in the namespace of their owner").Fix("remove it")
			}
		},
	}
}
