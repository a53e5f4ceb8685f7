package apitest

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/testkit"
)

func cleanupContext() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), 30*time.Second)
}

// crashing is a Deployment's worth of objects whose pod is, by its status, in a
// crash loop; no kubelet is needed for that.
func crashing(t *testing.T, ns string) {
	t.Helper()
	fakeNode(t, "node-of-"+ns)
	env.Apply(t, ns, `{apiVersion: v1, kind: Pod, metadata: {name: web, labels: {app: web}}, spec: {nodeName: node-of-`+ns+`, containers: [{name: app, image: i}]}}
---
{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: web}, spec: {minAvailable: 1, selector: {matchLabels: {app: web}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web}, ports: [{port: 80}]}}`)
	pods := env.Cluster.Client.CoreV1().Pods(ns)
	p, err := pods.Get(t.Context(), "web", metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	at := metav1.NewTime(time.Now().Add(-time.Minute))
	ended := &corev1.ContainerStateTerminated{ExitCode: 3, Reason: "Error", StartedAt: at, FinishedAt: at}
	p.Status = corev1.PodStatus{Phase: corev1.PodRunning, StartTime: &at, ContainerStatuses: []corev1.ContainerStatus{{Name: "app", Image: "i", RestartCount: 4,
		State:                corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "CrashLoopBackOff", Message: "back-off 40s restarting failed container=app pod=web"}},
		LastTerminationState: corev1.ContainerState{Terminated: ended}}}}
	if _, err := pods.UpdateStatus(t.Context(), p, metav1.UpdateOptions{}); err != nil {
		t.Fatal(err)
	}
}

// TestReadOnlyUser: with the rights of the cluster role "view", and no right to
// write anything or to read nodes, the cause is found all the same.
func TestReadOnlyUser(t *testing.T) {
	ns := env.Namespace(t, "read-only")
	crashing(t, ns)
	env.Kubectl(t, "create", "clusterrolebinding", "viewer", "--clusterrole=view", "--user=viewer")
	x := explainSoon(t, "viewer", "pod/web", "-n", ns)
	if x.Status != "CrashLoopBackOff" || x.Severity != "error" {
		t.Errorf("a reader is told status %q, severity %q; want CrashLoopBackOff, error", x.Status, x.Severity)
	}
	if !strings.Contains(x.Words(), "3") {
		t.Errorf("the exit code 3 is not mentioned: %s", x.Words())
	}
}

// explainSoon explains as a user whose rights may take a moment to count.
func explainSoon(t *testing.T, user string, args ...string) testkit.Explanation {
	t.Helper()
	args = append([]string{"explain", "-o", "json"}, args...)
	var out testkit.Output
	testkit.Eventually(t, "the rights of "+user, testkit.Limit, func() string {
		out = env.Run(t, env.Cluster.KubeconfigOf(user), args...)
		if out.Code != 0 {
			return fmt.Sprintf("exit code %d: %s", out.Code, out.Stderr)
		}
		return ""
	})
	var x testkit.Explanation
	out.JSON(t, &x)
	return x
}

// TestUserWithoutEventsNodesBudgets: what cannot be read is a gap, not an error
// and not an absence.
func TestUserWithoutEventsNodesBudgets(t *testing.T) {
	ns := env.Namespace(t, "restricted")
	crashing(t, ns)
	env.Kubectl(t, "create", "role", "-n", ns, "pods-only", "--verb=get,list", "--resource=pods")
	env.Kubectl(t, "create", "rolebinding", "-n", ns, "restricted", "--role=pods-only", "--user=restricted")
	x := explainSoon(t, "restricted", "pod/web", "-n", ns)
	if x.Status != "CrashLoopBackOff" || x.Severity != "error" {
		t.Errorf("status %q, severity %q; want CrashLoopBackOff, error", x.Status, x.Severity)
	}
	gaps := ""
	for _, g := range x.Gaps {
		gaps += strings.ToLower(g.What+": "+g.Why) + "\n"
	}
	for _, want := range []string{"event", "budget", "forbidden"} {
		if !strings.Contains(strings.ReplaceAll(gaps, "poddisruption", "pod disruption "), want) {
			t.Errorf("the gaps do not speak of %q:\n%s", want, gaps)
		}
	}
	for _, wrong := range []string{"no events", "no disruption budget"} {
		if strings.Contains(x.Words(), wrong) {
			t.Errorf("what could not be read is called absent (%q):\n%s", wrong, x.Words())
		}
	}
}

// TestUserWithoutRights: the subject itself cannot be read, which is exit code 2
// and a plain sentence.
func TestUserWithoutRights(t *testing.T) {
	ns := env.Namespace(t, "no-rights")
	crashing(t, ns)
	for _, command := range []string{"explain", "termination-timeline", "startup-timeline", "restart-timeline"} {
		out := env.Run(t, env.Cluster.KubeconfigOf("nobody"), command, "pod/web", "-n", ns)
		if out.Code != 2 || !strings.Contains(out.Stderr, "forbidden") {
			t.Errorf("%s: exit code %d, want 2 and a word of what is forbidden; stderr:\n%s", command, out.Code, out.Stderr)
		}
	}
}

// TestMissingSubject: an object that is not there is exit code 2 as well.
func TestMissingSubject(t *testing.T) {
	out := env.Run(t, env.Cluster.Kubeconfig, "explain", "pod/nobody-here", "-n", "default")
	if out.Code != 2 || !strings.Contains(out.Stderr, "nobody-here") {
		t.Errorf("exit code %d, want 2 and the name; stderr:\n%s", out.Code, out.Stderr)
	}
}

// TestServerGoesAwayHalfWay cuts the connection after the first, second, third …
// request. Whatever is left, the plugin ends by itself: with an answer that
// names its gaps, or with exit code 2 and a plain sentence.
func TestServerGoesAwayHalfWay(t *testing.T) {
	ns := env.Namespace(t, "half-way")
	crashing(t, ns)
	ask := func(t *testing.T, after int64) (testkit.Output, *traffic) {
		kubeconfig, seen := leavingServer(t, after)
		return env.Run(t, kubeconfig, "explain", "pod/web", "-n", ns, "-o", "json"), seen
	}
	whole, seen := ask(t, 1000)
	needed := seen.served.Load()
	if whole.Code != 0 || needed == 0 || needed > 100 {
		t.Fatalf("with all requests, %d of them: exit code %d\n%s", needed, whole.Code, whole.Stderr)
	}
	t.Run("after", func(t *testing.T) { // waits for its parallel parts, so that the namespace stays
		for after := range needed {
			t.Run(fmt.Sprint(after), func(t *testing.T) {
				t.Parallel()
				out, seen := ask(t, after)
				if seen.refused.Load() == 0 {
					t.Skipf("%d requests did this time", after) // they are sent side by side: which comes first varies
				}
				endsWell(t, out)
			})
		}
	})
}

// endsWell wants an answer that names its gaps, or exit code 2 and a sentence.
func endsWell(t *testing.T, out testkit.Output) {
	t.Helper()
	switch out.Code {
	case 0:
		var x testkit.Explanation
		out.JSON(t, &x)
		if len(x.Gaps) == 0 {
			t.Errorf("the server went away, and the answer names no gap:\n%s", out.Stdout)
		}
	case 2:
		if strings.TrimSpace(out.Stderr) == "" || out.Stdout != "" {
			t.Errorf("exit code 2 with stderr %q and stdout %q", out.Stderr, out.Stdout)
		}
	default:
		t.Errorf("exit code %d\n%s", out.Code, out.Stderr)
	}
}

// traffic counts what a leaving server answered and dropped.
type traffic struct{ served, refused atomic.Int64 }

// leavingServer is the API server until it has answered a number of requests;
// then it drops every connection.
func leavingServer(t *testing.T, after int64) (kubeconfig string, seen *traffic) {
	t.Helper()
	target, err := url.Parse(env.Cluster.URL())
	if err != nil {
		t.Fatal(err)
	}
	transport, err := rest.TransportFor(rest.AnonymousClientConfig(env.Cluster.Config))
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.Transport = transport
	seen = &traffic{}
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if seen.served.Add(1) > after {
			seen.refused.Add(1)
			panic(http.ErrAbortHandler) // the documented way to drop a connection
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	text, err := os.ReadFile(env.Cluster.Kubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.ReplaceAll(string(text), env.Cluster.URL(), server.URL), "\n")
	for i, line := range lines {
		if strings.Contains(line, "certificate-authority-data:") {
			lines[i] = "    insecure-skip-tls-verify: true"
		}
	}
	kubeconfig = filepath.Join(t.TempDir(), "kubeconfig")
	if err := os.WriteFile(kubeconfig, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	return kubeconfig, seen
}

// TestServerGone takes the real API server away and brings it back.
func TestServerGone(t *testing.T) {
	ns := env.Namespace(t, "gone")
	crashing(t, ns)
	if err := env.Cluster.StopAPIServer(); err != nil {
		t.Fatal(err)
	}
	out := env.Run(t, env.Cluster.Kubeconfig, "explain", "pod/web", "-n", ns)
	if err := env.Cluster.StartAPIServer(t.Context()); err != nil {
		t.Fatal(err)
	}
	if out.Code != 2 || !strings.Contains(out.Stderr, "refuse") {
		t.Errorf("without a server: exit code %d, want 2 and that the connection was refused; stderr:\n%s", out.Code, out.Stderr)
	}
	explainSoon(t, "admin", "pod/web", "-n", ns)
}
