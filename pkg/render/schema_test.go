package render

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/explain"
)

// schemaTypes are the documents and the Go types they are made from.
func schemaTypes() map[string]reflect.Type {
	return map[string]reflect.Type{
		"Explanation": reflect.TypeFor[explain.Explanation](), "ExplanationList": reflect.TypeFor[list[*explain.Explanation]](),
		"Timeline": reflect.TypeFor[analyze.Timeline](), "TimelineList": reflect.TypeFor[list[*analyze.Timeline]](),
		"Comparison": reflect.TypeFor[analyze.Comparison](), "ComparisonList": reflect.TypeFor[list[*analyze.Comparison]](),
		"Report": reflect.TypeFor[analyze.Report](), "Summary": reflect.TypeFor[explain.Summary](),
		"Glossary": reflect.TypeFor[explain.GlossaryPage](), "RuleList": reflect.TypeFor[ruleList](),
	}
}

// The published schemas follow from the types; -update writes them.
func TestSchemasAreThoseOfTheTypes(t *testing.T) {
	source := readSource(t)
	for kind, typ := range schemaTypes() {
		g := &schemaMaker{source: source, defs: map[string]any{}}
		root := g.object(typ)
		props := root["properties"].(map[string]any)
		props["kind"] = map[string]any{"const": kind}
		props["apiVersion"] = map[string]any{"const": analyze.APIVersion}
		root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
		root["$id"] = "https://kubectl-lifecycle.github.io/schema/v1alpha1/" + strings.ToLower(kind) + ".json"
		root["title"] = kind
		if len(g.defs) > 0 {
			root["$defs"] = g.defs
		}
		got, err := json.MarshalIndent(root, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, '\n')
		path := filepath.Join("schema", strings.ToLower(kind)+".json")
		if *update {
			if err := os.WriteFile(path, got, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := Schema(kind)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s is not that of the types (go test ./pkg/render -run Schema -update): %s", path, diff)
		}
	}
}

// goSource is what reflection cannot tell: comments, and the values of closed sets.
type goSource struct {
	types  map[string]string   // "analyze.Timeline" → comment
	fields map[string]string   // "analyze.Timeline.Now" → comment
	enums  map[string][]string // "analyze.Basis" → values
}

func readSource(t *testing.T) goSource {
	t.Helper()
	s := goSource{map[string]string{}, map[string]string{}, map[string][]string{}}
	for name, dir := range map[string]string{"analyze": "../analyze", "explain": "../explain"} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range f.Decls {
				if decl, ok := d.(*ast.GenDecl); ok {
					s.declaration(name, decl)
				}
			}
		}
	}
	return s
}

func (s goSource) declaration(pkg string, decl *ast.GenDecl) {
	for _, spec := range decl.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			name := pkg + "." + spec.Name.Name
			s.types[name] = comment(decl.Doc, spec.Doc)
			if st, ok := spec.Type.(*ast.StructType); ok {
				for _, f := range st.Fields.List {
					for _, id := range f.Names {
						s.fields[name+"."+id.Name] = comment(f.Doc, f.Comment)
					}
				}
			}
		case *ast.ValueSpec:
			id, ok := spec.Type.(*ast.Ident)
			if !ok || len(spec.Values) == 0 {
				continue
			}
			if lit, ok := spec.Values[0].(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if v, err := strconv.Unquote(lit.Value); err == nil {
					s.enums[pkg+"."+id.Name] = append(s.enums[pkg+"."+id.Name], v)
				}
			}
		}
	}
}

func comment(groups ...*ast.CommentGroup) string {
	for _, g := range groups {
		if g != nil {
			return strings.Join(strings.Fields(g.Text()), " ")
		}
	}
	return ""
}

type schemaMaker struct {
	source goSource
	defs   map[string]any
}

func shortName(t reflect.Type) string {
	return t.PkgPath()[strings.LastIndex(t.PkgPath(), "/")+1:] + "." + t.Name()
}

// of is the schema of a type; the program's own structs become definitions.
func (g *schemaMaker) of(t reflect.Type) map[string]any {
	number, null := map[string]any{"type": "number"}, map[string]any{"type": []string{"number", "null"}}
	switch {
	case t.Kind() == reflect.Pointer:
		return g.of(t.Elem())
	case t == reflect.TypeFor[analyze.Severity]():
		return map[string]any{"enum": []string{"ok", "info", "warning", "error"}}
	case t == reflect.TypeFor[analyze.Bounds]():
		return g.define("Bounds", func() map[string]any {
			return map[string]any{
				"type": "object", "description": "A moment as a range, in seconds from time 0. likely null: it may not happen at all; latest null: no limit is known.",
				"properties": map[string]any{"earliest": number, "likely": null, "latest": null}, "required": []string{"earliest", "likely", "latest"},
			}
		})
	case t == reflect.TypeFor[analyze.TimeBounds]():
		at := func(types ...string) map[string]any { return map[string]any{"type": types, "format": "date-time"} }
		return g.define("TimeBounds", func() map[string]any {
			return map[string]any{
				"type": "object", "description": "A moment as a range of times of day. likely null: it may not happen at all; latest null: no limit is known.",
				"properties": map[string]any{"earliest": at("string"), "likely": at("string", "null"), "latest": at("string", "null")}, "required": []string{"earliest", "likely", "latest"},
			}
		})
	case t.PkgPath() == "time" && t.Name() == "Time":
		return map[string]any{"type": "string", "format": "date-time"}
	}
	switch t.Kind() {
	case reflect.Struct:
		return g.define(t.Name(), func() map[string]any { return g.object(t) })
	case reflect.Slice:
		return map[string]any{"type": "array", "items": g.of(t.Elem())}
	case reflect.Map:
		return map[string]any{"type": "object"}
	case reflect.String:
		if values := g.source.enums[shortName(t)]; t.PkgPath() != "" && len(values) > 0 {
			return map[string]any{"enum": values}
		}
		return map[string]any{"type": "string"}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Float64:
		return number
	case reflect.Interface:
		return map[string]any{}
	default:
		return map[string]any{"type": "integer"}
	}
}

func (g *schemaMaker) define(name string, f func() map[string]any) map[string]any {
	if g.defs[name] == nil {
		g.defs[name] = map[string]any{} // breaks circles
		g.defs[name] = f()
	}
	return map[string]any{"$ref": "#/$defs/" + name}
}

// object is the schema of a struct; embedded structs give their fields.
func (g *schemaMaker) object(t reflect.Type) map[string]any {
	props, required := map[string]any{}, []string{}
	g.fields(t, props, &required)
	sort.Strings(required)
	out := map[string]any{"type": "object", "properties": props}
	if len(required) > 0 {
		out["required"] = required
	}
	if d := g.source.types[shortName(t)]; d != "" {
		out["description"] = asciiText(d)
	}
	return out
}

func (g *schemaMaker) fields(t reflect.Type, props map[string]any, required *[]string) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-" || !f.IsExported():
			continue
		case f.Anonymous && name == "":
			g.fields(f.Type, props, required)
			continue
		}
		schema := g.of(f.Type)
		if d := g.source.fields[shortName(t)+"."+f.Name]; d != "" {
			schema["description"] = asciiText(d)
		}
		props[name] = schema
		if !strings.Contains(options, "omit") {
			*required = append(*required, name)
		}
	}
}

func compile(t *testing.T, name string, data []byte) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource(name, doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func validates(t *testing.T, kind string, data []byte) {
	t.Helper()
	text, err := Schema(kind)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if err := compile(t, kind+".json", text).Validate(doc); err != nil {
		t.Errorf("%s: %v", kind, err)
	}
}

func TestDocumentsFollowTheirSchemas(t *testing.T) {
	st := Style{Format: "json"}
	document := func(f func(*bytes.Buffer) error) []byte { return twice(t, f) }
	for name, tl := range sampleTimelines() {
		t.Run(name, func(t *testing.T) {
			validates(t, "Timeline", document(func(b *bytes.Buffer) error { return Timelines(b, []*analyze.Timeline{tl}, false, st) }))
		})
	}
	for _, e := range sampleExplanations() {
		validates(t, "Explanation", document(func(b *bytes.Buffer) error { return Explanations(b, []*explain.Explanation{e}, false, st) }))
	}
	empty := &analyze.Timeline{APIVersion: analyze.APIVersion, Kind: "Timeline", Question: analyze.Startup, Events: []analyze.Event{{ID: "x", Type: analyze.PodReady, Basis: analyze.Default}}}
	validates(t, "TimelineList", document(func(b *bytes.Buffer) error { return Timelines(b, []*analyze.Timeline{empty, shopTimeline()}, true, st) }))
	validates(t, "TimelineList", document(func(b *bytes.Buffer) error { return Timelines(b, nil, true, st) }))
	validates(t, "ExplanationList", document(func(b *bytes.Buffer) error {
		return Explanations(b, []*explain.Explanation{crashExplanation()}, true, st)
	}))
	validates(t, "Report", document(func(b *bytes.Buffer) error { return Report(b, sampleReport(), st) }))
	validates(t, "Report", document(func(b *bytes.Buffer) error {
		return Report(b, &analyze.Report{APIVersion: analyze.APIVersion, Kind: "Report"}, st)
	}))
	validates(t, "Summary", document(func(b *bytes.Buffer) error { return Summary(b, sampleSummary(), st) }))
	validates(t, "Glossary", document(func(b *bytes.Buffer) error { return Glossary(b, sampleGlossary(), st) }))
	validates(t, "RuleList", document(func(b *bytes.Buffer) error { return RuleList(b, sampleRules(), st) }))
	validates(t, "Comparison", document(func(b *bytes.Buffer) error { return Comparisons(b, sampleComparisons(), false, st) }))
	validates(t, "ComparisonList", document(func(b *bytes.Buffer) error { return Comparisons(b, sampleComparisons(), true, st) }))
}

func TestSchemaOfUnknownKind(t *testing.T) {
	_, err := Schema("Pod")
	if err == nil || !strings.Contains(err.Error(), "Explanation, Timeline") {
		t.Errorf("error %v does not list the kinds", err)
	}
	for _, kind := range SchemaKinds() {
		if _, err := Schema(strings.ToLower(kind)); err != nil {
			t.Error(err)
		}
	}
}
