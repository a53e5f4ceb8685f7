package testkit

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/harness"
)

const holdEnv = "LIFECYCLE_HOLD_CLUSTER"

// HoldIfAsked makes a test binary that Abandoned started what it is to be: a
// process that starts a cluster, says so, and waits to be killed.
func HoldIfAsked() {
	how := os.Getenv(holdEnv)
	if how == "" {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), Limit)
	defer cancel()
	c, err := harness.Start(ctx, harness.Options{Log: os.Stderr})
	if err == nil && how == "node" {
		_, err = c.AddNode(ctx, "node1")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("holding", c.ID())
	select {} // until the SIGKILL
}

// Abandoned starts a cluster (how is "plane" or "node") in a process of its
// own, calls busy with its record, kills that process without warning, and
// returns the record of what it left behind.
func Abandoned(t *testing.T, how string, busy func(harness.Run)) harness.Run {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), holdEnv+"="+how)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	scan := bufio.NewScanner(out)
	id := ""
	for id == "" && scan.Scan() {
		id, _ = strings.CutPrefix(scan.Text(), "holding ")
	}
	run := find(t, id)
	busy(run)
	if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	return run
}

func find(t *testing.T, id string) harness.Run {
	t.Helper()
	runs, err := harness.Runs()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range runs {
		if r.State.ID == id {
			return r
		}
	}
	t.Fatalf("the started cluster %q has left no record", id)
	return harness.Run{}
}

// NothingLeft starts the next run's cleaning and wants everything of the run to be gone.
func NothingLeft(t *testing.T, run harness.Run) {
	t.Helper()
	alive := 0
	for _, p := range run.State.Processes {
		if p.Alive() {
			alive++
		}
	}
	if alive == 0 {
		t.Fatal("the killed run left no process behind, so that this test shows nothing")
	}
	if err := harness.Clean(t.Logf); err != nil {
		t.Fatal(err)
	}
	for _, p := range run.State.Processes {
		if p.Alive() {
			t.Errorf("%s, process %d, still runs", p.Name, p.PID)
		}
	}
	for _, path := range append([]string{run.Dir}, run.Paths()...) {
		if _, err := os.Stat(path); !os.IsNotExist(err) {
			t.Errorf("%s is still there (%v)", path, err)
		}
	}
	mounts, err := os.ReadFile("/proc/self/mounts")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(mounts), run.Dir) {
		t.Errorf("something of the run is still mounted:\n%s", mounts)
	}
	if run.InUse() {
		t.Error("the run still counts as in use")
	}
}
