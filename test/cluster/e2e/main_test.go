// Package e2e tests the plugin on a real node. It needs root, containerd, runc
// and CNI plugins; where they are missing, every test is skipped and says what
// is missing. With CI=true or LIFECYCLE_REQUIRE_NODE=1 that is a failure.
package e2e

import (
	"fmt"
	"os"
	"testing"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/harness"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/testkit"
)

// shared is the one cluster of this test binary: starting one for each test
// would take longer than the tests. TestMain fills it in.
var shared struct {
	env     *testkit.Env
	node    *harness.Node
	missing error
}

func TestMain(m *testing.M) {
	testkit.HoldIfAsked()
	os.Exit(run(m))
}

func run(m *testing.M) int {
	if shared.missing = harness.CheckNode(); shared.missing != nil {
		fmt.Fprintln(os.Stderr, shared.missing)
		if os.Getenv("CI") == "true" || os.Getenv("LIFECYCLE_REQUIRE_NODE") == "1" {
			return 1
		}
		return m.Run()
	}
	session, err := testkit.Begin(harness.Options{Log: os.Stderr})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer session.End()
	if shared.node, err = session.Cluster.AddNode(session.Context, "node1"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	shared.env = &session.Env
	return m.Run()
}

// cluster returns the shared cluster, or skips the test with the reason.
func cluster(t *testing.T) *testkit.Env {
	t.Helper()
	if shared.missing != nil {
		t.Skip(shared.missing)
	}
	return shared.env
}
