package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/template"
)

const manifestTemplate = "krew/lifecycle.yaml"

// writeManifest fills in the template under a plugin's name, with the functions
// that krew-release-bot offers too. The second name is for the case that the
// first one is taken in the index.
func (o options) writeManifest(plugin string, sums map[string]string) error {
	text, err := os.ReadFile(manifestTemplate)
	if err != nil {
		return fmt.Errorf("read the template of the krew manifest: %w", err)
	}
	data := map[string]string{"TagName": o.version}
	sha := func(uri, _ string) (string, error) {
		full, err := fill(uri, data)
		if err != nil {
			return "", err
		}
		sum, ok := sums[full[strings.LastIndex(full, "/")+1:]]
		if !ok {
			return "", fmt.Errorf("no archive was built for %s", full)
		}
		return fmt.Sprintf("uri: %s\n    sha256: %s", full, sum), nil
	}
	t, err := template.New(manifestTemplate).Funcs(template.FuncMap{"addURIAndSha": sha}).Parse(string(text))
	if err != nil {
		return fmt.Errorf("read the template of the krew manifest: %w", err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, data); err != nil {
		return fmt.Errorf("fill in the krew manifest: %w", err)
	}
	manifest := strings.Replace(b.String(), "\n  name: lifecycle\n", "\n  name: "+plugin+"\n", 1)
	return os.WriteFile(filepath.Join(o.out, plugin+".yaml"), []byte(manifest), 0o644)
}

func fill(text string, data map[string]string) (string, error) {
	t, err := template.New("uri").Parse(text)
	if err != nil {
		return "", fmt.Errorf("read the address %s: %w", text, err)
	}
	var b strings.Builder
	err = t.Execute(&b, data)
	return b.String(), err
}
