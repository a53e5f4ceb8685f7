package apitest

import (
	"strings"
	"testing"
	"time"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/testkit"
)

// TestDocumentedRights: the ClusterRole that docs/rbac.yaml hands out is enough
// for explain to see all it looks at, and allows nothing else. The example
// CronJob, which is bound to it, is taken by the API server.
func TestDocumentedRights(t *testing.T) {
	ns := env.Namespace(t, "documented-rights")
	crashing(t, ns)
	env.Apply(t, ns, `{apiVersion: apps/v1, kind: Deployment, metadata: {name: api}, spec: {selector: {matchLabels: {app: api}}, template: {metadata: {labels: {app: api}}, spec: {containers: [{name: app, image: i}]}}}}
---
{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db}, spec: {serviceName: db, selector: {matchLabels: {app: db}}, template: {metadata: {labels: {app: db}}, spec: {containers: [{name: app, image: i}]}}, volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], storageClassName: none-such, resources: {requests: {storage: 1Gi}}}}]}}
---
{apiVersion: batch/v1, kind: CronJob, metadata: {name: nightly}, spec: {schedule: "0 3 * * *", jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: app, image: i}]}}}}}}`)
	const jane = "--as=jane"
	env.Kubectl(t, "apply", "-f", "../../../docs/rbac.yaml")
	env.Kubectl(t, "create", "clusterrolebinding", "documented", "--clusterrole=lifecycle-reader", "--user=jane")
	testkit.Eventually(t, "the rights of jane", time.Minute, func() string {
		return env.Run(t, env.Cluster.Kubeconfig, "explain", "pod/web", "-n", ns, jane).Stderr
	})
	for _, subject := range []string{"pod/web", "deployment/api", "statefulset/db", "cronjob/nightly"} {
		var x testkit.Explanation
		env.Run(t, env.Cluster.Kubeconfig, "explain", subject, "-n", ns, "-o", "json", jane).JSON(t, &x)
		for _, gap := range x.Gaps {
			if strings.Contains(gap.Why, "forbidden") || strings.Contains(gap.Why, "not allowed") {
				t.Errorf("%s: docs/rbac.yaml does not let explain see %s: %s", subject, gap.What, gap.Why)
			}
		}
	}
	if out := env.Run(t, env.Cluster.Kubeconfig, "explain", "-A", jane); strings.Contains(out.Stdout+out.Stderr, "forbidden") {
		t.Errorf("docs/rbac.yaml is not enough for explain -A:\n%s%s", out.Stdout, out.Stderr)
	}
	for _, want := range [][2]string{
		{"get", "secrets"}, {"list", "secrets"}, {"list", "configmaps"}, {"delete", "pods"}, {"create", "pods"},
		{"create", "pods/eviction"}, {"create", "pods/exec"}, {"patch", "deployments.apps"}, {"watch", "pods"},
	} {
		out := testkit.Exec(t, []string{"KUBECONFIG=" + env.Cluster.Kubeconfig}, env.Cluster.Bin.Path("kubectl"), "auth", "can-i", want[0], want[1], "-n", ns, jane)
		if strings.TrimSpace(out.Stdout) != "no" {
			t.Errorf("docs/rbac.yaml lets its user %s %s: %s%s", want[0], want[1], out.Stdout, out.Stderr)
		}
	}
	env.Namespace(t, "lifecycle")
	env.Kubectl(t, "apply", "-f", "../../../docs/image/cronjob.yaml", "--dry-run=server")
}
