package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func budgetForAll() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL410", Name: "budget-for-all-pods",
		Title:    "the budget counts every pod of the namespace together",
		Severity: analyze.Warning,
		Kinds:    kinds(analyze.KindPDB),
		Sources:  []analyze.Citation{behaviour("C280"), page("tasks/run-application/configure-pdb/#specifying-a-poddisruptionbudget")},
		Check: func(p *analyze.Pass) {
			if _, sel, ok := budget(p.Object); ok && sel.Empty() {
				p.Report(field.NewPath("spec", "selector"), "empty: it selects all pods of the namespace").
					Fix("name the labels of one application: pods of Jobs and bare pods alone make such a budget fail")
			}
		},
	}
}
