package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func budgetSelectsNothing() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL402", Name: "budget-selects-nothing",
		Title:    "the budget protects no pod",
		Severity: analyze.Warning,
		Kinds:    kinds(analyze.KindPDB),
		Needs:    workloads(),
		Sources:  []analyze.Citation{behaviour("C280"), page("tasks/run-application/configure-pdb/")},
		Check: func(p *analyze.Pass) {
			_, sel, ok := budget(p.Object)
			if !ok || sel.Empty() || len(p.Selected(sel)) > 0 || p.MadeByCustom(sel) {
				return
			}
			p.Report(field.NewPath("spec", "selector"), "no pod in this namespace has these labels").
				Fix("use the labels of the pod template, not those of the workload")
		},
	}
}
