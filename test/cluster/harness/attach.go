package harness

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/binaries"
)

// Attach connects to a cluster that somebody else started and keeps, by its ID.
// Do not Stop it.
func Attach(ctx context.Context, id string, log io.Writer) (*Cluster, error) {
	runs, err := Runs()
	if err != nil {
		return nil, err
	}
	root, err := binaries.Root()
	if err != nil {
		return nil, err
	}
	for _, r := range runs {
		if r.State.ID != id || !r.InUse() {
			continue
		}
		bin, err := binaries.Ensure(ctx, root, log)
		if err != nil {
			return nil, err
		}
		c := &Cluster{Dir: r.Dir, Bin: bin, opts: Options{Log: log}, state: r.State, running: map[string]*exec.Cmd{}}
		c.Kubeconfig = c.KubeconfigOf("admin")
		return c, c.connect()
	}
	return nil, fmt.Errorf("no running cluster is called %q", id)
}

// Node finds a node that was added to the cluster.
func (c *Cluster) Node(name string) (*Node, error) {
	n := c.node(name)
	if _, err := os.Stat(filepath.Join(n.dir, "containerd.sock")); err != nil {
		return nil, fmt.Errorf("cluster %s has no node %s: start it with --node", c.state.ID, name)
	}
	return n, nil
}
