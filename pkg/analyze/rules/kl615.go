package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	corev1 "k8s.io/api/core/v1"
)

// leastMemory is less than any process can start with: one mebibyte.
const leastMemory = 1 << 20

func memoryLimitTooSmall() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL615", Name: "memory-limit-too-small",
		Title:    "no process can start with so little memory",
		Severity: analyze.Error,
		Kinds:    podHolders(),
		Sources:  []analyze.Citation{page("concepts/configuration/manage-resources-containers/#meaning-of-memory")},
		Check: func(p *analyze.Pass) {
			for _, c := range p.Containers {
				limit, ok := c.Resources.Limits[corev1.ResourceMemory]
				if !ok || limit.Sign() <= 0 || limit.Value() >= leastMemory {
					continue
				}
				d := p.ReportIn(c, c.Path.Child("resources", "limits").Key("memory"), "%s is %s: the container cannot start", limit.String(), count(int(limit.Value()), "byte"))
				if limit.MilliValue()%1000 != 0 {
					d.Fix("m means thousandths of a byte here: write Mi")
					continue
				}
				d.Fix("add the unit: Mi or Gi")
			}
		},
	}
}
