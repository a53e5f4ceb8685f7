package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func readinessGate() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL613", Name: "readiness-gate",
		Title:    "the pods are ready only when somebody else says so",
		Severity: analyze.Info,
		Kinds:    servers(),
		Sources:  []analyze.Citation{behaviour("K145"), page("concepts/workloads/pods/pod-lifecycle/#pod-readiness-gate")},
		Check: func(p *analyze.Pass) {
			for i, g := range p.Pod.Spec.ReadinessGates {
				p.Report(p.Pod.SpecPath().Child("readinessGates").Index(i).Child("conditionType"), "no pod is ready until a controller sets %q to True", g.ConditionType).
					Fix("make sure that the controller runs wherever this is applied; load balancer controllers add their gates themselves")
			}
		},
	}
}
