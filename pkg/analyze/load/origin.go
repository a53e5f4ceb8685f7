package load

import (
	"os"
	"path/filepath"
	"strings"

	"sigs.k8s.io/kustomize/api/resource"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// A place is where an object of a kustomization was written.
type place struct {
	src   *source
	text  span
	root  func() (tree, bool)
	notes func() []span
}

// origins finds the places of built objects.
type origins struct {
	dir, file string // of the root kustomization
	read      map[string]*originFile
}

// An originFile is a file that objects of a build come from.
type originFile struct {
	src     *source
	objects []*analyze.Object
	places  []place // of the objects
}

// place finds where an object was written: in the resource it was made of, or in
// the kustomization that generates it.
func (o *origins) place(r *resource.Resource) place {
	origin, err := r.GetOrigin()
	if err != nil || origin == nil {
		return o.generated(o.file, r.GetName())
	}
	if origin.Path == "" {
		file := filepath.Join(o.dir, origin.ConfiguredIn)
		if origin.ConfiguredIn == "" {
			file = o.file
		}
		return o.generated(file, r.GetName())
	}
	f := o.open(filepath.Join(o.dir, origin.Path))
	if i := bestMatch(f.objects, r.GetKind(), r.GetName()); i >= 0 {
		return f.places[i]
	}
	return place{src: f.src, root: noTree}
}

func noTree() (tree, bool) { return nil, false }

// open reads and decodes a file once.
func (o *origins) open(name string) *originFile {
	if f := o.read[name]; f != nil {
		return f
	}
	data, err := os.ReadFile(name)
	if err != nil {
		data = nil // kustomize could read it; only its places are lost
	}
	f := &originFile{src: newSource(name, data)}
	for _, at := range splitDocuments(f.src.data) {
		for _, d := range decodeDocument(f.src, at) {
			f.objects = append(f.objects, d.objects...)
			for _, l := range d.locators {
				f.places = append(f.places, place{src: l.src, text: l.text, root: l.root, notes: l.notes})
			}
		}
	}
	o.read[name] = f
	return f
}

// generated is the generator in a kustomization that makes the object.
func (o *origins) generated(file, name string) place {
	f := o.open(file)
	t := &yamlText{src: f.src, text: span{0, len(f.src.data)}, dash: -1}
	return place{src: f.src, text: t.text, root: func() (tree, bool) {
		top, ok := t.root()
		if !ok {
			return nil, false
		}
		for _, key := range []string{"configMapGenerator", "secretGenerator"} {
			list, ok := top.child(key)
			if !ok {
				continue
			}
			for i := 0; ; i++ {
				item, ok := list.index(i)
				if !ok {
					break
				}
				if n, ok := item.child("name"); ok && strings.Contains(name, f.text(n.place())) {
					return leaf{item}, true
				}
			}
		}
		return nil, false
	}}
}

func (f *originFile) text(s span) string {
	return strings.Trim(string(f.src.slice(s)), `"'`)
}

// bestMatch finds the object that a built one was made of: of its kind, and with
// the name that its own name holds most of, since builds add to names; -1 if
// there is none.
func bestMatch(objects []*analyze.Object, kind, name string) int {
	best, only, count := -1, -1, 0
	for i, o := range objects {
		if o.Kind != kind {
			continue
		}
		only = i
		count++
		if strings.Contains(name, o.Name) && (best < 0 || len(o.Name) > len(objects[best].Name)) {
			best = i
		}
	}
	if best < 0 && count == 1 {
		return only
	}
	return best
}

// A leaf is a place without parts: what a generator makes is not written.
type leaf struct{ tree }

func (leaf) child(string) (tree, bool) { return nil, false }
func (leaf) index(int) (tree, bool)    { return nil, false }
func (leaf) named(string) (tree, bool) { return nil, false }

// A builtTree follows a path through the built object and through its origin.
// Patches may move the items of lists, so items are found again by their names.
type builtTree struct {
	built  *jsonNode
	origin tree
}

func (t builtTree) child(name string) (tree, bool) {
	b, ok := t.built.child(name)
	if !ok {
		return nil, false
	}
	o, ok := t.origin.child(name)
	return join(b, o, ok)
}

func (t builtTree) index(i int) (tree, bool) {
	b, ok := t.built.index(i)
	if !ok {
		return nil, false
	}
	if n, ok := b.(*jsonNode); ok {
		if name, ok := nameOf(n); ok {
			o, ok := t.origin.named(name)
			return join(b, o, ok)
		}
	}
	o, ok := t.origin.index(i)
	return join(b, o, ok)
}

func (t builtTree) named(name string) (tree, bool) {
	b, ok := t.built.named(name)
	if !ok {
		return nil, false
	}
	o, ok := t.origin.named(name)
	return join(b, o, ok)
}

// join is the pair of what was built and what it was built from.
func join(built, origin tree, ok bool) (tree, bool) {
	b, isJSON := built.(*jsonNode)
	return builtTree{b, origin}, ok && isJSON
}

func (t builtTree) place() span    { return t.origin.place() }
func (t builtTree) keyPlace() span { return t.origin.keyPlace() }

// unchanged says whether the build left the value as it is written. Only scalars
// on one line are compared.
func (t builtTree) unchanged(src *source) bool {
	b := t.built
	if b.is('{') || b.is('[') {
		return true
	}
	at := t.origin.place()
	written, built := string(src.slice(at)), string(b.data[b.value.start:b.value.end])
	if strings.ContainsAny(written, "\n\\") || at == t.origin.keyPlace() {
		return true
	}
	if s := unquote([]byte(built)); s != "" {
		built = s
	}
	if len(written) > 1 && (written[0] == '"' || written[0] == '\'') {
		written = strings.ReplaceAll(written[1:len(written)-1], "''", "'")
	}
	return written == built || strings.HasPrefix(written, "*")
}
