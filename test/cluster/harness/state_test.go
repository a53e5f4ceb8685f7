package harness

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestAProcessIsItsIDAndItsStart(t *testing.T) {
	self, err := identify("self", os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if !self.Alive() {
		t.Error("this process is taken for dead")
	}
	other := self
	other.Start++
	if other.Alive() {
		t.Error("a process with our id and another start is taken for us")
	}
	if err := other.stop(); err != nil {
		t.Errorf("stopping somebody who is gone: %v", err)
	}
}

// TestNodesShare: the node as a whole gets what a process of its niceness would.
func TestNodesShare(t *testing.T) {
	dir := t.TempDir()
	for _, file := range []string{"cpu.shares", "cpu.weight.nice"} {
		if err := os.WriteFile(filepath.Join(dir, file), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for nice, want := range map[int][2]string{-10: {"9536", "-10"}, -1: {"1280", "-1"}, 19: {"14", "19"}} {
		weigh(dir, nice)
		for i, file := range []string{"cpu.shares", "cpu.weight.nice"} {
			if got, err := os.ReadFile(filepath.Join(dir, file)); err != nil || string(got) != want[i] {
				t.Errorf("niceness %d: %s is %q (%v), want %s", nice, file, got, err, want[i])
			}
		}
	}
	other := t.TempDir()
	weigh(other, -10)
	if files, err := os.ReadDir(other); err != nil || len(files) != 0 {
		t.Errorf("a hierarchy without a processor controller got %v (%v)", files, err)
	}
}

// TestRemoveEndsWhatWasRecorded also shows that a record alone is enough: the
// run that is removed was never seen by this process.
func TestRemoveEndsWhatWasRecorded(t *testing.T) {
	cmd := exec.Command("sleep", "1000")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p, err := identify("sleep", cmd.Process.Pid)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "run")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	s := &State{ID: "run", Processes: []Process{p}, Created: time.Unix(0, 0)}
	if err := s.save(dir); err != nil {
		t.Fatal(err)
	}
	read, err := loadState(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := (Run{Dir: dir, State: *read}).Remove(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil {
		t.Error("the process ended by itself")
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder is still there: %v", err)
	}
}

func TestForeignCgroupsAreRefused(t *testing.T) {
	for _, name := range []string{"", "system.slice", "../kubectl-lifecycle-1"} {
		if err := removeCgroup(name); err == nil || !strings.Contains(err.Error(), "refusing") {
			t.Errorf("cgroup %q: %v", name, err)
		}
	}
}

func TestInUse(t *testing.T) {
	self, err := identify("self", os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	dead := Process{Name: "dead", PID: self.PID, Start: self.Start + 1}
	for name, test := range map[string]struct {
		state State
		want  bool
	}{
		"its owner lives":                   {State{Owner: &self}, true},
		"its owner is gone":                 {State{Owner: &dead, Processes: []Process{self}}, false},
		"detached, with a process":          {State{Processes: []Process{dead, self}}, true},
		"detached, all its processes ended": {State{Processes: []Process{dead}}, false},
	} {
		if got := (Run{State: test.state}).InUse(); got != test.want {
			t.Errorf("%s: in use = %v, want %v", name, got, test.want)
		}
	}
}
