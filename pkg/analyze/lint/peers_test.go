package lint_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/lint"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/load"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/rules"
)

const (
	webService = "---\napiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n"
	webHead    = "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: "
	webTail    = "}\nspec:\n  replicas: 2\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n" +
		"    spec:\n      containers: [{name: app, image: \"example.com/web:1\", ports: [{containerPort: 80}]}]\n"
)

// A Service is beside a workload in its folder or near it, unless it has a
// workload of its own there: then the other one is another example.
func TestPeersOfOtherExamples(t *testing.T) {
	web, canary := webHead+"web"+webTail, webHead+"canary"+webTail
	tests := []struct {
		name  string
		files map[string]string
		want  []string // the files of the workloads that the Service sends requests to
	}{
		{"one folder", map[string]string{"web.yaml": web, "service.yaml": webService}, []string{"web.yaml"}},
		{"folders by kind", map[string]string{"apps/web.yaml": web, "net/service.yaml": webService}, []string{"apps/web.yaml"}},
		{"two workloads in its folder", map[string]string{"all.yaml": web + webService, "canary.yaml": canary}, []string{"all.yaml", "canary.yaml"}},
		{"all in one beside the parts", map[string]string{"all.yaml": web + webService, "web.yaml": web}, []string{"all.yaml"}},
		{"a variant in another folder", map[string]string{"all/all.yaml": web + webService, "web.yaml": web}, []string{"all/all.yaml"}},
		{"another example with the same labels", map[string]string{"a/app.yaml": web + webService, "b/app.yaml": canary}, []string{"a/app.yaml"}},
		{"far away", map[string]string{"a/b/web.yaml": web, "c/d/service.yaml": webService}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := filesWith(t, tt.files, "KL203")
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("workloads with requests (-want +got):\n%s", diff)
			}
		})
	}
}

// filesWith lints a folder and lists the files with an error or warning of a rule.
func filesWith(t *testing.T, files map[string]string, rule string) []string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	result, err := load.Load(context.Background(), load.Request{Filenames: []string{dir}, Recursive: true, Question: load.Lint})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range lint.Run(result.Snapshot, rules.All(), lint.Config{}).Findings {
		if f.Rule == rule && f.Severity >= analyze.Warning {
			name, _ := filepath.Rel(dir, f.File)
			out = append(out, filepath.ToSlash(name))
		}
	}
	return out
}

// A selector that a kustomization adds is not missed; one that nothing adds is.
func TestSelectorsOfKustomizations(t *testing.T) {
	bare := strings.Replace(webHead+"web"+webTail, "  selector: {matchLabels: {app: web}}\n", "", 1)
	got := filesWith(t, map[string]string{
		"kustomization.yaml":      "resources: [base]\nlabels: [{pairs: {app: web}, includeSelectors: true}]\n",
		"base/kustomization.yaml": "resources: [web.yaml]\n",
		"base/web.yaml":           bare,
		"base/other.yaml":         bare,
	}, "KL920")
	if diff := cmp.Diff([]string{"base/other.yaml"}, got); diff != "" {
		t.Errorf("workloads without a selector (-want +got):\n%s", diff)
	}
}
