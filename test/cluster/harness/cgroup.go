package harness

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// hierarchies lists where cgroups are mounted: one folder per controller (v1),
// or a single one (v2), or both.
func hierarchies() ([]string, error) {
	f, err := os.Open("/proc/self/mounts")
	if err != nil {
		return nil, fmt.Errorf("finding the cgroup mounts: %w", err)
	}
	defer func() { _ = f.Close() }()
	var dirs []string
	scan := bufio.NewScanner(f)
	for scan.Scan() {
		fields := strings.Fields(scan.Text())
		if len(fields) > 2 && (fields[2] == "cgroup" || fields[2] == "cgroup2") {
			dirs = append(dirs, fields[1])
		}
	}
	return dirs, scan.Err()
}

// makeCgroup makes the cgroup NAME in every hierarchy, with a child "node" for
// the node's own programs. The kubelet puts its pods beside that child. Against
// processes outside of it the cgroup counts as one of the niceness nice: the
// niceness of those in it only counts among themselves.
func makeCgroup(name string, nice int) error {
	dirs, err := hierarchies()
	if err != nil {
		return err
	}
	if len(dirs) == 0 {
		return errors.New("no cgroups are mounted")
	}
	for _, dir := range dirs {
		if isV2(dir) {
			enableControllers(dir)
		}
		if err := os.MkdirAll(filepath.Join(dir, name, "node"), 0o755); err != nil {
			return fmt.Errorf("making the node's cgroup: %w", err)
		}
		if isV2(dir) {
			enableControllers(filepath.Join(dir, name))
		}
		inheritCPUSet(filepath.Join(dir, name))
		if nice != 0 {
			weigh(filepath.Join(dir, name), nice)
		}
	}
	return nil
}

// weigh gives a cgroup the share of the processors that a process of the
// niceness has. A hierarchy without a processor controller has no such files.
func weigh(dir string, nice int) {
	const one = 1024 // niceness 0; each step is a factor of 1.25
	shares := strconv.Itoa(int(one * math.Pow(1.25, float64(-nice))))
	for file, value := range map[string]string{"cpu.shares": shares, "cpu.weight.nice": strconv.Itoa(nice)} {
		if path := filepath.Join(dir, file); exists(path) {
			_ = os.WriteFile(path, []byte(value), 0o644) // at worst the node is slower
		}
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// ownNiceness is that of this process, which its children inherit.
func ownNiceness() int {
	raw, err := syscall.Getpriority(syscall.PRIO_PROCESS, 0) // 1 to 40: 20 less the niceness
	if err != nil {
		return 0
	}
	return 20 - raw
}

func isV2(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "cgroup.controllers"))
	return err == nil
}

// enableControllers hands all controllers on to the children. A controller that
// cannot be handed on is the kubelet's to complain about.
func enableControllers(dir string) {
	b, err := os.ReadFile(filepath.Join(dir, "cgroup.controllers"))
	if err != nil {
		return
	}
	for _, c := range strings.Fields(string(b)) {
		_ = os.WriteFile(filepath.Join(dir, "cgroup.subtree_control"), []byte("+"+c), 0o644)
	}
}

// inheritCPUSet fills a new v1 cpuset, which is born empty and then takes no process.
func inheritCPUSet(dir string) {
	for _, file := range []string{"cpuset.cpus", "cpuset.mems"} {
		b, err := os.ReadFile(filepath.Join(filepath.Dir(dir), file))
		if err != nil {
			continue
		}
		for _, d := range []string{dir, filepath.Join(dir, "node")} {
			_ = os.WriteFile(filepath.Join(d, file), b, 0o644)
		}
	}
}

// removeCgroup kills every process in the cgroup NAME, of which only we put
// processes there, and removes it from every hierarchy.
func removeCgroup(name string) error {
	if !strings.HasPrefix(name, "kubectl-lifecycle-") {
		return fmt.Errorf("refusing to empty the cgroup %q, which is not one of ours", name)
	}
	dirs, err := hierarchies()
	if err != nil {
		return err
	}
	deadline := time.Now().Add(30 * time.Second)
	for {
		left := 0
		for _, dir := range dirs {
			left += killBelow(filepath.Join(dir, name))
		}
		if left == 0 {
			break
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%d processes of cgroup %s survived SIGKILL", left, name)
		}
		time.Sleep(50 * time.Millisecond)
	}
	var errs []error
	for _, dir := range dirs {
		errs = append(errs, removeTree(filepath.Join(dir, name)))
	}
	return errors.Join(errs...)
}

func below(top string) []string {
	var dirs []string
	_ = filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			dirs = append(dirs, path)
		}
		return nil // what vanishes while we look needs no removal
	})
	sort.Slice(dirs, func(i, j int) bool { return len(dirs[i]) > len(dirs[j]) })
	return dirs
}

func killBelow(top string) int {
	left := 0
	for _, dir := range below(top) {
		b, err := os.ReadFile(filepath.Join(dir, "cgroup.procs"))
		if err != nil {
			continue
		}
		for _, field := range strings.Fields(string(b)) {
			pid, err := strconv.Atoi(field)
			if err != nil || pid <= 1 || pid == os.Getpid() {
				continue
			}
			left++
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	}
	return left
}

// removeTree removes cgroup folders, innermost first. A dying process can keep
// its cgroup busy for a moment.
func removeTree(top string) error {
	deadline := time.Now().Add(10 * time.Second)
	for {
		var last error
		for _, dir := range below(top) {
			if err := os.Remove(dir); err != nil && !errors.Is(err, os.ErrNotExist) {
				last = err
			}
		}
		if last == nil {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("removing a cgroup: %w", last)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// unmountBelow unmounts what is mounted below dir in our own mount namespace.
// The node has a namespace of its own, so there is normally nothing.
func unmountBelow(dir string) error {
	b, err := os.ReadFile("/proc/self/mounts")
	if err != nil {
		return fmt.Errorf("reading the mounts: %w", err)
	}
	lines := strings.Split(string(b), "\n")
	var errs []error
	for i := len(lines) - 1; i >= 0; i-- {
		fields := strings.Fields(lines[i])
		if len(fields) < 2 || !strings.HasPrefix(fields[1], dir+"/") {
			continue
		}
		if err := syscall.Unmount(fields[1], syscall.MNT_DETACH); err != nil {
			errs = append(errs, fmt.Errorf("unmounting %s: %w", fields[1], err))
		}
	}
	return errors.Join(errs...)
}

// Paths lists the cgroup folders of a run, in every hierarchy.
func (r Run) Paths() []string {
	dirs, err := hierarchies()
	if err != nil {
		return nil
	}
	var paths []string
	for _, name := range r.State.Cgroups {
		for _, dir := range dirs {
			paths = append(paths, filepath.Join(dir, name))
		}
	}
	return paths
}
