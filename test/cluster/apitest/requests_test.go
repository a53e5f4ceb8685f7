package apitest

import (
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/testkit"
)

const (
	manyPods = 1000
	// mostRequests is what explaining one pod, or a workload of any size, may cost
	// besides discovery and the further pages of a list.
	mostRequests = 12
)

// TestRequests counts what explain asks of a real API server: no more for a
// workload of a thousand pods than for one pod, and one list a kind for all.
func TestRequests(t *testing.T) {
	ns := env.Namespace(t, "requests")
	env.Apply(t, ns, fmt.Sprintf(`{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: %d, selector: {matchLabels: {app: web}},
  template: {metadata: {labels: {app: web}}, spec: {nodeSelector: {no: such-node}, containers: [{name: app, image: registry.test/none:1}]}}}}`, manyPods))
	pods := env.Cluster.Client.CoreV1().Pods(ns)
	name := ""
	testkit.Eventually(t, "a thousand pods", testkit.Limit, func() string {
		list, err := pods.List(t.Context(), metav1.ListOptions{})
		if err != nil || len(list.Items) < manyPods {
			return fmt.Sprintf("%d pods, %v", len(list.Items), err)
		}
		name = list.Items[0].Name
		return ""
	})
	for _, args := range [][]string{{"pod/" + name, "-n", ns}, {"deployment/web", "-n", ns}, {"-A"}} {
		out := env.Run(t, env.Cluster.Kubeconfig, append([]string{"explain", "-v", "6"}, args...)...)
		if out.Code != 0 {
			t.Fatalf("explain %v: exit code %d\n%s", args, out.Code, out.Stderr)
		}
		asked, others := requests(out.Stderr)
		total := 0
		for _, path := range slices.Sorted(maps.Keys(asked)) {
			t.Logf("explain %v: %d × %s", args, asked[path], path)
			total += asked[path]
			if asked[path] > 1 {
				t.Errorf("explain %v asks %d times for %s", args, asked[path], path)
			}
		}
		if total == 0 || args[0] != "-A" && total > mostRequests {
			t.Errorf("explain %v: %d requests, want 1 to %d", args, total, mostRequests)
		}
		if len(others) > 0 {
			t.Errorf("explain %v does more than read: %v", args, others)
		}
	}
}

var logged = regexp.MustCompile(`verb="([A-Z]+)" url="([^"]+)"`)

// requests reads the client library's log: how often each path was asked for,
// besides discovery and further pages, and what was no GET.
func requests(log string) (asked map[string]int, others []string) {
	asked = map[string]int{}
	for _, m := range logged.FindAllStringSubmatch(log, -1) {
		u, err := url.Parse(m[2])
		if err != nil || m[1] != "GET" {
			others = append(others, m[0])
			continue
		}
		parts := strings.Split(strings.Trim(u.Path, "/"), "/")
		discovery := len(parts) <= 2 || parts[0] == "apis" && len(parts) == 3 || parts[0] == "openapi"
		if !discovery && u.Query().Get("continue") == "" {
			asked[u.Path+"?"+u.Query().Get("labelSelector")+u.Query().Get("fieldSelector")]++
		}
	}
	return asked, others
}
