package load

import (
	"bytes"
	"cmp"
	"reflect"
	"slices"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/kubernetes/scheme"
	kjson "sigs.k8s.io/json"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// A decoded is what one document, or one item of a list, turned out to be.
type decoded struct {
	objects  []*analyze.Object
	locators []*locator // of the objects
	newest   time.Time
	// none are kinds of which an empty list says that there is no object.
	none []schema.GroupKind
	// err is why it could not be read; the rest of the file is.
	errs []analyze.InputError
	// foreign says why a document that can be parsed is no object of Kubernetes.
	foreign *foreign
	// kustomization is set for a file that kustomize reads, not the API.
	kustomization bool
}

// A foreign document is YAML or JSON, but no API object.
type foreign struct {
	why string
	loc *locator
}

// add appends what another part of the same document was.
func (d *decoded) add(o decoded) {
	d.objects = append(d.objects, o.objects...)
	d.locators = append(d.locators, o.locators...)
	d.errs = append(d.errs, o.errs...)
	d.none = append(d.none, o.none...)
	if d.foreign == nil {
		d.foreign = o.foreign
	}
	if o.newest.After(d.newest) {
		d.newest = o.newest
	}
}

// A value is the JSON of one object and the place where it was written.
type value struct {
	json []byte
	loc  *locator
	// item is what an item of a typed list is if it does not say so itself.
	item head
	// repeated says that the YAML has a key twice in one mapping.
	repeated bool
	// raw says that json is the file's own text.
	raw bool
}

// decodeDocument reads one part of a file between separators. JSON may hold
// several documents; YAML is one.
func decodeDocument(src *source, at span) []decoded {
	start := at.start + skipSpace(src.data[at.start:at.end], 0)
	if src.data[start] == '{' {
		if docs, rest := splitJSON(src.data[:at.end], start); len(docs) > 0 && (rest == at.end || src.data[rest] != '#') {
			return decodeStream(src, docs, span{rest, at.end})
		}
	}
	if items, list, ok := splitItems(src.data, at); ok {
		if d, ok := decodeItems(src, at, items, list); ok {
			return []decoded{d}
		}
	}
	return []decoded{decodeYAML(&yamlText{src: src, text: at, dash: -1}, head{}, 0)}
}

// decodeStream reads the objects of a stream of JSON, and refuses what is left
// of it.
func decodeStream(src *source, docs []span, rest span) []decoded {
	out := make([]decoded, 0, len(docs)+1)
	for _, d := range docs {
		out = append(out, decodeValue(jsonValue(src, d, head{}), 0))
	}
	if rest.start < rest.end {
		out = append(out, decoded{errs: []analyze.InputError{{
			Position: src.position(rest.start, rest.start),
			Message:  "not JSON: nothing but another object may follow the end of one",
			Help:     "remove what stands behind the closing brace, or put --- between a JSON and a YAML document",
		}}})
	}
	return out
}

// splitJSON finds the objects of a stream of JSON, and where it ends. There are
// none where the text is not JSON, such as a flow mapping of YAML.
func splitJSON(d []byte, i int) (out []span, rest int) {
	for i = skipSpace(d, i); i < len(d); i = skipSpace(d, i) {
		end, ok := skipValue(d, i)
		if !ok || d[i] != '{' {
			return out, i
		}
		if key := skipSpace(d, i+1); key < len(d) && d[key] != '"' && d[key] != '}' {
			return out, i
		}
		out = append(out, span{i, end})
		i = end
	}
	return out, i
}

func jsonValue(src *source, at span, item head) value {
	t := &jsonText{src: src, text: at}
	return value{json: src.data[at.start:at.end], loc: &locator{src: src, text: at, root: t.root}, item: item, raw: true}
}

// largeDocument is the size from which a list with one broken item is not read
// a second time as a whole.
const largeDocument = 8 << 20

// decodeItems reads the items of a block list one by one, so that no tree of the
// whole document is built. An item may need the rest of the document (an alias,
// a quoted text that looks like an item): ok is false then.
func decodeItems(src *source, list span, items []item, h head) (decoded, bool) {
	parts := make([]decoded, len(items))
	parallel(len(items), func(i int) {
		t := &yamlText{src: src, text: items[i].text, dash: items[i].dash}
		parts[i] = decodeYAML(t, h.item(), 1)
		src.decoded(t.text.end - t.text.start)
	})
	var out decoded
	for _, p := range parts {
		if (len(p.errs) > 0 || p.foreign != nil) && list.end-list.start < largeDocument {
			return decoded{}, false
		}
		out.add(p)
	}
	return out, true
}

// decodeYAML reads one YAML text the way kubectl does, by making JSON of it.
func decodeYAML(t *yamlText, item head, depth int) decoded {
	text := t.bytes()
	if err := t.checkAliases(text); err != nil {
		return decoded{errs: []analyze.InputError{*err}}
	}
	repeated := false
	data, err := yaml.YAMLToJSONStrict(text)
	if err != nil {
		repeated = true
		if data, err = yaml.YAMLToJSON(text); err != nil {
			return decoded{errs: []analyze.InputError{yamlError(t, text, err)}}
		}
	}
	loc := &locator{src: t.src, text: t.text, root: t.root}
	if bytes.IndexByte(text, '#') >= 0 {
		loc.notes = t.comments
	}
	return decodeValue(value{json: data, loc: loc, item: item, repeated: repeated}, depth)
}

// maxListDepth is how deep lists may stand in lists.
const maxListDepth = 16

// decodeValue builds the object that the JSON describes, or all objects of a list.
func decodeValue(v value, depth int) decoded {
	if start := skipSpace(v.json, 0); start >= len(v.json) || v.json[start] != '{' {
		return v.notAnObject("it is " + describe(v.json) + ", not an object with apiVersion and kind")
	}
	h, ok := readHead(v.json, 0)
	if !ok {
		return decoded{errs: []analyze.InputError{jsonError(v, nil)}}
	}
	h.apiVersion, h.kind = cmp.Or(h.apiVersion, v.item.apiVersion), cmp.Or(h.kind, v.item.kind)
	gv, gvErr := schema.ParseGroupVersion(h.apiVersion)
	switch {
	case isKustomization(h):
		d := v.notAnObject("it is a kustomization, not an object of the API")
		d.kustomization = true
		return d
	case h.apiVersion == "" && h.kind == "":
		return v.notAnObject("it has no apiVersion and no kind")
	case h.apiVersion == "":
		return v.notAnObject("it has no apiVersion")
	case h.kind == "":
		return v.notAnObject("it has no kind")
	case gvErr != nil:
		return v.notAnObject("its apiVersion is not of the form GROUP/VERSION")
	case h.isList() && depth < maxListDepth:
		return decodeList(v, h, depth)
	}
	return decodeObject(v, gv.WithKind(h.kind))
}

func (v value) notAnObject(why string) decoded { return decoded{foreign: &foreign{why, v.loc}} }

// decodeObject builds one object and finds all that strict decoding refuses.
func decodeObject(v value, gvk schema.GroupVersionKind) decoded {
	api, known := newTyped(gvk)
	var strict []error
	var err error
	var problems []analyze.Problem
	if known {
		strict, err = kjson.UnmarshalStrict(v.json, api)
		if err != nil {
			api, strict, problems, err = repair(v, gvk)
		}
	} else {
		api, strict, problems, err = decodeUnknown(v)
		problems = append(problems, unknownKind(v, gvk)...)
	}
	if err != nil {
		return decoded{errs: []analyze.InputError{jsonError(v, err)}}
	}
	api.GetObjectKind().SetGroupVersionKind(gvk)
	meta, _ := api.(metav1.Object)
	meta.SetManagedFields(nil) // large, and nobody asks for them
	ref := analyze.Ref{
		APIVersion: gvk.GroupVersion().String(), Kind: gvk.Kind,
		// As written: an object without a namespace lives in "default" or, of a
		// cluster-wide kind, in none, and the file does not tell which.
		Namespace: meta.GetNamespace(), Name: meta.GetName(), UID: meta.GetUID(),
	}
	o := analyze.NewObject(ref, api, meta, v.loc)
	o.File = v.loc.src.name
	o.Problems = append(problems, v.strictProblems(strict)...)
	slices.SortStableFunc(o.Problems, func(a, b analyze.Problem) int {
		return cmp.Or(cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Column, b.Pos.Column), cmp.Compare(a.Path, b.Path))
	})
	d := decoded{objects: []*analyze.Object{o}, locators: []*locator{v.loc}}
	if o.Recorded() {
		d.newest = newestTime(api, meta)
	}
	return d
}

// newTyped makes an empty object of the kind if it is one that has metadata.
func newTyped(gvk schema.GroupVersionKind) (runtime.Object, bool) {
	api, err := scheme.Scheme.New(gvk)
	if err != nil {
		return nil, false
	}
	_, ok := api.(metav1.Object)
	return api, ok
}

// decodeUnknown reads an object whose shape is not known, but for its metadata.
func decodeUnknown(v value) (runtime.Object, []error, []analyze.Problem, error) {
	content := map[string]any{} // any: JSON of unknown shape
	strict, err := kjson.UnmarshalStrict(v.json, &content, kjson.DisallowDuplicateFields)
	c := typeChecker{value: v}
	if meta, written := content["metadata"]; written {
		fixed, ok := c.check(reflect.TypeFor[metav1.ObjectMeta](), meta, "metadata")
		if content["metadata"] = fixed; !ok {
			delete(content, "metadata")
		}
	}
	return &unstructured.Unstructured{Object: content}, strict, c.problems, err
}
