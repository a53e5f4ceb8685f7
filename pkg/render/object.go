package render

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/cli-runtime/pkg/printers"
	"sigs.k8s.io/yaml/kyaml"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// A document is any of the program's documents. They are different structs with
// nothing in common but their JSON form, hence the empty interface.
type document any

// A list holds several documents of one kind.
type list[T any] struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Items      []T    `json:"items"`
}

// stream writes what documentJSON would, one item after the other, so that not
// all of many are in memory.
func (l list[T]) stream(w io.Writer) error {
	head, err := documentJSON(list[T]{l.APIVersion, l.Kind, nil})
	if err != nil || len(l.Items) == 0 {
		return errors.Join(err, write(w, head))
	}
	before, after, _ := bytes.Cut(head, []byte("[]"))
	if err := write(w, append(before, '[')); err != nil {
		return err
	}
	for i, item := range l.Items {
		data, err := documentJSON(item)
		if err != nil {
			return err
		}
		data = bytes.ReplaceAll(bytes.TrimSuffix(data, []byte("\n")), []byte("\n"), []byte("\n        "))
		comma := ",\n        "
		if i == 0 {
			comma = comma[1:]
		}
		if err := write(w, append([]byte(comma), data...)); err != nil {
			return err
		}
	}
	return write(w, append([]byte("\n    ]"), after...))
}

// one is the document itself, or a list where there are several or the caller
// wants one.
func one[T any](kind string, items []T, asList bool) document {
	if !asList && len(items) == 1 {
		return items[0]
	}
	return list[T]{analyze.APIVersion, kind + "List", items}
}

// object writes a document in one of the machine formats that kubectl has. known is
// false if the format is none of them. refs are what -o name prints.
func (st Style) object(w io.Writer, doc document, refs []analyze.Ref) (known bool, err error) {
	name, arg, _ := strings.Cut(st.Format, "=")
	var data []byte
	switch name {
	case "json":
		if many, ok := doc.(interface{ stream(io.Writer) error }); ok {
			return true, many.stream(w)
		}
		data, err = documentJSON(doc)
	case "yaml":
		data, err = documentYAML(doc, st.ASCII)
	case "name":
		data = names(refs)
	case "kyaml", "jsonpath", "jsonpath-as-json", "go-template":
		data, err = printed(doc, name, arg)
	default:
		return false, nil
	}
	if err != nil {
		return true, err
	}
	return true, write(w, data)
}

// documentJSON is indented as kubectl does, in the order of the contract, and
// holds no raw control characters.
func documentJSON(doc document) ([]byte, error) {
	data, err := rawJSON(doc)
	return escapeJSON(data), err
}

func rawJSON(doc document) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "    ")
	if err := enc.Encode(withLists(reflect.ValueOf(doc)).Interface()); err != nil {
		return nil, fmt.Errorf("write document as JSON: %w", err)
	}
	return b.Bytes(), nil
}

// documentYAML is the JSON form in block style, fields in the same order.
func documentYAML(doc document, ascii bool) ([]byte, error) {
	data, err := rawJSON(doc)
	if err != nil {
		return nil, err
	}
	var node yaml.Node
	if err := yaml.Unmarshal(escapeYAML(data), &node); err != nil { // JSON is YAML
		return nil, fmt.Errorf("turn document into YAML: %w", err)
	}
	blockStyle(&node, ascii)
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(&node); err != nil {
		return nil, fmt.Errorf("write document as YAML: %w", err)
	}
	if err := enc.Close(); err != nil {
		return nil, fmt.Errorf("write document as YAML: %w", err)
	}
	return escapeYAML(b.Bytes()), nil
}

// blockStyle drops the brackets and quotes of JSON. Text with characters that
// must be escaped keeps its double quotes: nothing else in YAML can escape.
func blockStyle(n *yaml.Node, ascii bool) {
	n.Style = 0
	if n.Kind == yaml.ScalarNode && strings.ContainsFunc(n.Value, func(r rune) bool { return r != '\n' && hostile(r) || ascii && r >= utf8.RuneSelf }) {
		n.Style = yaml.DoubleQuotedStyle
	}
	if n.Kind == yaml.ScalarNode && n.ShortTag() == "!!str" && (oldBool(n.Value) || strings.HasPrefix(n.Value, "\n")) {
		n.Style = yaml.DoubleQuotedStyle
	}
	for _, c := range n.Content {
		blockStyle(c, ascii)
	}
}

// oldBool says whether YAML 1.1 readers take a bare word for a boolean.
func oldBool(s string) bool {
	return slices.Contains([]string{"y", "n", "yes", "no", "on", "off"}, strings.ToLower(s))
}

// printed goes through the printers of kubectl, which want an object.
func printed(doc document, name, arg string) ([]byte, error) {
	data, err := rawJSON(doc)
	if err != nil {
		return nil, err
	}
	content := map[string]any{} // that is what the printers work on
	if err := json.Unmarshal(data, &content); err != nil {
		return nil, fmt.Errorf("turn document into an object: %w", err)
	}
	var b bytes.Buffer
	switch name {
	case "kyaml":
		// the printer of kubectl is this encoder, but refuses some control characters
		if err := (&kyaml.Encoder{}).FromYAML(bytes.NewReader(escapeYAML(data)), &b); err != nil {
			return nil, fmt.Errorf("write document as KYAML: %w", err)
		}
		return escapeYAML(b.Bytes()), nil
	case "go-template":
		p, err := printers.NewGoTemplatePrinter([]byte(arg))
		if err != nil {
			return nil, fmt.Errorf("read go-template: %w", err)
		}
		p.AllowMissingKeys(true)
		if err := p.PrintObj(&unstructured.Unstructured{Object: content}, &b); err != nil {
			message, _, _ := strings.Cut(err.Error(), "\n")
			return nil, fmt.Errorf("fill go-template: %s", message) // the rest is a dump
		}
	default:
		p, err := printers.NewJSONPathPrinter(arg)
		if err != nil {
			return nil, fmt.Errorf("read jsonpath: %w", err)
		}
		p.AllowMissingKeys(true)
		p.EnableJSONOutput(name == "jsonpath-as-json")
		if err := p.Execute(&b, content); err != nil {
			return nil, fmt.Errorf("follow jsonpath: %w", err)
		}
		if name == "jsonpath-as-json" {
			return escapeJSON(b.Bytes()), nil
		}
	}
	return escapeText(b.Bytes()), nil
}

// escapeText escapes what a template printed; line ends and tabs are the
// template's own.
func escapeText(data []byte) []byte {
	var b strings.Builder
	for i, l := range strings.Split(string(data), "\n") {
		if i > 0 {
			b.WriteByte('\n')
		}
		for j, cell := range strings.Split(l, "\t") {
			if j > 0 {
				b.WriteByte('\t')
			}
			b.WriteString(Escape(cell))
		}
	}
	return []byte(b.String())
}

// names are the objects as kubectl's -o name prints them, each once.
func names(refs []analyze.Ref) []byte {
	var b strings.Builder
	seen := map[string]bool{}
	for _, r := range refs {
		if name := resourceName(r); !seen[r.Namespace+"/"+name] {
			seen[r.Namespace+"/"+name] = true
			b.WriteString(Escape(name) + "\n")
		}
	}
	return []byte(b.String())
}

// resourceName is "deployment.apps/web".
func resourceName(r analyze.Ref) string {
	kind := strings.ToLower(r.Kind)
	if group := r.GroupKind().Group; group != "" {
		kind += "." + group
	}
	return kind + "/" + r.Name
}

// withLists copies a value so that absent lists become empty ones: readers may
// then loop over each list that the contract names. Fields that are left out
// when empty stay so.
func withLists(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() || v.Elem().Kind() != reflect.Struct {
			return v
		}
		out := reflect.New(v.Type().Elem())
		out.Elem().Set(withLists(v.Elem()))
		return out
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return v
		}
		out := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			out.Index(i).Set(withLists(v.Index(i)))
		}
		return out
	case reflect.Struct:
		if !ownType(v.Type()) {
			return v
		}
		out := reflect.New(v.Type()).Elem()
		out.Set(v)
		for i := range v.NumField() {
			f := v.Type().Field(i)
			omit := strings.Contains(f.Tag.Get("json"), "omitempty")
			if f.IsExported() && (!omit || !v.Field(i).IsZero()) {
				out.Field(i).Set(withLists(v.Field(i)))
			}
		}
		return out
	default:
		return v
	}
}

// ownType says whether a struct is one of the program's documents or parts;
// others, such as times, are taken as they are.
func ownType(typ reflect.Type) bool {
	return strings.HasPrefix(typ.PkgPath(), "github.com/kubectl-lifecycle/")
}
