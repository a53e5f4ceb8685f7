package load

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/cli-runtime/pkg/genericclioptions"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func TestLogs(t *testing.T) {
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+r.URL.Path+"?"+r.URL.RawQuery)
		if strings.Contains(r.URL.Path, "/secret/") {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusForbidden)
			_, _ = w.Write([]byte(`{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Forbidden","code":403,"message":"pods \"web\" is forbidden"}`))
			return
		}
		w.Header().Set("Content-Type", "text/plain")
		_, _ = w.Write([]byte("one\ntwo\n"))
	}))
	defer server.Close()
	kube := genericclioptions.NewConfigFlags(false)
	kube.APIServer = &server.URL
	empty := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(empty, []byte("apiVersion: v1\nkind: Config\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	kube.KubeConfig = &empty
	req := Request{Kube: kube}

	got, cut, err := Logs(t.Context(), req, analyze.Ref{Kind: "Pod", Namespace: "shop", Name: "web"}, "app", true, 2)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"one", "two"}, got); diff != "" || cut {
		t.Errorf("cut: %v; %s", cut, diff)
	}
	want := "GET /api/v1/namespaces/shop/pods/web/log?container=app&limitBytes=1048576&previous=true&tailLines=2&timeout=1m0s"
	if diff := cmp.Diff([]string{want}, asked); diff != "" {
		t.Error(diff)
	}
	if _, _, err := Logs(t.Context(), req, analyze.Ref{Kind: "Pod", Namespace: "secret", Name: "web"}, "app", false, 2); err == nil || !strings.Contains(err.Error(), "forbidden") {
		t.Errorf("a refused log gives %v", err)
	}
}
