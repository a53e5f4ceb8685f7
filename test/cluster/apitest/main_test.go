// Package apitest tests the plugin on a real API server with its controllers
// and scheduler, and no node: no root is needed.
package apitest

import (
	"fmt"
	"os"
	"testing"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/harness"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/testkit"
)

// env is the one cluster of this test binary: starting one for each test would
// take longer than the tests. TestMain fills it in.
var env *testkit.Env

func TestMain(m *testing.M) {
	testkit.HoldIfAsked()
	os.Exit(run(m))
}

func run(m *testing.M) int {
	session, err := testkit.Begin(harness.Options{Log: os.Stderr})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer session.End()
	env = &session.Env
	return m.Run()
}
