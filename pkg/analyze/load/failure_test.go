package load

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"k8s.io/cli-runtime/pkg/genericclioptions"
)

// A server that is no Kubernetes API is called that, not by what a decoder missed.
func TestNoKubernetesAPI(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<html>sign in</html>"))
	}))
	defer srv.Close()
	flags := genericclioptions.NewConfigFlags(false)
	*flags.APIServer, *flags.Namespace = srv.URL, "shop"
	_, err := Load(context.Background(), Request{Args: []string{"pod/web"}, Kube: flags, Question: Explain})
	if err == nil || !strings.Contains(err.Error(), "answers with a page of text") {
		t.Errorf("%v", err)
	}
}

// The hint about rights asks about what was asked for.
func TestHintForAllNamespaces(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write([]byte(`{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Forbidden","message":"pods is forbidden: no","code":403}`))
	}))
	defer srv.Close()
	flags := genericclioptions.NewConfigFlags(false)
	*flags.APIServer = srv.URL
	_, err := Load(context.Background(), Request{Args: []string{"pods"}, AllNamespaces: true, Kube: flags, Question: Explain})
	var user *UserError
	if !errors.As(err, &user) || len(user.Hints) == 0 || !strings.HasSuffix(user.Hints[0], "can-i list pods -A") {
		t.Errorf("%v", err)
	}
}
