package load

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// matches applies -l and --field-selector to an object.
func (p *plan) matches(o *analyze.Object) bool {
	if p.labels != nil && (o.Meta == nil || !p.labels.Matches(labels.Set(o.Meta.GetLabels()))) {
		return false
	}
	return p.fields == nil || matchesFields(p.fields, o)
}

// matchesFields compares any field by its dotted path. A server knows only a few
// fields per kind; a file has no such limit.
func matchesFields(sel fields.Selector, o *analyze.Object) bool {
	var content map[string]any // JSON, as the API defines it
	set := fields.Set{}
	for _, r := range sel.Requirements() {
		switch r.Field {
		case "metadata.name":
			set[r.Field] = o.Name
		case "metadata.namespace":
			set[r.Field] = o.Namespace
		default:
			if content == nil {
				content = contentOf(o.API)
			}
			set[r.Field] = valueAt(content, r.Field)
		}
	}
	return sel.Matches(set)
}

func contentOf(api runtime.Object) map[string]any {
	if u, ok := api.(runtime.Unstructured); ok {
		return u.UnstructuredContent()
	}
	m, err := runtime.DefaultUnstructuredConverter.ToUnstructured(api)
	if err != nil {
		return map[string]any{}
	}
	return m
}

// valueAt is the scalar at a dotted path, "" where there is none.
func valueAt(content map[string]any, path string) string {
	var at any = content
	for _, name := range strings.Split(path, ".") {
		m, ok := at.(map[string]any)
		if !ok {
			return ""
		}
		at = m[name]
	}
	switch v := at.(type) {
	case nil, map[string]any, []any:
		return ""
	case string:
		return v
	default:
		return fmt.Sprint(v)
	}
}

// inNamespace says whether -n lets the object through. A manifest without a
// namespace would be applied to whatever -n says.
func inNamespace(o *analyze.Object, namespace string) bool {
	return namespace == "" || o.Namespace == namespace || o.Namespace == ""
}
