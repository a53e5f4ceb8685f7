package load

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/resource"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/filesys"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// readKustomization builds a kustomization and reads what comes out. The values
// are those of the build, the places those of the files that it was built from.
// Nothing is fetched: remote parts are refused before anything is built.
func readKustomization(dir string) fileResult {
	if isRemote(dir) {
		return failure(dir, "remote kustomizations are not fetched; clone it and name the directory")
	}
	file := kustomizationFile(dir)
	if file == "" {
		if _, err := os.Stat(dir); err != nil {
			return failure(dir, reason(err))
		}
		return failure(dir, "no kustomization.yaml in this directory")
	}
	if errs := checkLocal(dir, map[string]bool{}); len(errs) > 0 {
		return fileResult{errors: errs}
	}
	fsys := &tracingFS{FileSystem: filesys.MakeFsOnDisk(), root: absolute(file)}
	built, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(fsys, dir)
	if err != nil {
		return failure(file, "cannot be built: "+lastLine(err))
	}
	o := origins{dir: dir, file: file, read: map[string]*originFile{}}
	places := make([]place, built.Size())
	for i, r := range built.Resources() {
		places[i] = o.place(r)
	}
	if err := built.RemoveOriginAnnotations(); err != nil {
		return failure(file, "cannot be built: "+err.Error())
	}
	out := fileResult{read: true}
	for i, r := range built.Resources() {
		out.take(places[i].src, decodeBuilt(r, places[i]), false)
	}
	return out
}

// decodeBuilt decodes one object of the build.
func decodeBuilt(r *resource.Resource, at place) decoded {
	data, err := r.MarshalJSON()
	if err != nil {
		return decoded{errs: []analyze.InputError{{Position: analyze.Position{File: at.src.name}, Message: err.Error()}}}
	}
	loc := &locator{src: at.src, text: at.text, notes: at.notes}
	built := newJSONTree(data)
	loc.root = func() (tree, bool) {
		origin, ok := at.root()
		return builtTree{built: built, origin: origin}, ok
	}
	return decodeValue(value{json: data, loc: loc}, 0)
}

func absolute(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		if target, err := filepath.EvalSymlinks(abs); err == nil {
			return target
		}
		return abs
	}
	return path
}

// lastLine is the end of a chain of errors: kustomize repeats the whole chain in
// front of the cause.
func lastLine(err error) string {
	for next := errors.Unwrap(err); next != nil; next = errors.Unwrap(err) {
		err = next
	}
	return strings.TrimSpace(err.Error())
}

// kustomizationFile is the file kustomize reads in a directory; "" if there is none.
func kustomizationFile(dir string) string {
	for _, name := range []string{"kustomization.yaml", "kustomization.yml", "Kustomization"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil && !info.IsDir() {
			return filepath.Join(dir, name)
		}
	}
	return ""
}

// A tracingFS is the disk, on which the root kustomization asks for annotations
// that tell where objects come from.
type tracingFS struct {
	filesys.FileSystem
	root string
}

// ReadFile implements filesys.FileSystem.
func (f *tracingFS) ReadFile(path string) ([]byte, error) {
	data, err := f.FileSystem.ReadFile(path)
	if err != nil || absolute(path) != f.root {
		return data, err
	}
	var doc yaml.Node
	if yaml.Unmarshal(data, &doc) != nil || len(doc.Content) == 0 || doc.Content[0].Kind != yaml.MappingNode {
		return data, nil // kustomize will say what is wrong with it
	}
	top := doc.Content[0]
	option := &yaml.Node{Kind: yaml.ScalarNode, Value: types.OriginAnnotations}
	if _, list := lookup(top, "buildMetadata", 0); list != nil && list.Kind == yaml.SequenceNode {
		list.Content = append(list.Content, option)
	} else {
		top.Content = append(top.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: "buildMetadata"},
			&yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{option}})
	}
	var out bytes.Buffer
	if err := yaml.NewEncoder(&out).Encode(&doc); err != nil {
		return data, nil //nolint:nilerr // without the annotations positions are coarser, nothing else
	}
	return out.Bytes(), nil
}
