// Command cluster starts and stops a real Kubernetes on this machine, and
// records what it does. See the README beside the module.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/binaries"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/harness"
)

const usage = `usage: cluster COMMAND [FLAGS]

  build            build the servers into the cache
  check [--node]   say what this machine lacks
  up [--node]      start a cluster and print the line that selects it
  down [ID]        stop the clusters started by "up" (or only this one)
  record           record random pods on a cluster of its own (--help lists the flags)
  clean            remove what runs left behind that were cut short
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("no command\n%s", usage)
	}
	switch args[0] {
	case "build":
		root, err := binaries.Root()
		if err != nil {
			return err
		}
		_, err = binaries.Ensure(ctx, root, os.Stderr)
		return err
	case "check":
		return check(args[1:])
	case "up":
		return up(ctx, args[1:])
	case "down":
		return down(args[1:])
	case "record":
		return recordTruth(ctx, args[1:])
	case "clean":
		return harness.Clean(sayTo(os.Stderr))
	default:
		return fmt.Errorf("unknown command %q\n%s", args[0], usage)
	}
}

func sayTo(f *os.File) func(string, ...any) {
	return func(format string, args ...any) { _, _ = fmt.Fprintf(f, format+"\n", args...) }
}

func check(args []string) error {
	flags := flag.NewFlagSet("check", flag.ContinueOnError)
	node := flags.Bool("node", false, "ask for a node too")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if err := harness.CheckControlPlane(); err != nil || !*node {
		return err
	}
	return harness.CheckNode()
}

// gateFlag collects --gate NAME=BOOL.
type gateFlag map[string]bool

func (g gateFlag) String() string { return "" }

func (g gateFlag) Set(s string) error {
	name, value, found := strings.Cut(s, "=")
	if !found || (value != "true" && value != "false") {
		return fmt.Errorf("%q is not NAME=true or NAME=false", s)
	}
	g[name] = value == "true"
	return nil
}

func up(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("up", flag.ContinueOnError)
	node := flags.Bool("node", false, "with a node (root, containerd and runc are needed)")
	gates := gateFlag{}
	flags.Var(gates, "gate", "a feature gate, NAME=true or NAME=false (repeatable)")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *node {
		if err := harness.CheckNode(); err != nil {
			return fmt.Errorf("%w\nwithout --node (make: NODE=0) a control plane alone starts", err)
		}
	}
	c, err := harness.Start(ctx, harness.Options{Gates: gates, Detached: true, Log: os.Stderr})
	if err != nil {
		return err
	}
	if *node {
		if _, err := c.AddNode(ctx, "node1"); err != nil {
			return errors.Join(err, c.Stop())
		}
	}
	fmt.Fprintf(os.Stderr, "Kubernetes %s is up as cluster %s; its logs are in %s; \"cluster down\" stops it\n", binaries.KubernetesVersion, c.ID(), filepath.Join(c.Dir, "logs"))
	fmt.Printf("export KUBECONFIG=%s\n", c.Kubeconfig)
	return nil
}

func down(args []string) error {
	flags := flag.NewFlagSet("down", flag.ContinueOnError)
	if err := flags.Parse(args); err != nil {
		return err
	}
	args = flags.Args()
	runs, err := harness.Runs()
	if err != nil {
		return err
	}
	var errs []error
	stopped := 0
	for _, r := range runs {
		wanted := r.State.Owner == nil && len(args) == 0 || len(args) > 0 && args[0] == r.State.ID
		if !wanted {
			continue
		}
		stopped++
		fmt.Fprintf(os.Stderr, "stopping cluster %s\n", r.State.ID)
		errs = append(errs, r.Remove())
	}
	if stopped == 0 && len(args) > 0 {
		return fmt.Errorf("no cluster %q runs", args[0])
	}
	if stopped == 0 {
		fmt.Fprintln(os.Stderr, "no cluster to stop")
	}
	return errors.Join(errs...)
}
