package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func podFinalizers() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL709", Name: "pod-finalizers",
		Title:    "pods of this template stay until something removes their finalizer",
		Severity: analyze.Warning,
		Kinds:    servers(),
		Sources:  []analyze.Citation{behaviour("K86"), behaviour("C33")},
		Check: func(p *analyze.Pass) {
			for i, f := range p.Pod.Meta.Finalizers {
				p.Report(p.Pod.MetaPath().Child("finalizers").Index(i), "each deleted pod stays Terminating until %q is taken off", f).
					Fix("remove it, unless a controller is known to take it off")
			}
		},
	}
}
