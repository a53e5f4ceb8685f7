package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/validate"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

func metadataRefused() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL910", Name: "metadata-refused",
		Title:        "the API refuses the metadata",
		Severity:     analyze.Error,
		Kinds:        nil,
		SkipRecorded: true,
		Sources:      []analyze.Citation{{Text: "k8s.io/apimachinery/pkg/api/validation/objectmeta.go"}},
		Check: func(p *analyze.Pass) {
			if _, unknown := p.Object.API.(*unstructured.Unstructured); unknown || p.Object.Meta == nil {
				return
			}
			refuse(p, validate.Metadata(p.Object.Meta, p.Object.Kind, validateOptions(p)))
		},
	}
}
