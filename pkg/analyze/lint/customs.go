package lint

import (
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
)

// customs is what the custom resources of a namespace tell about pods that their
// controllers may make.
type customs struct {
	groups map[string]bool // of the API
	// templates are the labels of pod templates in them, by each label.
	templates map[labelKey][]labels.Set
}

// add takes in a custom resource.
func (c *customs) add(group string, u *unstructured.Unstructured) {
	if c.groups == nil {
		c.groups, c.templates = map[string]bool{}, map[labelKey][]labels.Set{}
	}
	c.groups[group] = true
	c.templated(u.Object["spec"], 0)
}

// templated looks for metadata with labels.
func (c *customs) templated(value any, depth int) {
	const deepest = 8
	if depth > deepest {
		return
	}
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			c.templated(item, depth+1)
		}
	case map[string]any:
		if found, ok, err := unstructured.NestedStringMap(v, "metadata", "labels"); ok && err == nil {
			for key, value := range found {
				k := labelKey{key: key, value: value}
				c.templates[k] = append(c.templates[k], found)
			}
		}
		for _, item := range v {
			c.templated(item, depth+1)
		}
	}
}

// mayMake says whether a custom resource may make pods that the selector matches:
// it holds a template with these labels (an Argo Rollout), or the selector has a
// label of its API group (`cnpg.io/cluster` of a postgresql.cnpg.io Cluster),
// which its controller will set.
func (c *customs) mayMake(sel labels.Selector) bool {
	if c == nil {
		return false // there are none
	}
	requirements, _ := sel.Requirements()
	for _, r := range requirements {
		if domain, _, found := strings.Cut(r.Key(), "/"); found && c.owns(domain) {
			return true
		}
	}
	for _, r := range requirements {
		values := r.Values().List()
		if !equality(r.Operator()) || len(values) != 1 {
			continue
		}
		return anyMatches(sel, c.templates[labelKey{key: r.Key(), value: values[0]}])
	}
	for _, sets := range c.templates { // nothing to look up: try them all
		if anyMatches(sel, sets) {
			return true
		}
	}
	return false
}

// owns says whether one of the groups is the domain, or lies in it, or the domain
// in the group.
func (c *customs) owns(domain string) bool {
	for group := range c.groups {
		if group != "" && (within(domain, group) || within(group, domain)) {
			return true
		}
	}
	return false
}

func anyMatches(sel labels.Selector, sets []labels.Set) bool {
	for _, set := range sets {
		if sel.Matches(set) {
			return true
		}
	}
	return false
}

// within says whether the domain is the other one or lies in it.
func within(domain, other string) bool {
	return domain == other || strings.HasSuffix(domain, "."+other)
}
