package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

func configRefused() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL927", Name: "config-refused",
		Title:        "the API refuses this configuration",
		Severity:     analyze.Error,
		Kinds:        kinds(analyze.KindConfigMap, schema.GroupKind{Kind: "Secret"}),
		SkipRecorded: true,
		Sources:      []analyze.Citation{source("pkg/apis/core/validation/validation.go")},
		Check: func(p *analyze.Pass) {
			refuse(p, configErrors(p.Object.API))
		},
	}
}
