package harness

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/image"
)

// Node is a real node: a kubelet and a containerd of its own.
type Node struct {
	Name    string
	Socket  string // containerd's
	LogDir  string // where the kubelet keeps the logs of containers
	Bundles string // containerd's folder with one bundle per container, by id

	c      *Cluster
	dir    string
	cgroup string
	taint  string
}

// AddNode starts a node and waits until it is Ready. It needs root. A node that
// is not for everybody's pods registers with the taint TAINT:NoSchedule.
func (c *Cluster) AddNode(ctx context.Context, name string, taint ...string) (*Node, error) {
	if err := CheckNode(); err != nil {
		return nil, err
	}
	n := c.node(name)
	if len(taint) > 0 {
		n.taint = taint[0]
	}
	if err := n.start(ctx); err != nil {
		return nil, fmt.Errorf("starting node %s: %w%s", name, err, c.logTails())
	}
	return n, nil
}

func (c *Cluster) node(name string) *Node {
	n := &Node{Name: name, c: c, dir: c.path(name), cgroup: "kubectl-lifecycle-" + c.state.ID + "-" + name}
	n.Socket = filepath.Join(n.dir, "containerd.sock")
	n.LogDir = filepath.Join(n.dir, "pod-logs")
	n.Bundles = filepath.Join(n.dir, "state", "io.containerd.runtime.v2.task", "k8s.io")
	return n
}

func (n *Node) start(ctx context.Context) error {
	n.c.mu.Lock()
	n.c.state.Node = true
	n.c.state.Cgroups = append(n.c.state.Cgroups, n.cgroup)
	err := n.c.state.save(n.c.Dir)
	n.c.mu.Unlock()
	if err != nil {
		return err
	}
	if err := makeCgroup(n.cgroup, min(19, max(-20, ownNiceness()+n.c.opts.Nice))); err != nil {
		return err
	}
	if err := n.writeFiles(); err != nil {
		return err
	}
	if err := n.startContainerd(ctx); err != nil {
		return err
	}
	if err := n.StartKubelet(); err != nil {
		return err
	}
	return n.waitReady(ctx)
}

// private lists host folders which the node's programs insist on, and over
// which its mount namespace lays folders of the run.
func private() []string { return []string{"/var/lib/kubelet", "/run/containerd", "/var/lib/cni"} }

func (n *Node) writeFiles() error {
	dirs := []string{"root", "state", "kubelet", "pod-logs", "cni", "pki"}
	for _, p := range private() {
		dirs = append(dirs, strings.ReplaceAll(p[1:], "/", "-"))
		if err := os.MkdirAll(p, 0o755); err != nil {
			return fmt.Errorf("making %s: %w", p, err)
		}
	}
	for _, d := range dirs {
		if err := os.MkdirAll(filepath.Join(n.dir, d), 0o755); err != nil {
			return fmt.Errorf("making the node's folders: %w", err)
		}
	}
	ip, subnet, err := addresses()
	if err != nil {
		return err
	}
	plugins, err := cniDir()
	if err != nil {
		return err
	}
	kubeletPort, err := freePorts(1, ip)
	if err != nil {
		return err
	}
	snapshotter, err := pickSnapshotter(n.dir)
	if err != nil {
		return err
	}
	network := fmt.Sprintf(`{"cniVersion":"0.4.0","name":%q,"plugins":[{"type":"ptp","ipMasq":false,"ipam":
{"type":"host-local","dataDir":%q,"ranges":[[{"subnet":%q}]],"routes":[{"dst":"0.0.0.0/0"}]}}]}`,
		n.cgroup, filepath.Join(n.dir, "ipam"), subnet)
	for name, text := range map[string]string{
		"cni/10-ptp.conflist": network,
		"containerd.toml":     n.containerdConfig(plugins, snapshotter),
		"kubelet.yaml":        n.kubeletConfig(ip, kubeletPort[0]),
		"node-ip":             ip,
		"enter.sh":            n.enterScript(),
		"containerd.sh":       n.containerdScript(),
	} {
		if err := os.WriteFile(filepath.Join(n.dir, name), []byte(text), 0o600); err != nil {
			return fmt.Errorf("writing the node's configuration: %w", err)
		}
	}
	return nil
}

// addresses returns an address of this machine for the node (a kubelet takes
// no loopback address) and a subnet for its pods that nobody here uses.
func addresses() (ip, subnet string, err error) {
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return "", "", fmt.Errorf("reading this machine's addresses: %w", err)
	}
	taken := func(third int) bool {
		_, candidate, perr := net.ParseCIDR(fmt.Sprintf("10.244.%d.0/24", third))
		for _, a := range addrs {
			if own, ok := a.(*net.IPNet); ok && perr == nil && (candidate.Contains(own.IP) || own.Contains(candidate.IP)) {
				return true
			}
		}
		return perr != nil
	}
	for _, a := range addrs {
		if own, ok := a.(*net.IPNet); ok && ip == "" && own.IP.To4() != nil && own.IP.IsGlobalUnicast() {
			ip = own.IP.String()
		}
	}
	if ip == "" {
		return "", "", errors.New("this machine has no IPv4 address beside loopback, and a kubelet takes no loopback address")
	}
	start := int(time.Now().UnixNano()/1000) % 250
	for i := range 250 {
		if third := (start + i) % 250; !taken(third) {
			return ip, fmt.Sprintf("10.244.%d.0/24", third), nil
		}
	}
	return "", "", errors.New("no subnet 10.244.x.0/24 is free for pods")
}

// pickSnapshotter avoids an overlay on top of an overlay, which Linux refuses.
func pickSnapshotter(dir string) (string, error) {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(dir, &fs); err != nil {
		return "", fmt.Errorf("looking at the file system of %s: %w", dir, err)
	}
	const overlayMagic = 0x794c7630
	if fs.Type == overlayMagic {
		return "native", nil
	}
	return "overlayfs", nil
}

func (n *Node) containerdConfig(plugins, snapshotter string) string {
	return fmt.Sprintf(`version = 2
root = %q
state = %q
disabled_plugins = ["io.containerd.internal.v1.opt"]
[grpc]
  address = %q
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = %q
  restrict_oom_score_adj = true
  disable_tcp_service = true
  netns_mounts_under_state_dir = true
  disable_apparmor = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = %q
    conf_dir = %q
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = %q
    default_runtime_name = "runc"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false
`, filepath.Join(n.dir, "root"), filepath.Join(n.dir, "state"), n.Socket, image.Pause, plugins, filepath.Join(n.dir, "cni"), snapshotter)
}

func (n *Node) kubeletConfig(ip string, port int) string {
	gates := ""
	for name, on := range n.c.opts.Gates {
		gates += fmt.Sprintf("  %s: %t\n", name, on)
	}
	if gates != "" {
		gates = "featureGates:\n" + gates
	}
	if n.taint != "" {
		gates += fmt.Sprintf("registerWithTaints: [{key: %s, effect: NoSchedule}]\n", n.taint)
	}
	return fmt.Sprintf(`apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
failCgroupV1: false
failSwapOn: false
cgroupDriver: cgroupfs
cgroupRoot: /%s
resolvConf: ""
clusterDNS: [10.243.0.10]
clusterDomain: cluster.local
address: %s
port: %d
healthzPort: 0
readOnlyPort: 0
makeIPTablesUtilChains: false
maxPods: 250
authentication: {anonymous: {enabled: false}, webhook: {enabled: false}, x509: {clientCAFile: %s}}
authorization: {mode: AlwaysAllow}
evictionHard: {memory.available: 50Mi, nodefs.available: 1%%, imagefs.available: 1%%, nodefs.inodesFree: 1%%}
imageGCHighThresholdPercent: 100
imageGCLowThresholdPercent: 99
podLogsDir: %s
containerRuntimeEndpoint: unix://%s
%s`, n.cgroup, ip, port, n.c.clientCert(), n.LogDir, n.Socket, gates)
}

// enterScript puts whoever runs it into the node's cgroup and becomes the
// program it is given.
func (n *Node) enterScript() string {
	dirs, err := hierarchies()
	if err != nil {
		return "exit 1\n"
	}
	s := "set -e\n"
	for _, d := range dirs {
		s += fmt.Sprintf("echo $$ > '%s'\n", filepath.Join(d, n.cgroup, "node", "cgroup.procs"))
	}
	return s + "exec \"$@\"\n"
}

func (n *Node) containerdScript() string {
	s := "set -e\nmount --make-rshared /\n"
	for _, p := range private() {
		s += fmt.Sprintf("mount --bind '%s' %s\n", filepath.Join(n.dir, strings.ReplaceAll(p[1:], "/", "-")), p)
	}
	return s + fmt.Sprintf("exec sh '%s' containerd --config '%s'\n", filepath.Join(n.dir, "enter.sh"), filepath.Join(n.dir, "containerd.toml"))
}

func (n *Node) containerdName() string { return n.Name + "-containerd" }
func (n *Node) kubeletName() string    { return n.Name + "-kubelet" }

func (n *Node) startContainerd(ctx context.Context) error {
	attr := &syscall.SysProcAttr{Unshareflags: syscall.CLONE_NEWNS}
	if err := n.c.launch(n.containerdName(), "sh", attr, filepath.Join(n.dir, "containerd.sh")); err != nil {
		return err
	}
	busybox, err := image.StaticBusybox()
	if err != nil {
		return err
	}
	archive := filepath.Join(n.dir, "images.tar")
	f, err := os.Create(archive)
	if err != nil {
		return fmt.Errorf("writing the images: %w", err)
	}
	if err := errors.Join(image.Write(f, busybox, n.c.Bin.Path("probed"), runtime.GOARCH), f.Close()); err != nil {
		return fmt.Errorf("writing the images: %w", err)
	}
	for {
		out, err := n.Ctr(ctx, "images", "import", archive).CombinedOutput()
		if err == nil {
			return nil
		}
		if !n.c.alive(n.containerdName()) {
			return fmt.Errorf("containerd ended while starting; the import said: %s", out)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for containerd (%s): %w", strings.TrimSpace(string(out)), ctx.Err())
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// Ctr is a call of containerd's own client on this node.
func (n *Node) Ctr(ctx context.Context, args ...string) *exec.Cmd {
	return exec.CommandContext(ctx, "ctr", append([]string{"--address", n.Socket, "--namespace", "k8s.io"}, args...)...)
}

// StartKubelet starts the kubelet, again if it was stopped.
func (n *Node) StartKubelet() error {
	ip, err := os.ReadFile(filepath.Join(n.dir, "node-ip"))
	if err != nil {
		return fmt.Errorf("reading the node's address: %w", err)
	}
	pid := 0
	for _, p := range n.c.state.Processes {
		if p.Name == n.containerdName() {
			pid = p.PID
		}
	}
	return n.c.launch(n.kubeletName(), "nsenter", nil, "--mount=/proc/"+strconv.Itoa(pid)+"/ns/mnt", "--",
		"sh", filepath.Join(n.dir, "enter.sh"), n.c.Bin.Path("kubelet"),
		"--config="+filepath.Join(n.dir, "kubelet.yaml"), "--kubeconfig="+n.c.Kubeconfig,
		"--root-dir="+filepath.Join(n.dir, "kubelet"), "--cert-dir="+filepath.Join(n.dir, "pki"),
		"--hostname-override="+n.Name, "--node-ip="+string(ip), "--node-labels=kubectl-lifecycle/node="+n.Name)
}

// StopKubelet stops the kubelet; the containers go on.
func (n *Node) StopKubelet() error { return n.c.halt(n.kubeletName()) }

func (n *Node) waitReady(ctx context.Context) error {
	for {
		node, err := n.c.Client.CoreV1().Nodes().Get(ctx, n.Name, metav1.GetOptions{})
		if err == nil && isReady(node) {
			return nil
		}
		if !n.c.alive(n.kubeletName()) || !n.c.alive(n.containerdName()) {
			return errors.New("the kubelet or containerd ended while starting")
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for the node to be Ready: %w", ctx.Err())
		case <-time.After(200 * time.Millisecond):
		}
	}
}

func isReady(node *corev1.Node) bool {
	for _, t := range node.Spec.Taints {
		if t.Key == corev1.TaintNodeNotReady {
			return false
		}
	}
	for _, cond := range node.Status.Conditions {
		if cond.Type == corev1.NodeReady {
			return cond.Status == corev1.ConditionTrue
		}
	}
	return false
}
