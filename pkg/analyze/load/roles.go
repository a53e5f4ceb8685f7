package load

import (
	"os"
	"path/filepath"

	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/yaml"
)

// roles are what the kustomizations among walked files make of other files.
type roles struct {
	// patches are parts of objects.
	patches map[string]bool
	// labelled get labels, and with them selectors, which they need not have.
	labelled map[string]bool
}

// rolesIn reads the kustomizations among walked files. What cannot be read is
// reported where the file itself is.
func rolesIn(inputs []input) roles {
	out := roles{patches: map[string]bool{}, labelled: map[string]bool{}}
	byDir := map[string]types.Kustomization{}
	for _, in := range inputs {
		if base := filepath.Base(in.name); !in.walked || base != "kustomization.yaml" && base != "kustomization.yml" {
			continue
		}
		data, err := os.ReadFile(in.name)
		var k types.Kustomization
		if err != nil || yaml.Unmarshal(data, &k) != nil {
			continue
		}
		dir := filepath.Dir(in.name)
		byDir[dir] = k
		for _, p := range k.PatchesStrategicMerge { //nolint:staticcheck // old kustomizations have them
			out.patches[filepath.Join(dir, string(p))] = true
		}
		for _, p := range append(append([]types.Patch{}, k.Patches...), k.PatchesJson6902...) { //nolint:staticcheck // as above
			if p.Path != "" {
				out.patches[filepath.Join(dir, p.Path)] = true
			}
		}
	}
	for dir, k := range byDir {
		if labelsSelectors(k) {
			out.label(dir, byDir, map[string]bool{})
		}
	}
	return out
}

// labelsSelectors says whether the kustomization adds labels to selectors too.
func labelsSelectors(k types.Kustomization) bool {
	if len(k.CommonLabels) > 0 { //nolint:staticcheck // old kustomizations have them
		return true
	}
	for _, l := range k.Labels {
		if l.IncludeSelectors {
			return true
		}
	}
	return false
}

// label notes all files that the kustomization in a directory takes in.
func (r roles) label(dir string, byDir map[string]types.Kustomization, seen map[string]bool) {
	if seen[dir] {
		return
	}
	seen[dir] = true
	k := byDir[dir]
	for _, name := range append(append([]string{}, k.Resources...), k.Bases...) { //nolint:staticcheck // as above
		path := filepath.Join(dir, name)
		if _, ok := byDir[path]; ok {
			r.label(path, byDir, seen)
			continue
		}
		r.labelled[path] = true
	}
}
