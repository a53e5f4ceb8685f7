package load

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"go.yaml.in/yaml/v3"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/kubernetes/scheme"
	kjson "sigs.k8s.io/json"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// strictProblems places what the strict decoder reported, and the keys that the
// YAML has twice (the JSON made of it does not).
func (v value) strictProblems(strict []error) []analyze.Problem {
	var out []analyze.Problem
	for _, err := range strict {
		var f kjson.FieldError
		if !errors.As(err, &f) {
			continue
		}
		path := f.FieldPath()
		p := analyze.Problem{Kind: "unknown-field", Path: path, Pos: v.loc.atKey(path)}
		p.Message = fmt.Sprintf("unknown field %q", path)
		if strings.HasPrefix(err.Error(), "duplicate") {
			p.Kind, p.Message = "duplicate-key", fmt.Sprintf("the key %q is written twice", path)
		}
		out = append(out, p)
	}
	if v.repeated {
		if root, ok := v.loc.root(); ok {
			if t, ok := root.(yamlTree); ok {
				v.repeats(t, t.node, "", 0, &out)
			}
		}
	}
	return out
}

// repeats collects the keys that a mapping has twice.
func (v value) repeats(t yamlTree, n *yaml.Node, path string, depth int, out *[]analyze.Problem) {
	if depth > maxTreeDepth {
		return
	}
	switch n.Kind {
	case yaml.MappingNode:
		seen := map[string]bool{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i]
			name := keyText(key)
			sub := joinPath(path, name)
			if seen[name] && !isMerge(key) {
				at := t.doc.absolute(t.doc.spanOf(key))
				*out = append(*out, analyze.Problem{
					Kind: "duplicate-key", Path: sub, Pos: v.loc.src.position(at.start, at.end),
					Message: fmt.Sprintf("the key %q is written twice", sub),
				})
			}
			seen[name] = true
			v.repeats(t, n.Content[i+1], sub, depth+1, out)
		}
	case yaml.SequenceNode:
		for i, item := range n.Content {
			v.repeats(t, item, fmt.Sprintf("%s[%d]", path, i), depth+1, out)
		}
	default:
	}
}

// maxTreeDepth ends walks through trees; the parsers allow no more either.
const maxTreeDepth = 10000

func joinPath(path, name string) string {
	if strings.ContainsAny(name, ".[]") {
		return path + "[" + name + "]"
	}
	if path == "" {
		return name
	}
	return path + "." + name
}

// unknownKind reports a kind that its own built-in API group does not have.
// Groups that are not built in may hold any kind.
func unknownKind(v value, gvk schema.GroupVersionKind) []analyze.Problem {
	if !scheme.Scheme.IsVersionRegistered(gvk.GroupVersion()) || scheme.Scheme.Recognizes(gvk) {
		return nil
	}
	pos, _ := v.loc.at("kind")
	return []analyze.Problem{{
		Kind: "unknown-kind", Path: "kind", Pos: pos,
		Message: fmt.Sprintf("%s has no kind %q", gvk.GroupVersion(), gvk.Kind),
	}}
}

// repair decodes an object that has values of wrong types: it finds all of them,
// leaves them out and decodes the rest.
func repair(v value, gvk schema.GroupVersionKind) (runtime.Object, []error, []analyze.Problem, error) {
	var content any // any: JSON of unknown shape
	if err := kjson.UnmarshalCaseSensitivePreserveInts(v.json, &content); err != nil {
		return nil, nil, nil, err
	}
	api, _ := newTyped(gvk)
	c := typeChecker{value: v, secret: gvk.Kind == "Secret"}
	content, _ = c.check(reflect.TypeOf(api).Elem(), content, "")
	data, err := json.Marshal(content)
	if err == nil {
		var strict []error
		if strict, err = kjson.UnmarshalStrict(data, api); err == nil {
			return api, strict, c.problems, nil
		}
	}
	// The decoder refuses something that the walk did not see.
	problems := append(c.problems, analyze.Problem{
		Kind: "wrong-type", Message: fmt.Sprintf("the object does not fit its kind %s", gvk.Kind), Pos: firstPosition(v.loc),
	})
	api, strict, more, err := decodeUnknown(v)
	return api, strict, append(problems, more...), err
}

func firstPosition(l *locator) analyze.Position {
	p, _ := l.at("")
	return p
}

// A typeChecker walks JSON and the Go type it is meant for side by side.
type typeChecker struct {
	value
	secret   bool // values are not to be repeated
	problems []analyze.Problem
}

// check returns what is left of the value without what does not fit; ok is false
// where nothing is.
func (c *typeChecker) check(t reflect.Type, val any, path string) (any, bool) {
	if val == nil {
		return nil, true
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if _, custom := reflect.New(t).Interface().(json.Unmarshaler); custom {
		return val, c.fits(t, val, path)
	}
	switch t.Kind() {
	case reflect.Struct:
		if m, ok := val.(map[string]any); ok {
			c.checkFields(t, m, path)
			return m, true
		}
	case reflect.Map:
		if m, ok := val.(map[string]any); ok {
			for key, item := range m {
				if m[key], ok = c.check(t.Elem(), item, joinPath(path, key)); !ok {
					delete(m, key)
				}
			}
			return m, true
		}
	case reflect.Slice:
		if list, ok := val.([]any); ok {
			return c.checkItems(t.Elem(), list, path), true
		}
	default:
	}
	return val, c.fits(t, val, path)
}

func (c *typeChecker) checkItems(t reflect.Type, list []any, path string) []any {
	for i, item := range list {
		fixed, ok := c.check(t, item, fmt.Sprintf("%s[%d]", path, i))
		if !ok {
			fixed = nil // keep the others at their places
		}
		list[i] = fixed
	}
	return list
}

func (c *typeChecker) checkFields(t reflect.Type, m map[string]any, path string) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-" || !f.IsExported():
			continue
		case name == "" && f.Anonymous:
			c.checkFields(f.Type, m, path)
			continue
		}
		val, written := m[name]
		if !written {
			continue
		}
		fixed, ok := c.check(f.Type, val, joinPath(path, name))
		if m[name] = fixed; !ok {
			delete(m, name)
		}
	}
}

// fits asks the decoder itself, and reports a value that it refuses.
func (c *typeChecker) fits(t reflect.Type, val any, path string) bool {
	data, err := json.Marshal(val)
	if err != nil {
		return false
	}
	err = kjson.UnmarshalCaseSensitivePreserveInts(data, reflect.New(t).Interface())
	if err == nil {
		return true
	}
	pos, _ := c.loc.at(path)
	if t, exact := c.loc.find(path); exact {
		// What was decoded has lost digits of large numbers.
		if raw := c.loc.src.slice(t.place()); isInteger(raw) {
			data = raw
		}
	}
	message := path + " " + mismatch(t, data)
	if c.secret {
		message = path + " must be " + wanted(t)
	}
	c.problems = append(c.problems, analyze.Problem{Kind: "wrong-type", Path: path, Pos: pos, Message: message})
	return false
}
