// Package binaries builds the programs of a real Kubernetes from the pinned
// modules beside it, and keeps them in a git-ignored cache until a version
// changes.
//
// It does not start anything (package harness does), and it does not build the
// plugin under test.
package binaries

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
)

// KubernetesVersion is the version of the servers, as servers/go.mod pins it.
const KubernetesVersion = "v1.36.3"

const versionPackage = "k8s.io/component-base/version"

// Set is a folder with the built programs.
type Set struct {
	Dir string
}

// Path returns the file of one program, for example "kube-apiserver".
func (s Set) Path(name string) string { return filepath.Join(s.Dir, name) }

// Root finds the module's folder (the one that holds servers/ and etcd/) from
// the working directory upwards.
func Root() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("finding the test cluster's folder: %w", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "servers", "go.mod")); err == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", errors.New("finding the test cluster's folder: no servers/go.mod here or above; run this inside test/cluster")
		}
		dir = up
	}
}

type target struct {
	module  string // folder below the root
	flags   []string
	outputs []string
	pkgs    []string
}

func targets() []target {
	ld := "-s -w -X " + versionPackage + ".gitVersion=" + KubernetesVersion +
		" -X " + versionPackage + ".gitMajor=1 -X " + versionPackage + ".gitMinor=36" +
		" -X " + versionPackage + ".gitTreeState=clean"
	kube := []string{"kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl", "kubelet"}
	pkgs := make([]string, 0, len(kube))
	for _, name := range kube {
		pkgs = append(pkgs, "k8s.io/kubernetes/cmd/"+name)
	}
	return []target{
		{module: "etcd", flags: []string{"-ldflags", "-s -w"}, outputs: []string{"etcd"}, pkgs: []string{"go.etcd.io/etcd/server/v3"}},
		{module: "servers", flags: []string{"-ldflags", ld}, outputs: kube, pkgs: pkgs},
		{module: ".", flags: []string{"-ldflags", "-s -w"}, outputs: []string{"probed"}, pkgs: []string{"./probed"}},
	}
}

// Ensure builds what the cache lacks and returns the folder. A build that
// another process does at the same time is waited for. Progress goes to log.
func Ensure(ctx context.Context, root string, log io.Writer) (Set, error) {
	set := Set{Dir: filepath.Join(root, ".cache", "bin")}
	if err := os.MkdirAll(set.Dir, 0o755); err != nil {
		return set, fmt.Errorf("making the cache of binaries: %w", err)
	}
	unlock, err := lock(filepath.Join(set.Dir, ".lock"))
	if err != nil {
		return set, err
	}
	defer unlock()
	for _, t := range targets() {
		if err := ensure(ctx, root, set, t, log); err != nil {
			return set, err
		}
	}
	return set, nil
}

func ensure(ctx context.Context, root string, set Set, t target, log io.Writer) error {
	key, err := cacheKey(filepath.Join(root, t.module), t)
	if err != nil {
		return err
	}
	stamp := set.Path("." + t.outputs[0] + ".key")
	if have, err := os.ReadFile(stamp); err == nil && string(have) == key && allExist(set, t.outputs) {
		return nil
	}
	_, _ = fmt.Fprintf(log, "building %s (kept in %s until a version changes)\n", strings.Join(t.outputs, ", "), set.Dir)
	out := set.Dir + string(filepath.Separator)
	if len(t.outputs) == 1 {
		out = set.Path(t.outputs[0])
	}
	args := append([]string{"build", "-trimpath", "-o", out}, t.flags...)
	cmd := exec.CommandContext(ctx, "go", append(args, t.pkgs...)...)
	cmd.Dir = filepath.Join(root, t.module)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off")
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("building %s in %s: %w", strings.Join(t.outputs, ", "), cmd.Dir, err)
	}
	if err := os.WriteFile(stamp, []byte(key), 0o644); err != nil {
		return fmt.Errorf("remembering what was built: %w", err)
	}
	return nil
}

// cacheKey changes with the pinned versions, the flags and the Go toolchain; of
// our own small programs with their source too.
func cacheKey(dir string, t target) (string, error) {
	h := sha256.New()
	h.Write(fmt.Appendln(nil, runtime.Version(), runtime.GOARCH, t.flags, t.pkgs))
	files := []string{"go.mod", "go.sum"}
	if t.module == "." {
		files = []string{filepath.Join("probed", "main.go")}
	}
	for _, name := range files {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return "", fmt.Errorf("reading the pinned versions: %w", err)
		}
		h.Write(b)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func allExist(set Set, names []string) bool {
	for _, name := range names {
		if _, err := os.Stat(set.Path(name)); err != nil {
			return false
		}
	}
	return true
}

func lock(path string) (func(), error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, fmt.Errorf("locking the cache of binaries: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		return nil, errors.Join(fmt.Errorf("locking the cache of binaries: %w", err), f.Close())
	}
	return func() { _ = f.Close() }, nil
}
