// Package testkit is what the tests on a real cluster share: the plugin as a
// binary, manifests applied as a user would, and waiting for states.
//
// It waits with generous limits and never measures time: what a slow machine
// can fail is no test.
package testkit

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/yaml"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/binaries"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/harness"
)

// Limit is how long a state may take to come about. Only a machine that does
// not work at all exceeds it.
const Limit = 5 * time.Minute

// Env is a cluster and the plugin under test.
type Env struct {
	Cluster *harness.Cluster
	Plugin  string // the plugin's binary, named kubectl-lifecycle
}

// Build returns the plugin's binary: the one LIFECYCLE_BIN names, or a fresh one.
func Build(ctx context.Context) (string, error) {
	if bin := os.Getenv("LIFECYCLE_BIN"); bin != "" {
		return filepath.Abs(bin)
	}
	root, err := binaries.Root()
	if err != nil {
		return "", err
	}
	out := filepath.Join(root, ".cache", "plugin", "kubectl-lifecycle")
	cmd := exec.CommandContext(ctx, "go", "build", "-o", out, "./cmd/kubectl-lifecycle")
	cmd.Dir = filepath.Join(root, "..", "..")
	if text, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the plugin: %w\n%s", err, text)
	}
	return out, nil
}

// Output is what one run of a program printed.
type Output struct {
	Stdout, Stderr string
	Code           int
}

// Run runs the plugin as the user of a kubeconfig.
func (e *Env) Run(t testing.TB, kubeconfig string, args ...string) Output {
	t.Helper()
	return Exec(t, []string{"KUBECONFIG=" + kubeconfig}, e.Plugin, args...)
}

// Exec runs a program with additions to the environment.
func Exec(t testing.TB, env []string, program string, args ...string) Output {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), Limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env = append(append(os.Environ(), "TZ=UTC", "LC_ALL=C.UTF-8"), env...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("%s %s: %v", program, strings.Join(args, " "), err)
	}
	if ctx.Err() != nil {
		t.Fatalf("%s %s did not end within %s; it printed\n%s%s", program, strings.Join(args, " "), Limit, &stdout, &stderr)
	}
	out := Output{Stdout: stdout.String(), Stderr: stderr.String(), Code: cmd.ProcessState.ExitCode()}
	for _, trace := range []string{"goroutine ", "panic:", "runtime error"} {
		if strings.Contains(out.Stderr, trace) {
			t.Errorf("%s %s shows a stack trace:\n%s", program, strings.Join(args, " "), out.Stderr)
		}
	}
	return out
}

// JSON decodes what a run printed.
func (o Output) JSON(t testing.TB, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(o.Stdout), into); err != nil {
		t.Fatalf("this is not the JSON document that was asked for: %v\nexit code %d\n%s\n%s", err, o.Code, o.Stdout, o.Stderr)
	}
}

// Namespace makes a namespace for one test, ready for pods, and removes it at the end.
func (e *Env) Namespace(t testing.TB, name string) string {
	t.Helper()
	ctx := t.Context()
	core := e.Cluster.Client.CoreV1()
	_, err := core.Namespaces().Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name}}, metav1.CreateOptions{})
	if err != nil {
		t.Fatalf("making namespace %s: %v", name, err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := core.Namespaces().Delete(ctx, name, metav1.DeleteOptions{}); err != nil {
			t.Logf("removing namespace %s: %v", name, err)
		}
	})
	if err := e.Cluster.WaitForServiceAccount(ctx, name); err != nil {
		t.Fatal(err)
	}
	return name
}

// Apply creates the objects of a YAML text, with the cluster's own kubectl.
func (e *Env) Apply(t testing.TB, namespace, text string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "manifest.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	e.Kubectl(t, "create", "-n", namespace, "-f", file)
}

// Kubectl runs the cluster's kubectl as administrator and wants it to succeed.
func (e *Env) Kubectl(t testing.TB, args ...string) string {
	t.Helper()
	out := Exec(t, []string{"KUBECONFIG=" + e.Cluster.Kubeconfig}, e.Cluster.Bin.Path("kubectl"), args...)
	if out.Code != 0 {
		t.Fatalf("kubectl %s: exit code %d\n%s", strings.Join(args, " "), out.Code, out.Stderr)
	}
	return out.Stdout
}

// Eventually waits until check returns nothing, and fails with what it last said.
func Eventually(t testing.TB, what string, limit time.Duration, check func() string) {
	t.Helper()
	deadline := time.Now().Add(limit)
	for {
		last := check()
		if last == "" {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within %s; last: %s", what, limit, last)
		}
		select {
		case <-t.Context().Done():
			t.Fatalf("%s: the test was ended; last: %s", what, last)
		case <-time.After(250 * time.Millisecond):
		}
	}
}

// Row is one pod as the server's own table shows it, with the very object the
// row was made from.
type Row struct {
	Name, Ready, Status, Restarts string
	Pod                           corev1.Pod
	Raw                           []byte
}

// Rows asks the server for the table that kubectl get pods prints.
func (e *Env) Rows(t testing.TB, namespace string) []Row {
	t.Helper()
	body, err := e.Cluster.Client.CoreV1().RESTClient().Get().Namespace(namespace).Resource("pods").
		SetHeader("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io").
		Param("includeObject", string(metav1.IncludeObject)).DoRaw(t.Context())
	if err != nil {
		t.Fatalf("asking for the table of pods: %v", err)
	}
	var table metav1.Table
	if err := json.Unmarshal(body, &table); err != nil {
		t.Fatalf("reading the table of pods: %v", err)
	}
	var rows []Row
	for _, r := range table.Rows {
		row := Row{Name: fmt.Sprint(r.Cells[0]), Ready: fmt.Sprint(r.Cells[1]), Status: fmt.Sprint(r.Cells[2]), Restarts: fmt.Sprint(r.Cells[3]), Raw: r.Object.Raw}
		if err := json.Unmarshal(r.Object.Raw, &row.Pod); err != nil {
			t.Fatalf("reading the table of pods: %v", err)
		}
		rows = append(rows, row)
	}
	return rows
}

// WriteList writes objects, as JSON, into one List for -f.
func WriteList(t testing.TB, objects ...[]byte) string {
	t.Helper()
	items := make([]runtime.RawExtension, 0, len(objects))
	for _, o := range objects {
		items = append(items, runtime.RawExtension{Raw: o})
	}
	b, err := json.Marshal(corev1.List{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "List"}, Items: items})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "list.json")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// Decode reads one object from YAML.
func Decode(t testing.TB, text string, into any) {
	t.Helper()
	if err := yaml.NewYAMLOrJSONDecoder(strings.NewReader(text), 4096).Decode(into); err != nil {
		t.Fatalf("reading a manifest of the test: %v", err)
	}
}
