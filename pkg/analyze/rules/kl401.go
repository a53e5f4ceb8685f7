package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func budgetBlocks() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL401", Name: "budget-blocks-drain",
		Title:    "the budget never allows a pod to be evicted",
		Severity: analyze.Warning,
		Kinds:    kinds(analyze.KindPDB),
		Sources:  []analyze.Citation{behaviour("C281"), behaviour("C282"), behaviour("C290"), page("tasks/run-application/configure-pdb/")},
		Check: func(p *analyze.Pass) {
			b, sel, ok := budget(p.Object)
			if !ok {
				return
			}
			path := field.NewPath("spec", "maxUnavailable")
			if v := b.Spec.MaxUnavailable; v != nil {
				if v.StrVal == "0%" || (v.StrVal == "" && v.IntVal == 0) {
					p.Report(path, "no pod may ever be missing: every drain of its node hangs").
						Fix("allow at least 1, or remove the budget and drain with care")
				}
				return
			}
			if b.Spec.MinAvailable == nil {
				p.Report(field.NewPath("spec"), "neither minAvailable nor maxUnavailable: nothing may be evicted").Fix("write maxUnavailable: 1")
				return
			}
			total, by := expected(p, sel)
			if total == 0 {
				return
			}
			needed, err := intstr.GetScaledValueFromIntOrPercent(b.Spec.MinAvailable, int(total), true)
			if err != nil || needed < int(total) {
				return
			}
			d := p.Report(field.NewPath("spec", "minAvailable"), "%d of %s must stay: every drain of their nodes hangs", needed, count(int(total), "pod")).
				Fix("write maxUnavailable: 1 instead, or run more replicas than must stay")
			for _, w := range by {
				d.BecauseOf(w.object, w.path, "%s", count(int(w.n), "pod"))
			}
		},
	}
}
