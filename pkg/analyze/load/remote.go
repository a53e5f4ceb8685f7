package load

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// isRemote says whether kustomize would fetch what this names: a URL, or one of
// the ways to write a git repository.
func isRemote(entry string) bool {
	remote := regexp.MustCompile(`(?i)^([a-z0-9+.-]+://|git::|gh:|[^/\s]+@|github\.com[/:])`)
	return remote.MatchString(strings.TrimSpace(entry))
}

// checkLocal finds everything in a kustomization, and in those it builds on,
// that would have to be fetched or is not there.
func checkLocal(dir string, seen map[string]bool) []analyze.InputError {
	file := kustomizationFile(dir)
	if file == "" || seen[absolute(dir)] {
		return nil
	}
	seen[absolute(dir)] = true
	data, err := os.ReadFile(file)
	if err != nil {
		return failure(file, reason(err)).errors
	}
	var k types.Kustomization
	if yaml.Unmarshal(data, &k) != nil {
		return nil // kustomize will say what is wrong with it
	}
	src := newSource(file, data)
	t := &yamlText{src: src, text: span{0, len(src.data)}, dash: -1}
	c := localCheck{dir: dir, loc: &locator{src: src, text: t.text, root: t.root}, seen: seen}
	c.bases(&k)
	c.files(&k)
	return c.errs
}

type localCheck struct {
	dir  string
	loc  *locator
	seen map[string]bool
	errs []analyze.InputError
}

func (c *localCheck) fail(path, message string) {
	pos, _ := c.loc.at(path)
	c.errs = append(c.errs, analyze.InputError{Position: pos, Message: message})
}

// bases checks what may be a directory or a repository.
func (c *localCheck) bases(k *types.Kustomization) {
	for _, list := range []struct {
		name    string
		entries []string
	}{
		{"resources", k.Resources}, {"bases", k.Bases}, {"components", k.Components}, //nolint:staticcheck // old kustomizations have bases
		{"generators", k.Generators}, {"transformers", k.Transformers}, {"validators", k.Validators},
	} {
		for i, entry := range list.entries {
			c.base(fmt.Sprintf("%s[%d]", list.name, i), entry)
		}
	}
}

func (c *localCheck) base(path, entry string) {
	if strings.Contains(entry, "\n") {
		return // written in place
	}
	name := entry
	if !filepath.IsAbs(name) {
		name = filepath.Join(c.dir, entry)
	}
	info, err := os.Stat(name)
	if isRemote(entry) && (err != nil || info.IsDir()) {
		c.fail(path, fmt.Sprintf("%q is remote, and nothing is fetched; clone it and name the directory", entry))
		return
	}
	switch {
	case err != nil:
		c.fail(path, fmt.Sprintf("%q: %s", entry, reason(err)))
	case info.IsDir():
		c.errs = append(c.errs, checkLocal(name, c.seen)...)
	}
}

// files checks what may be a file or a URL.
func (c *localCheck) files(k *types.Kustomization) {
	file := func(path, entry string) {
		if _, name, ok := strings.Cut(entry, "="); ok {
			entry = name
		}
		if isURL(strings.ToLower(entry)) && !strings.Contains(entry, "\n") {
			c.fail(path, fmt.Sprintf("%q is remote, and nothing is fetched; save it as a file", entry))
		}
	}
	for i, p := range k.PatchesStrategicMerge { //nolint:staticcheck // old kustomizations have them
		file(fmt.Sprintf("patchesStrategicMerge[%d]", i), string(p))
	}
	for i, p := range k.Patches {
		file(fmt.Sprintf("patches[%d].path", i), p.Path)
	}
	for i, p := range k.PatchesJson6902 { //nolint:staticcheck // old kustomizations have them
		file(fmt.Sprintf("patchesJson6902[%d].path", i), p.Path)
	}
	for i, p := range k.Replacements {
		file(fmt.Sprintf("replacements[%d].path", i), p.Path)
	}
	for i, p := range append(append([]string{}, k.Crds...), k.Configurations...) {
		file(fmt.Sprintf("configurations[%d]", i), p)
	}
	file("openapi.path", k.OpenAPI["path"])
	for i, g := range k.ConfigMapGenerator {
		c.sources(fmt.Sprintf("configMapGenerator[%d]", i), g.KvPairSources, file)
	}
	for i, g := range k.SecretGenerator {
		c.sources(fmt.Sprintf("secretGenerator[%d]", i), g.KvPairSources, file)
	}
}

func (c *localCheck) sources(path string, s types.KvPairSources, file func(path, entry string)) {
	for _, entry := range append(append([]string{s.EnvSource}, s.EnvSources...), s.FileSources...) {
		file(path, entry)
	}
}
