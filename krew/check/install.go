package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// findKubectl takes $KUBECTL, the kubectl of the test cluster, or the one in
// PATH; without any it builds one from its module.
func (r *release) findKubectl() (string, error) {
	for _, at := range []string{os.Getenv("KUBECTL"), "test/cluster/.cache/bin/kubectl"} {
		if info, err := os.Stat(at); err == nil && !info.IsDir() {
			return r.linkKubectl(at)
		}
	}
	if at, err := exec.LookPath("kubectl"); err == nil {
		return r.linkKubectl(at)
	}
	at := filepath.Join(r.tmp, "built", "kubectl")
	cmd := exec.Command("go", "build", "-o", at, "k8s.io/kubernetes/cmd/kubectl")
	cmd.Dir = "test/cluster/servers"
	if out, err := cmd.CombinedOutput(); err != nil {
		return "there is no kubectl here, and none could be built: " + lastLine(out), errSkip
	}
	return r.linkKubectl(at)
}

func (r *release) linkKubectl(at string) (string, error) {
	abs, err := filepath.Abs(at)
	if err != nil {
		return "", err
	}
	r.kubectl = filepath.Join(r.tmp, "bin", "kubectl")
	if err := os.MkdirAll(filepath.Dir(r.kubectl), 0o755); err != nil {
		return "", err
	}
	return at, os.Symlink(abs, r.kubectl)
}

// buildKrew builds krew and its validator, pinned in krew/tools.
func (r *release) buildKrew() (string, error) {
	for _, program := range []string{"krew", "validate-krew-manifest"} {
		cmd := exec.Command("go", "build", "-o", r.tool(program), "sigs.k8s.io/krew/cmd/"+program)
		cmd.Dir = "krew/tools"
		if out, err := cmd.CombinedOutput(); err != nil {
			r.tools = ""
			return "krew cannot be built here, so that nothing is installed: " + lastLine(out), errSkip
		}
	}
	if err := os.Symlink(r.tool("krew"), filepath.Join(r.tools, "kubectl-krew")); err != nil {
		return "", err
	}
	version, err := exec.Command("go", "-C", "krew/tools", "list", "-m", "-f", "{{.Version}}", "sigs.k8s.io/krew").Output()
	return "krew " + strings.TrimSpace(string(version)), err
}

func (r *release) tool(name string) string { return filepath.Join(r.tools, name) }

func lastLine(out []byte) string {
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return lines[len(lines)-1]
}

// environment is that of a user whose krew lives in root.
func (r *release) environment(root string) []string {
	path := strings.Join([]string{filepath.Join(root, "bin"), filepath.Join(r.tmp, "bin"), r.tools, os.Getenv("PATH")}, string(os.PathListSeparator))
	return append(os.Environ(), "PATH="+path, "KREW_ROOT="+root, "KREW_NO_UPGRADE_CHECK=1", "HOME="+r.tmp, "KUBECONFIG="+filepath.Join(r.tmp, "none"))
}

// output is what a program prints, without what it says on stderr.
func (r *release) output(env []string, program string, args ...string) (string, error) {
	cmd := exec.Command(program, args...)
	cmd.Env = env
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s%s", filepath.Base(program), strings.Join(args, " "), err, stdout.String(), stderr.String())
	}
	return stdout.String(), nil
}

// validate lets krew's own validator judge both manifests. It also installs each
// platform by its address, so that a copy of the manifest whose addresses are on
// this machine is judged.
func (r *release) validate() (string, error) {
	if r.tools == "" {
		return "without krew there is no validator", errSkip
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	server := &http.Server{Handler: http.FileServer(http.Dir(r.dir))} //nolint:gosec // lives for seconds, on loopback
	go func() { _ = server.Serve(listener) }()
	defer func() { _ = server.Close() }()
	installs := "platforms were not installed, for lack of kubectl"
	for _, plugin := range []string{"lifecycle", "pod-lifecycle"} {
		if _, err := r.output(r.environment(r.tmp), r.tool("validate-krew-manifest"), "-skip-install", "-manifest", filepath.Join(r.dir, plugin+".yaml")); err != nil {
			return "", err
		}
		if r.kubectl == "" {
			continue
		}
		local, err := r.localManifest(plugin, listener.Addr().String())
		if err != nil {
			return "", err
		}
		if _, err := r.output(r.environment(r.tmp), r.tool("validate-krew-manifest"), "-manifest", local); err != nil {
			return "", err
		}
		installs = fmt.Sprintf("all %d platforms installed from a server on this machine", len(platforms()))
	}
	return "lifecycle.yaml and pod-lifecycle.yaml pass krew's validator; " + installs, nil
}

func (r *release) localManifest(plugin, address string) (string, error) {
	data, err := os.ReadFile(filepath.Join(r.dir, plugin+".yaml"))
	if err != nil {
		return "", err
	}
	var lines []string
	for line := range strings.Lines(string(data)) {
		if before, uri, ok := strings.Cut(line, "uri: "); ok {
			line = before + "uri: http://" + address + uri[strings.LastIndex(uri, "/"):]
		}
		lines = append(lines, line)
	}
	to := filepath.Join(r.tmp, plugin+".yaml")
	return to, os.WriteFile(to, []byte(strings.Join(lines, "")), 0o644)
}

// install does what a user of krew does, on the platform of this machine.
func (r *release) install() (string, error) {
	if r.tools == "" || r.kubectl == "" {
		return "needs krew and kubectl", errSkip
	}
	env := r.environment(r.root())
	if _, err := r.output(env, r.tool("krew"), "install", "--manifest", filepath.Join(r.dir, "lifecycle.yaml"), "--archive", filepath.Join(r.dir, r.here())); err != nil {
		return "", err
	}
	version, err := r.output(env, r.kubectl, "lifecycle", "version")
	if err != nil {
		return "", err
	}
	if !strings.Contains(version, r.version) {
		return "", fmt.Errorf("kubectl lifecycle version says %q, not %s", version, r.version)
	}
	listed, err := r.output(env, r.kubectl, "plugin", "list")
	if err != nil {
		return "", err
	}
	if !strings.Contains(listed, "kubectl-lifecycle") {
		return "", fmt.Errorf("kubectl plugin list does not list it: %q", listed)
	}
	if _, err := os.Stat(filepath.Join(r.root(), "receipts", "lifecycle.yaml")); err != nil {
		return "", fmt.Errorf("krew wrote no receipt: %w", err)
	}
	for _, args := range [][]string{
		{"lifecycle", "explain", "deploy/web", "-f", "testdata/cluster/rollout-stuck.yaml"},
		{"lifecycle", "termination-timeline", "-f", "testdata/examples/preview/web.yaml"},
		{"lifecycle", "lint", "testdata/examples/preview/web.yaml", "--fail-on", "never"},
	} {
		if _, err := r.output(env, r.kubectl, args...); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("krew installed %s; kubectl lifecycle explains, draws and lints", r.here()), nil
}

func (r *release) root() string { return filepath.Join(r.tmp, "krew") }

// completion lets kubectl itself complete the plugin's words, by the helper that
// the plugin prints.
func (r *release) completion() (string, error) {
	if r.tools == "" || r.kubectl == "" || runtime.GOOS == "windows" {
		return "needs krew, kubectl and a shell", errSkip
	}
	env := r.environment(r.root())
	helper, err := r.output(env, r.kubectl, "lifecycle", "completion", "kubectl")
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(r.root(), "bin", "kubectl_complete-lifecycle"), []byte(helper), 0o755); err != nil {
		return "", err
	}
	words, err := r.output(env, r.kubectl, "__complete", "lifecycle", "term")
	if err != nil {
		return "", err
	}
	if !strings.HasPrefix(words, "termination-timeline") {
		return "", fmt.Errorf("kubectl completes \"lifecycle term\" with %q", words)
	}
	return "kubectl completes the plugin's words through kubectl_complete-lifecycle", nil
}
