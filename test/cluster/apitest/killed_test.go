package apitest

import (
	"testing"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/harness"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/testkit"
)

// TestKilledRun kills a run without warning; the next one has to start clean.
func TestKilledRun(t *testing.T) {
	testkit.NothingLeft(t, testkit.Abandoned(t, "plane", func(harness.Run) {}))
}

// TestCleanLeavesOthersAlone: our own cluster, whose owner lives, survives the
// cleaning that every run starts with.
func TestCleanLeavesOthersAlone(t *testing.T) {
	if err := harness.Clean(t.Logf); err != nil {
		t.Fatal(err)
	}
	env.Kubectl(t, "get", "namespaces")
}
