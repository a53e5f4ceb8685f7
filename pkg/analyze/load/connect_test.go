package load_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"k8s.io/cli-runtime/pkg/genericclioptions"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/load"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/load/apitest"
)

// Each way in which a kubeconfig is no use gives one sentence and a remedy.
func TestKubeconfigs(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	const cluster = `apiVersion: v1
kind: Config
current-context: c
contexts: [{name: c, context: {cluster: c, user: u, namespace: shop}}]
clusters: [{name: c, cluster: {server: "http://127.0.0.1:1"}}]
`
	empty := write("empty", "")
	for name, tt := range map[string]struct {
		file, context string
		want          string
	}{
		"none":             {file: empty, want: "no cluster is configured: no kubeconfig was found"},
		"no such file":     {file: filepath.Join(dir, "nowhere"), want: "no such file"},
		"not YAML":         {file: write("broken", "{"), want: "the kubeconfig cannot be used"},
		"no such context":  {file: write("ok", cluster+"users: [{name: u}]"), context: "other", want: `the kubeconfig has no context "other"`},
		"nobody listens":   {file: write("ok", cluster+"users: [{name: u}]"), want: "the connection to the cluster at http://127.0.0.1:1 was refused"},
		"login that fails": {file: write("exec", strings.Replace(cluster, "http:", "https:", 1)+"users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: no-such-login, interactiveMode: Never}}}]"), want: "cannot get credentials for the cluster at https://127.0.0.1:1: exec: executable no-such-login not found"},
	} {
		t.Run(name, func(t *testing.T) {
			flags := genericclioptions.NewConfigFlags(true)
			flags.KubeConfig, flags.Context = &tt.file, &tt.context
			_, err := load.Load(context.Background(), load.Request{Kube: flags, Args: []string{"pod/web"}, Now: time.Unix(0, 0)})
			var ue *load.UserError
			if !errors.As(err, &ue) || !strings.Contains(ue.Message, tt.want) || strings.Contains(ue.Message, "\n") {
				t.Fatalf("error %v, want one line with %q", err, tt.want)
			}
			if len(ue.Hints) == 0 || len(ue.Hints) > 2 {
				t.Errorf("hints %q", ue.Hints)
			}
		})
	}
}

func TestNamespaceOfTheContext(t *testing.T) {
	s := apitest.New(t, snapshots+"/oom.yaml")
	flags := genericclioptions.NewConfigFlags(true)
	none, ns := filepath.Join(t.TempDir(), "none"), "shop"
	if err := os.WriteFile(none, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	flags.KubeConfig, flags.APIServer, flags.Namespace = &none, &s.URL, &ns
	r, err := load.Load(context.Background(), load.Request{Kube: flags, Namespace: ns, Args: []string{"pods"}, Now: time.Unix(0, 0)})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Subjects) == 0 || r.Subjects[0].Namespace != "shop" {
		t.Errorf("subjects %v", refs(r.Subjects))
	}
}

// A cancelled question ends, and is no sentence for the user.
func TestCancelled(t *testing.T) {
	s := apitest.New(t, snapshots+"/oom.yaml")
	s.Fail(func(apitest.Call) apitest.Fault { return apitest.Fault{Delay: time.Minute} })
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := load.Load(ctx, load.Request{Kube: s.Getter("shop"), Args: []string{"pods"}, Now: time.Unix(0, 0)})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
