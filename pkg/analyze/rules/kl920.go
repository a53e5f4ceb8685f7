package rules

import (
	"slices"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/validate"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func workloadRefused() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL920", Name: "workload-refused",
		Title:        "the API refuses this workload",
		Severity:     analyze.Error,
		Kinds:        servers(),
		SkipRecorded: true,
		Podless:      true,
		Sources:      []analyze.Citation{behaviour("C467"), source("pkg/apis/apps/validation/validation.go")},
		Check: func(p *analyze.Pass) {
			list := validate.Workload(p.Object.API)
			if p.Object.Labelled && workloadSelector(p.Object) == nil {
				list = slices.DeleteFunc(list, func(err *field.Error) bool { return err.Field == "spec.selector" })
			}
			refuse(p, list)
		},
	}
}
