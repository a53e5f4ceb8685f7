package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func schedulingGated() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL605", Name: "scheduling-gated",
		Title:    "no pod is scheduled until something removes the gate",
		Severity: analyze.Warning,
		Kinds:    servers(),
		Sources:  []analyze.Citation{behaviour("C553"), page("concepts/scheduling-eviction/pod-scheduling-readiness/")},
		Check: func(p *analyze.Pass) {
			for i, g := range p.Pod.Spec.SchedulingGates {
				p.Report(p.Pod.SpecPath().Child("schedulingGates").Index(i), "every pod waits with status SchedulingGated until %q is taken away", g.Name).
					Fix("remove it, unless a controller is known to open this gate for each pod")
			}
		},
	}
}
