package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/gen"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/harness"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/record"
)

type recordOptions struct {
	seed     uint64
	count    int
	kinds    string
	out      string
	prefix   string
	parallel int
	horizon  time.Duration
	nice     int
	on       string
	gates    gateFlag
}

func recordTruth(ctx context.Context, args []string) error {
	o := recordOptions{gates: gateFlag{}}
	flags := flag.NewFlagSet("record", flag.ContinueOnError)
	flags.Uint64Var(&o.seed, "seed", 1, "the seed: the same one gives the same pods")
	flags.IntVar(&o.count, "count", 20, "how many pods of each kind")
	flags.StringVar(&o.kinds, "kinds", "termination,startup,restarts", "what to record; there is early-delete too")
	flags.StringVar(&o.out, "out", ".", "the folder to write to")
	flags.StringVar(&o.prefix, "prefix", "recorded-", "what the files' names start with")
	flags.IntVar(&o.parallel, "parallel", 8, "how many pods at a time (restarts: all at once)")
	flags.DurationVar(&o.horizon, "horizon", 10*time.Minute, "how long to watch restarts")
	flags.IntVar(&o.nice, "nice", 0, "priority of the cluster, -20 to 19")
	flags.StringVar(&o.on, "on", "", "the ID of a running cluster with a node, instead of one of its own")
	flags.Var(o.gates, "gate", "a feature gate, NAME=true or NAME=false (repeatable)")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if err := harness.CheckNode(); err != nil {
		return err
	}
	if o.on != "" {
		c, err := harness.Attach(ctx, o.on, os.Stderr)
		if err != nil {
			return err
		}
		node, err := c.Node("node1")
		if err != nil {
			return err
		}
		return o.all(ctx, c, node)
	}
	c, err := harness.Start(ctx, harness.Options{Gates: o.gates, Nice: o.nice, Log: os.Stderr})
	if err != nil {
		return err
	}
	node, err := c.AddNode(ctx, "node1")
	if err == nil {
		err = o.all(ctx, c, node)
	}
	return errors.Join(err, c.Stop())
}

func (o recordOptions) all(ctx context.Context, c *harness.Cluster, node *harness.Node) error {
	for _, kind := range strings.Split(o.kinds, ",") {
		if err := o.one(ctx, c, node, record.Kind(kind)); err != nil {
			return err
		}
	}
	return nil
}

func (o recordOptions) one(ctx context.Context, c *harness.Cluster, node *harness.Node, kind record.Kind) error {
	b := record.Batch{Namespace: fmt.Sprintf("record-%s-%d", kind, time.Now().Unix()), Parallel: o.parallel, Every: 700 * time.Millisecond, Horizon: 45 * time.Second, Again: 3}
	switch kind {
	case record.Termination, record.Startup, record.EarlyDelete:
	case record.Restarts:
		b.Horizon, b.Parallel, b.Again = o.horizon, o.count, 0
	default:
		return fmt.Errorf("cannot record %q; the kinds are termination, early-delete, startup and restarts", kind)
	}
	cases := gen.Cases(kind, gen.Options{Seed: o.seed, Count: o.count, StopSignals: o.gates["ContainerStopSignals"]})
	for _, k := range cases {
		k.Gates = o.gates
	}
	start := time.Now()
	done, err := record.Record(ctx, c, node, cases, b, sayTo(os.Stderr))
	if err != nil {
		return err
	}
	path := filepath.Join(o.out, o.prefix+string(kind)+".json")
	fmt.Fprintf(os.Stderr, "%s: %d of %d recorded in %s, written to %s\n", kind, len(done), len(cases), time.Since(start).Round(time.Second), path)
	return record.Write(path, done)
}
