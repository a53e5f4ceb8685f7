package rules

import (
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
)

// operated says whether a custom resource in the namespace may make pods that the
// selector matches: it holds a template with these labels (an Argo Rollout), or the
// selector has a label of its API group (`cnpg.io/cluster` of a postgresql.cnpg.io
// Cluster), which its controller will set.
func operated(p *analyze.Pass, sel labels.Selector) bool {
	requirements, _ := sel.Requirements()
	for _, o := range p.Customs() {
		u, ok := o.API.(*unstructured.Unstructured)
		if !ok {
			continue
		}
		for _, r := range requirements {
			domain, _, found := strings.Cut(r.Key(), "/")
			group := o.GroupKind().Group
			if found && group != "" && (within(domain, group) || within(group, domain)) {
				return true
			}
		}
		if templated(u.Object["spec"], sel, 0) {
			return true
		}
	}
	return false
}

// within says whether the domain is the other one or lies in it.
func within(domain, other string) bool {
	return domain == other || strings.HasSuffix(domain, "."+other)
}

// templated looks for metadata whose labels the selector matches.
func templated(value any, sel labels.Selector, depth int) bool {
	const deepest = 8
	if depth > deepest {
		return false
	}
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			if templated(item, sel, depth+1) {
				return true
			}
		}
	case map[string]any:
		if found, ok, err := unstructured.NestedStringMap(v, "metadata", "labels"); ok && err == nil && sel.Matches(labels.Set(found)) {
			return true
		}
		for _, item := range v {
			if templated(item, sel, depth+1) {
				return true
			}
		}
	}
	return false
}
