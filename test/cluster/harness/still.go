package harness

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
)

const stillServer = "kube-apiserver-still"

// StartStill starts a second API server of the same run, with objects of its
// own, on which nobody acts: no controller, no scheduler, no node. What is
// written there stays as it was written. It ends with the cluster, or before.
//
// TaintNodesByCondition is off because its taint waits for a controller to take
// it away. All other admission is on: namespaces need to exist, and so does a
// pod's service account, which nobody makes here. What is returned is for its
// clients; it cannot be stopped by itself.
func (c *Cluster) StartStill(ctx context.Context) (*Cluster, error) {
	p, err := freePorts(1, "127.0.0.1")
	if err != nil {
		return nil, err
	}
	still := &Cluster{Dir: c.path("still"), port: ports{etcdClient: c.port.etcdClient, api: p[0]}, token: c.token, Bin: c.Bin, stopped: true}
	if err := os.MkdirAll(still.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("making a folder for an API server: %w", err)
	}
	for _, file := range []string{"sa.key", "tokens.csv"} {
		if err := os.Symlink(c.path(file), still.path(file)); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, fmt.Errorf("starting a second API server: %w", err)
		}
	}
	args := slices.Concat(still.apiServerArgs(), c.gates(), []string{"--etcd-prefix=/still", "--disable-admission-plugins=TaintNodesByCondition"})
	if err := c.launch(stillServer, c.Bin.Path("kube-apiserver"), nil, args...); err != nil {
		return nil, err
	}
	if err := c.waitReady(ctx, still, stillServer); err != nil {
		return nil, fmt.Errorf("starting a second API server: %w%s", err, c.logTails())
	}
	still.Kubeconfig = still.KubeconfigOf("admin")
	if err := still.connect(); err != nil {
		return nil, err
	}
	still.Config.QPS = -1 // one test at a time writes here
	return still, nil
}

// StopStill takes the second API server away; everything else goes on.
func (c *Cluster) StopStill() error { return c.halt(stillServer) }
