package e2e

import (
	"testing"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/harness"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/testkit"
)

// TestKilledRun kills a whole run with a node and a pod without warning; the
// next one has to start clean. It runs before the parallel tests go on.
func TestKilledRun(t *testing.T) {
	env := cluster(t)
	run := testkit.Abandoned(t, "node", func(r harness.Run) {
		kubectl := func(args ...string) testkit.Output {
			return testkit.Exec(t, []string{"KUBECONFIG=" + r.Dir + "/kubeconfig-admin"}, env.Cluster.Bin.Path("kubectl"), args...)
		}
		if out := kubectl("run", "web", "--image=registry.test/busybox:1", "--image-pull-policy=Never", "--command", "--", "sleep", "1000"); out.Code != 0 {
			t.Fatal(out.Stderr)
		}
		testkit.Eventually(t, "a pod on the run that is to be killed", testkit.Limit, func() string {
			return kubectl("wait", "--for=condition=Ready", "pod/web", "--timeout=20s").Stderr
		})
	})
	testkit.NothingLeft(t, run)
}
