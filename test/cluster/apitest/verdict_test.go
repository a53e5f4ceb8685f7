package apitest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/testkit"
)

// bases are whole objects of each kind, to be changed at random.
const bases = "testdata/bases.yaml"

// lint calls no object refused that the server takes, and finds nearly all that
// the server refuses. VERDICTS is the number of objects, 3000 if not set.
func TestVerdicts(t *testing.T) {
	count := 3000
	if n, err := strconv.Atoi(os.Getenv("VERDICTS")); err == nil {
		count = n
	}
	seed := uint64(1)
	if n, err := strconv.ParseUint(os.Getenv("SEED"), 10, 64); err == nil {
		seed = n
	}
	ns := env.Namespace(t, "verdicts")
	server := newDryRun(t, ns)
	dir := t.TempDir()
	answers := make([]answer, count)
	r := rand.New(rand.NewPCG(seed, 0))
	all := baseObjects(t)
	for i := range answers {
		data, err := manifest(mutate(r, all[i%len(all)]))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%05d.json", i)), data, 0o644); err != nil {
			t.Fatal(err)
		}
		answers[i] = server.ask(data)
	}
	found := refusedBy(t, dir)
	var falsely, missed, misplaced int
	for i, a := range answers {
		mine := found[i]
		switch {
		case a.code == http.StatusCreated && len(mine) > 0:
			falsely++
			t.Errorf("%d: the server takes it; lint says %v", i, mine)
		case a.code == http.StatusForbidden || a.code == http.StatusConflict || a.code >= 500:
			// a plugin of the server, or a field that no manifest should have
		case a.code != http.StatusCreated && len(mine) == 0:
			missed++
			t.Logf("%d: the server refuses it, lint does not: %s", i, a)
		case a.code != http.StatusCreated && !a.names(mine):
			misplaced++
			t.Logf("%d: lint says %v, the server %s", i, mine, a)
		}
		if t.Failed() && os.Getenv("KEEP") != "" {
			data, _ := os.ReadFile(filepath.Join(dir, fmt.Sprintf("%05d.json", i)))
			if a.code == http.StatusCreated && len(mine) > 0 {
				t.Logf("%s", data)
			}
		}
	}
	t.Logf("%d objects: %d falsely refused, %d missed, %d at another field", count, falsely, missed, misplaced)
	if missed*100 > count {
		t.Errorf("%d of %d missed: more than 1 in 100", missed, count)
	}
}

func baseObjects(t *testing.T) []runtime.Object {
	t.Helper()
	data, err := os.ReadFile(bases)
	if err != nil {
		t.Fatal(err)
	}
	var out []runtime.Object
	for doc := range strings.SplitSeq(string(data), "\n---\n") {
		o, _, err := scheme.Codecs.UniversalDeserializer().Decode([]byte(doc), nil, nil)
		if err != nil {
			t.Fatalf("%s: %v", doc, err)
		}
		out = append(out, o)
	}
	return out
}

// refusedBy runs lint over the folder and lists, per file number, the fields it
// calls refused.
func refusedBy(t *testing.T, dir string) map[int][]string {
	t.Helper()
	out := testkit.Exec(t, nil, env.Plugin, "lint", "-f", dir, "-o", "json", "--fail-on", "never")
	var report struct {
		Findings []struct{ Rule, Path, File, Message string }
	}
	if err := json.Unmarshal([]byte(out.Stdout), &report); err != nil {
		t.Fatalf("%v: %s", err, out.Stderr)
	}
	found := map[int][]string{}
	for _, f := range report.Findings {
		if !strings.HasPrefix(f.Rule, "KL9") {
			continue
		}
		n, err := strconv.Atoi(strings.TrimSuffix(filepath.Base(f.File), ".json"))
		if err != nil {
			t.Fatal(err)
		}
		found[n] = append(found[n], f.Path+": "+f.Message)
	}
	return found
}

// dryRun asks the server what it would say to an object.
type dryRun struct {
	client *http.Client
	host   string
	ns     string
}

func newDryRun(t *testing.T, ns string) dryRun {
	t.Helper()
	config, err := clientcmd.BuildConfigFromFlags("", env.Cluster.Kubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	client, err := rest.HTTPClientFor(config)
	if err != nil {
		t.Fatal(err)
	}
	return dryRun{client, config.Host, ns}
}

// An answer is the server's status and the fields it names.
type answer struct {
	code    int
	message string
	fields  []string
}

func (a answer) String() string { return fmt.Sprintf("%d %s", a.code, a.message) }

// names says whether lint and the server name a common field. What cannot be
// decoded has no fields in the answer, only a message.
func (a answer) names(mine []string) bool {
	for _, m := range mine {
		path, _, _ := strings.Cut(m, ": ")
		if len(a.fields) == 0 {
			return true
		}
		for _, f := range a.fields {
			if f == path {
				return true
			}
		}
	}
	return false
}

func (d dryRun) ask(manifest []byte) answer {
	var head struct{ APIVersion, Kind string }
	if err := json.Unmarshal(manifest, &head); err != nil {
		return answer{message: err.Error()}
	}
	root := "/apis/" + head.APIVersion
	if !strings.Contains(head.APIVersion, "/") {
		root = "/api/" + head.APIVersion
	}
	url := fmt.Sprintf("%s%s/namespaces/%s/%ss?dryRun=All&fieldValidation=Strict", d.host, root, d.ns, strings.ToLower(head.Kind))
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, url, bytes.NewReader(manifest))
	if err != nil {
		return answer{message: err.Error()}
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := d.client.Do(req)
	if err != nil {
		return answer{message: err.Error()}
	}
	defer func() { _ = resp.Body.Close() }() // it was read to its end
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return answer{message: err.Error()}
	}
	var status struct {
		Message string
		Details struct {
			Causes []struct{ Field string }
		}
	}
	_ = json.Unmarshal(body, &status) // a created object has none of these
	a := answer{code: resp.StatusCode, message: status.Message}
	for _, c := range status.Details.Causes {
		a.fields = append(a.fields, c.Field)
	}
	return a
}
