package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func zeroGrace() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL107", Name: "zero-grace",
		Title:    "the pod has no time to stop",
		Severity: analyze.Warning,
		Kinds:    podHolders(),
		Sources:  []analyze.Citation{behaviour("K3"), behaviour("K5"), behaviour("K404")},
		Check: func(p *analyze.Pass) {
			grace := p.Pod.Spec.TerminationGracePeriodSeconds
			path := p.Pod.SpecPath().Child("terminationGracePeriodSeconds")
			switch {
			case grace == nil:
			case *grace == 0 && p.Object.GroupKind() == analyze.KindStatefulSet:
				p.Report(path, "each plain delete is a force delete").At(analyze.Error).
					Fix("give at least 1 second: with 0 the object vanishes first, and a second pod of the same name may start while this one still runs")
			case *grace == 0:
				p.Report(path, "each plain delete is a force delete").
					Fix("give at least 1 second: with 0 the object vanishes at once, while the containers still run and get about 2 seconds")
			case *grace < 0:
				p.Report(path, "%d is stored as 1 second", *grace).Fix("write the seconds that the pod may take to stop").Replace(path, "1")
			}
		},
	}
}
