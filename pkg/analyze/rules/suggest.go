package rules

import (
	"fmt"
	"reflect"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
)

// A suggestion says what an unknown field was probably meant to be.
type suggestion struct {
	help string
	// name is the right spelling, if the field is only misspelt.
	name string
}

// suggest looks for the field under a near name in the same place, and under its
// own name in the places around.
func suggest(api runtime.Object, path string) (suggestion, bool) {
	types, names := typesAlong(reflect.TypeOf(api), path)
	if len(types) == 0 {
		return suggestion{}, false
	}
	wrong := path[strings.LastIndexByte(path, '.')+1:]
	here := types[len(types)-1]
	best, distance := "", 3
	for _, f := range jsonFields(here) {
		if d := editDistance(strings.ToLower(wrong), strings.ToLower(f.name)); d < distance && d*3 <= len(wrong) {
			best, distance = f.name, d
		}
	}
	if best != "" {
		return suggestion{fmt.Sprintf("did you mean %s?", best), best}, true
	}
	for i := len(types) - 2; i >= 0; i-- {
		if hasField(types[i], wrong) {
			return suggestion{help: fmt.Sprintf("%s belongs to %s, further up", wrong, place(names, i))}, true
		}
	}
	inside := ""
	for _, f := range jsonFields(here) {
		if t := structOf(f.typ); t != nil && hasField(t, wrong) && (inside == "" || len(f.name) < len(inside)) {
			inside = f.name // the plainest: containers, not initContainers
		}
	}
	return suggestion{help: fmt.Sprintf("%s belongs into %s, one level deeper", wrong, inside)}, inside != ""
}

func place(names []string, depth int) string {
	if depth == 0 {
		return "the top level"
	}
	return names[depth-1]
}

// typesAlong lists the struct types on the way to a field, the one that should
// hold it last, and the names of the fields between them.
func typesAlong(t reflect.Type, path string) (types []reflect.Type, names []string) {
	t = structOf(t)
	if t == nil {
		return nil, nil
	}
	types = append(types, t)
	parts := strings.Split(path, ".")
	for _, part := range parts[:len(parts)-1] {
		name, _, _ := strings.Cut(part, "[")
		next := reflect.Type(nil)
		for _, f := range jsonFields(t) {
			if f.name == name {
				next = structOf(f.typ)
			}
		}
		if next == nil {
			return nil, nil
		}
		t = next
		types, names = append(types, t), append(names, part)
	}
	return types, names
}

// structOf is the struct behind pointers, slices and maps, or nil.
func structOf(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	return t
}

type jsonField struct {
	name string
	typ  reflect.Type
}

func jsonFields(t reflect.Type) []jsonField {
	var out []jsonField
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "":
			if inner := structOf(f.Type); inner != nil {
				out = append(out, jsonFields(inner)...)
			}
		case name != "" && name != "-":
			out = append(out, jsonField{name, f.Type})
		}
	}
	return out
}

func hasField(t reflect.Type, name string) bool {
	for _, f := range jsonFields(t) {
		if f.name == name {
			return true
		}
	}
	return false
}

// editDistance counts the letters to insert, delete or replace.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		last := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			last, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, last+cost)
		}
	}
	return row[len(b)]
}
