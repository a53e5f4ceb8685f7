package e2e

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/testkit"
)

const victimTaint = "kubectl-lifecycle/victim"

// onVictim puts a Deployment's pods onto the second node.
const onVictim = `  nodeSelector: {kubectl-lifecycle/node: victim}
  tolerations: [{key: kubectl-lifecycle/victim, operator: Exists}]
`

// TestNodeTroubles takes a second node through cordon, drain and the loss of
// its kubelet.
func TestNodeTroubles(t *testing.T) {
	env := cluster(t)
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), testkit.Limit)
	defer cancel()
	victim, err := env.Cluster.AddNode(ctx, "victim", victimTaint)
	if err != nil {
		t.Fatal(err)
	}
	ns := env.Namespace(t, "node-troubles")
	env.Apply(t, ns, deployment(2, "", sleeps, "", onVictim))
	ready := func() string { return condition("deployment/web", "Available")(t, env, ns) }
	testkit.Eventually(t, "the pods on the second node", testkit.Limit, ready)

	// Not Subtests in parallel: each step builds on the one before.
	t.Run("drained", func(t *testing.T) {
		env.Kubectl(t, "drain", "victim", "--ignore-daemonsets", "--pod-selector=app=web", "--timeout=120s")
		s := state{name: "drained", subject: "deployment/web", severity: notWell(), mention: [][]string{{"cordon", "unschedulable", "drain"}}, never: []string{"oom"}}
		testkit.Eventually(t, "the pods to wait for a node", testkit.Limit, func() string { return shows(t, env, ns, []string{"Pending"}, 0) })
		sameStatus(t, env, ns)
		s.explains(t, env, ns)
		env.Kubectl(t, "uncordon", "victim")
		testkit.Eventually(t, "the pods to be back", testkit.Limit, ready)
	})
	t.Run("node-not-ready", func(t *testing.T) {
		if err := victim.StopKubelet(); err != nil {
			t.Fatal(err)
		}
		testkit.Eventually(t, "the node to be seen as lost", testkit.Limit, func() string { return lost(t, env) })
		s := state{name: "node-not-ready", subject: "deployment/web", severity: notWell(), mention: [][]string{{"node"}, {"victim"}, {"not ready", "notready", "unreachable", "kubelet"}}, never: []string{"oom"}}
		sameStatus(t, env, ns)
		s.explains(t, env, ns)
	})
	t.Run("deleted-on-a-lost-node", func(t *testing.T) {
		env.Kubectl(t, "delete", "pods", "-n", ns, "-l", "app=web", "--wait=false")
		testkit.Eventually(t, "the pods to be terminating", testkit.Limit, func() string { return shows(t, env, ns, []string{"Terminating"}, 0) })
		sameStatus(t, env, ns)
		rows := env.Rows(t, ns)
		i := slices.IndexFunc(rows, func(r testkit.Row) bool { return r.Status == "Terminating" })
		s := state{name: "lost", subject: "pod/" + rows[i].Name, severity: notWell(), mention: [][]string{{"victim"}, {"kubelet", "not ready", "unreachable"}}}
		// The grace period has to pass before anything is wrong with that.
		s.explains(t, env, ns)
	})
	t.Run("back", func(t *testing.T) {
		if err := victim.StartKubelet(); err != nil {
			t.Fatal(err)
		}
		testkit.Eventually(t, "the pods to be back", testkit.Limit, ready)
	})
}

func lost(t *testing.T, env *testkit.Env) string {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	node, err := env.Cluster.Client.CoreV1().Nodes().Get(ctx, "victim", metav1.GetOptions{})
	if err != nil {
		return err.Error()
	}
	var seen []string
	for _, c := range node.Status.Conditions {
		if c.Type == corev1.NodeReady && c.Status == corev1.ConditionUnknown {
			return ""
		}
		seen = append(seen, string(c.Type)+"="+string(c.Status))
	}
	return strings.Join(seen, " ")
}
