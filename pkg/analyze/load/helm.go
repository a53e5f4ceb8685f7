package load

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
)

// templateMark finds where text that is not YAML looks like a template of one:
// braces at the start of a line or of a value, where YAML allows none.
func templateMark(text []byte) (int, bool) {
	mark := regexp.MustCompile(`(?m)^[ \t-]*([^ \t\n#]+:[ \t]+)?(\{\{|\{%)`)
	at := mark.FindSubmatchIndex(text)
	if at == nil {
		return 0, false
	}
	return at[4], true
}

// inChart says whether the file is one of a Helm chart's templates: charts keep
// them under templates/, beside Chart.yaml.
func inChart(path string) bool {
	for dir := filepath.Dir(path); ; dir = filepath.Dir(dir) {
		parent := filepath.Dir(dir)
		if filepath.Base(dir) == "templates" {
			if _, err := os.Stat(filepath.Join(parent, "Chart.yaml")); err == nil {
				return true
			}
		}
		if parent == dir {
			return false
		}
	}
}

const templateHelp = "helm template CHART | kubectl lifecycle lint -f -"

// isKustomization says whether the head is that of a file for kustomize.
func isKustomization(h head) bool {
	return (h.kind == "Kustomization" || h.kind == "Component") &&
		bytes.HasPrefix([]byte(h.apiVersion), []byte("kustomize.config.k8s.io/"))
}
