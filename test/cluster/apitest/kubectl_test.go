package apitest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/testkit"
)

// kubectl runs the real kubectl with the plugin in PATH.
func kubectl(t *testing.T, args ...string) testkit.Output {
	t.Helper()
	dir := t.TempDir()
	links := map[string]string{"kubectl": env.Cluster.Bin.Path("kubectl"), "kubectl-lifecycle": env.Plugin}
	for name, target := range links {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	path := []string{"KUBECONFIG=" + env.Cluster.Kubeconfig, "PATH=" + dir + ":" + os.Getenv("PATH")}
	helper := testkit.Exec(t, path, env.Plugin, "completion", "kubectl")
	if err := os.WriteFile(filepath.Join(dir, "kubectl_complete-lifecycle"), []byte(helper.Stdout), 0o755); err != nil {
		t.Fatal(err)
	}
	return testkit.Exec(t, path, filepath.Join(dir, "kubectl"), args...)
}

func TestKubectlRunsThePlugin(t *testing.T) {
	ns := env.Namespace(t, "kubectl")
	crashing(t, ns)
	if out := kubectl(t, "plugin", "list"); !strings.Contains(out.Stdout, "kubectl-lifecycle") {
		t.Errorf("kubectl plugin list does not show the plugin:\n%s%s", out.Stdout, out.Stderr)
	}
	out := kubectl(t, "lifecycle", "explain", "pod/web", "-n", ns)
	if out.Code != 0 || !strings.Contains(out.Stdout, "CrashLoopBackOff") {
		t.Errorf("kubectl lifecycle explain: exit code %d\n%s%s", out.Code, out.Stdout, out.Stderr)
	}
	if out := kubectl(t, "lifecycle", "explain", "--help"); !strings.Contains(out.Stdout, "kubectl lifecycle explain") {
		t.Errorf("the help does not call the command by the name it is called by:\n%s", out.Stdout)
	}
	// The exit code comes through kubectl.
	if out := kubectl(t, "lifecycle", "explain", "pod/web", "-n", ns, "--fail-on", "error"); out.Code != 1 {
		t.Errorf("--fail-on error: exit code %d, want 1\n%s", out.Code, out.Stderr)
	}
}

func TestCompletionThroughKubectl(t *testing.T) {
	ns := env.Namespace(t, "completion")
	crashing(t, ns)
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"lifecycle", "exp"}, "explain"},
		{[]string{"lifecycle", "explain", "-n", ns, "pod/"}, "pod/web"},
		{[]string{"lifecycle", "explain", "-n", ns, "pod", "w"}, "web"},
		{[]string{"lifecycle", "explain", "-o", ""}, "json"},
		{[]string{"lifecycle", "explain", "-n", "comp"}, ns},
	} {
		out := kubectl(t, append([]string{"__complete"}, test.args...)...)
		var words []string
		for line := range strings.Lines(out.Stdout) {
			word, _, _ := strings.Cut(strings.TrimSpace(line), "\t")
			words = append(words, word)
		}
		if out.Code != 0 || !slices.Contains(words, test.want) {
			t.Errorf("completing %q: exit code %d, want %q among %q\n%s", test.args, out.Code, test.want, words, out.Stderr)
		}
	}
}
