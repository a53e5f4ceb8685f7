package apitest

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/testkit"
)

// TestSnapshotExplainsTheSame: what "snapshot save" writes leads explain to the
// answer that it gives of the live object, without the server.
func TestSnapshotExplainsTheSame(t *testing.T) {
	ns := env.Namespace(t, "snapshot")
	crashing(t, ns)
	out := env.Run(t, env.Cluster.Kubeconfig, "snapshot", "save", "pod/web", "-n", ns)
	if out.Code != 0 || out.Stdout == "" {
		t.Fatalf("snapshot save: exit code %d\n%s", out.Code, out.Stderr)
	}
	file := filepath.Join(t.TempDir(), "snapshot.yaml")
	if err := os.WriteFile(file, []byte(out.Stdout), 0o600); err != nil {
		t.Fatal(err)
	}
	live, _ := env.Explain(t, env.Cluster.Kubeconfig, "pod/web", "-n", ns)
	kept, _ := env.Explain(t, filepath.Join(t.TempDir(), "no-kubeconfig"), "-f", file, "pod/web", "-n", ns)
	if diff := cmp.Diff(essence(live), essence(kept)); diff != "" {
		t.Errorf("live (-) and from the snapshot (+):\n%s", diff)
	}
}

// essence leaves out what the clock decides.
func essence(x testkit.Explanation) []string {
	lines := []string{x.Status, x.Ready, x.State, x.Severity}
	for _, r := range x.Reasons {
		lines = append(lines, r.ID+" "+r.Container)
	}
	return lines
}
