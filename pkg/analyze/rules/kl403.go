package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func twoBudgets() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL403", Name: "two-budgets",
		Title:    "two budgets select the same pods, so none can be evicted",
		Severity: analyze.Error,
		Kinds:    podHolders(),
		Sources:  []analyze.Citation{behaviour("C291"), behaviour("C313"), source("pkg/registry/core/pod/storage/eviction.go")},
		Check: func(p *analyze.Pass) {
			budgets := budgetsFor(p)
			if len(budgets) < 2 {
				return
			}
			d := p.Report(p.Pod.MetaPath().Child("labels"), "both %s and %s select these pods", budgets[0].Name, budgets[1].Name).
				Fix("leave one budget for these pods: the Eviction API answers 500 where there are two, and a drain fails")
			for _, b := range budgets {
				d.BecauseOf(b, field.NewPath("spec", "selector"), "this one does")
			}
		},
	}
}
