// Package harness starts and stops a real Kubernetes on this machine: a control
// plane alone (no root needed), and nodes (root, containerd and runc needed).
//
// Everything of one run lives in a folder of its own below RunsDir, on ports
// that were free, and every process is recorded with its start time before
// anything else happens. So a run can be cleaned up completely by whoever comes
// next, also after a SIGKILL. Nodes live in a mount namespace and a cgroup of
// their own: when their processes are gone, so are their mounts and networks.
//
// It does not build the servers (package binaries does) and knows nothing of
// the plugin under test. Being a driver of processes it reads the clock and the
// file system, which the plugin's own packages may not.
package harness

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/binaries"
)

// Options say what to start.
type Options struct {
	// Gates are feature gates for all components, for example ContainerStopSignals=true.
	Gates map[string]bool
	// Detached runs outlive this process; they end with "cluster down".
	Detached bool
	// Nice is the priority of everything started, -20 to 19; below 0 needs root.
	Nice int
	// Log receives one line per step.
	Log io.Writer
}

// Cluster is a running Kubernetes.
type Cluster struct {
	Dir        string // of this run
	Kubeconfig string // of an administrator
	Bin        binaries.Set
	Config     *rest.Config
	Client     kubernetes.Interface

	opts    Options
	state   State
	mu      sync.Mutex
	running map[string]*exec.Cmd
	stopped bool
	port    ports
	token   map[string]string
}

// Start cleans up after dead runs, builds what is missing and starts a control
// plane. On an error nothing is left behind.
func Start(ctx context.Context, opts Options) (*Cluster, error) {
	if opts.Log == nil {
		opts.Log = io.Discard
	}
	if err := CheckControlPlane(); err != nil {
		return nil, err
	}
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(opts.Log, format+"\n", args...) }
	if err := Clean(say); err != nil {
		return nil, err
	}
	root, err := binaries.Root()
	if err != nil {
		return nil, err
	}
	bin, err := binaries.Ensure(ctx, root, opts.Log)
	if err != nil {
		return nil, err
	}
	c, err := newCluster(opts, bin)
	if err != nil {
		return nil, err
	}
	if err := c.startControlPlane(ctx); err != nil {
		err = fmt.Errorf("starting a control plane: %w%s", err, c.logTails())
		return nil, errors.Join(err, c.Stop())
	}
	return c, nil
}

func newCluster(opts Options, bin binaries.Set) (*Cluster, error) {
	var b [3]byte
	if _, err := rand.Read(b[:]); err != nil {
		return nil, fmt.Errorf("choosing a name for the run: %w", err)
	}
	id := hex.EncodeToString(b[:])
	c := &Cluster{Dir: filepath.Join(RunsDir(), id), Bin: bin, opts: opts, running: map[string]*exec.Cmd{}}
	c.state = State{ID: id, Created: time.Now(), Processes: []Process{}, Cgroups: []string{}}
	if !opts.Detached {
		self, err := identify("owner", os.Getpid())
		if err != nil {
			return nil, err
		}
		c.state.Owner = &self
	}
	if err := os.MkdirAll(c.path("logs"), 0o700); err != nil {
		return nil, fmt.Errorf("making a folder for the run: %w", err)
	}
	return c, c.state.save(c.Dir)
}

// ID is the run's name.
func (c *Cluster) ID() string { return c.state.ID }

func (c *Cluster) path(parts ...string) string {
	return filepath.Join(append([]string{c.Dir}, parts...)...)
}

// Stop ends everything and removes the run's folder.
func (c *Cluster) Stop() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopped {
		return nil
	}
	c.stopped = true
	// Whoever waits for its own children must do it, or they stay as zombies.
	for _, cmd := range c.running {
		go func() { _ = cmd.Wait() }()
	}
	return Run{Dir: c.Dir, State: c.state}.Remove()
}

// launch starts one program with its output in logs/NAME.log and records it.
func (c *Cluster) launch(name, program string, attr *syscall.SysProcAttr, args ...string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopped {
		return fmt.Errorf("starting %s: the cluster is being stopped", name)
	}
	log, err := os.OpenFile(c.path("logs", name+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("starting %s: %w", name, err)
	}
	defer func() { _ = log.Close() }()
	if c.opts.Nice != 0 { // from the first thread on, hence not by setpriority afterwards
		program, args = "nice", append([]string{"-n", strconv.Itoa(c.opts.Nice), program}, args...)
	}
	cmd := exec.Command(program, args...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.Dir = c.Dir
	cmd.Env = withoutProxies(os.Environ())
	if attr == nil {
		attr = &syscall.SysProcAttr{}
	}
	attr.Setsid = true // Ctrl-C is for us; we stop our children ourselves
	cmd.SysProcAttr = attr
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("starting %s: %w", name, err)
	}
	p, err := identify(name, cmd.Process.Pid)
	if err != nil {
		return fmt.Errorf("%s ended at once: %w", name, err)
	}
	c.running[name] = cmd
	c.state.Processes = append(c.state.Processes, p)
	return c.state.save(c.Dir)
}

// withoutProxies drops the variables that would send the API server's calls of
// a kubelet through somebody else.
func withoutProxies(env []string) []string {
	return slices.DeleteFunc(env, func(v string) bool {
		name, _, _ := strings.Cut(strings.ToLower(v), "=")
		return name == "http_proxy" || name == "https_proxy" || name == "all_proxy"
	})
}

// halt ends one program and forgets it.
func (c *Cluster) halt(name string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if cmd, ok := c.running[name]; ok {
		go func() { _ = cmd.Wait() }()
		delete(c.running, name)
	}
	kept := c.state.Processes[:0]
	var errs []error
	for _, p := range c.state.Processes {
		if p.Name != name {
			kept = append(kept, p)
			continue
		}
		errs = append(errs, p.stop())
	}
	c.state.Processes = kept
	return errors.Join(append(errs, c.state.save(c.Dir))...)
}

// alive tells whether a program we started still runs.
func (c *Cluster) alive(name string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range c.state.Processes {
		if p.Name == name {
			return p.Alive()
		}
	}
	return false
}

func (c *Cluster) connect() error {
	config, err := clientcmd.BuildConfigFromFlags("", c.Kubeconfig)
	if err != nil {
		return fmt.Errorf("reading the new kubeconfig: %w", err)
	}
	config.QPS, config.Burst = 200, 400
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return fmt.Errorf("making a client: %w", err)
	}
	c.Config, c.Client = config, client
	return nil
}

// logTails returns the last lines of every program's log, for an error message.
func (c *Cluster) logTails() string {
	files, err := filepath.Glob(c.path("logs", "*.log"))
	if err != nil {
		return ""
	}
	out := ""
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil || len(b) == 0 {
			continue
		}
		out += fmt.Sprintf("\n--- end of %s\n%s", filepath.Base(f), b[max(0, len(b)-1500):])
	}
	return out
}
