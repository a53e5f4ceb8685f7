package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func handWrittenOwner() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL706", Name: "hand-written-owner",
		Title:    "an owner is written by hand, and the garbage collector goes by its UID",
		Severity: analyze.Warning,
		Sources:  []analyze.Citation{behaviour("C2"), behaviour("C25"), behaviour("C27")},
		Check: func(p *analyze.Pass) {
			if p.Object.Recorded() || p.Object.Meta == nil {
				return
			}
			for i, owner := range p.Object.Meta.GetOwnerReferences() {
				p.Report(field.NewPath("metadata", "ownerReferences").Index(i).Child("uid"), "if no %s with just this UID exists, the object is deleted after it is applied", owner.Kind).
					Fix("leave ownerReferences to controllers: a UID is new each time its object is created")
			}
		},
	}
}
