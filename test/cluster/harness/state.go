package harness

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Process is a process known beyond doubt: its id together with its start time,
// in clock ticks since boot. An id alone may have been given to somebody else.
type Process struct {
	Name  string `json:"name"`
	PID   int    `json:"pid"`
	Start uint64 `json:"start"`
}

// State is what a later run must know to clean up after this one. It is written
// before anything is started, and again after every start.
type State struct {
	ID        string    `json:"id"`
	Owner     *Process  `json:"owner,omitempty"` // absent: meant to outlive whoever started it
	Processes []Process `json:"processes"`
	Cgroups   []string  `json:"cgroups"` // names below each cgroup hierarchy
	Node      bool      `json:"node"`
	Created   time.Time `json:"created"`
}

// RunsDir is where all runs of this user have their folders, whichever clone
// of the project they came from.
func RunsDir() string {
	return filepath.Join(os.TempDir(), "kubectl-lifecycle-"+strconv.Itoa(os.Getuid()))
}

func statePath(dir string) string { return filepath.Join(dir, "state.json") }

func (s *State) save(dir string) error {
	b, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		return fmt.Errorf("recording what was started: %w", err)
	}
	tmp := statePath(dir) + ".new"
	if err := os.WriteFile(tmp, b, 0o600); err != nil {
		return fmt.Errorf("recording what was started: %w", err)
	}
	if err := os.Rename(tmp, statePath(dir)); err != nil {
		return fmt.Errorf("recording what was started: %w", err)
	}
	return nil
}

func loadState(dir string) (*State, error) {
	b, err := os.ReadFile(statePath(dir))
	if err != nil {
		return nil, fmt.Errorf("reading the record of a run: %w", err)
	}
	var s State
	if err := json.Unmarshal(b, &s); err != nil {
		return nil, fmt.Errorf("reading the record of a run, %s: %w", statePath(dir), err)
	}
	return &s, nil
}

// identify returns the running process with this id.
func identify(name string, pid int) (Process, error) {
	b, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return Process{}, fmt.Errorf("identifying process %d: %w", pid, err)
	}
	// The second field, the command in brackets, may hold blanks.
	_, rest, found := strings.Cut(string(b), ") ")
	fields := strings.Fields(rest)
	if !found || len(fields) < 20 {
		return Process{}, fmt.Errorf("identifying process %d: unexpected /proc/%d/stat", pid, pid)
	}
	if fields[0] == "Z" {
		return Process{}, fmt.Errorf("identifying process %d: %w", pid, os.ErrProcessDone)
	}
	start, err := strconv.ParseUint(fields[19], 10, 64)
	if err != nil {
		return Process{}, fmt.Errorf("identifying process %d: %w", pid, err)
	}
	return Process{Name: name, PID: pid, Start: start}, nil
}

// Alive tells whether exactly this process still runs.
func (p Process) Alive() bool {
	now, err := identify(p.Name, p.PID)
	return err == nil && now.Start == p.Start
}

// stop kills the process. Nothing in a run is worth a polite end, which takes
// an API server with open watches a minute.
func (p Process) stop() error {
	if !p.Alive() {
		return nil
	}
	if err := syscall.Kill(p.PID, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("stopping %s (process %d): %w", p.Name, p.PID, err)
	}
	for end := time.Now().Add(30 * time.Second); p.Alive() && time.Now().Before(end); {
		time.Sleep(20 * time.Millisecond)
	}
	if p.Alive() {
		return fmt.Errorf("stopping %s (process %d): it survived SIGKILL", p.Name, p.PID)
	}
	return nil
}

// Run is a run that left a record.
type Run struct {
	Dir   string
	State State
}

// InUse tells whether the run still belongs to somebody: its owner lives, or it
// was started to outlive its owner and its processes live.
func (r Run) InUse() bool {
	if r.State.Owner != nil {
		return r.State.Owner.Alive()
	}
	for _, p := range r.State.Processes {
		if p.Alive() {
			return true
		}
	}
	return false
}

// Runs lists the runs of this user, oldest first. A folder without a readable
// record (the run died before it had started anything) is listed too.
func Runs() ([]Run, error) {
	entries, err := os.ReadDir(RunsDir())
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("looking for earlier runs: %w", err)
	}
	var runs []Run
	for _, e := range entries {
		dir := filepath.Join(RunsDir(), e.Name())
		s, err := loadState(dir)
		if err != nil {
			info, ierr := e.Info()
			if ierr != nil || time.Since(info.ModTime()) < time.Minute {
				continue // just being made by somebody else
			}
			s = &State{ID: e.Name(), Created: info.ModTime()}
		}
		runs = append(runs, Run{Dir: dir, State: *s})
	}
	sort.Slice(runs, func(i, j int) bool { return runs[i].State.Created.Before(runs[j].State.Created) })
	return runs, nil
}

// Clean stops and removes every run of this user that nobody owns any more, and
// says so on log.
func Clean(log func(format string, args ...any)) error {
	runs, err := Runs()
	if err != nil {
		return err
	}
	var errs []error
	for _, r := range runs {
		if r.InUse() {
			continue
		}
		log("cleaning up after an earlier run that was cut short (%s)", r.State.ID)
		errs = append(errs, r.Remove())
	}
	return errors.Join(errs...)
}

// Remove stops everything of the run and deletes its folder.
func (r Run) Remove() error {
	var errs []error
	for i := len(r.State.Processes) - 1; i >= 0; i-- {
		errs = append(errs, r.State.Processes[i].stop())
	}
	for _, name := range r.State.Cgroups {
		errs = append(errs, removeCgroup(name))
	}
	errs = append(errs, unmountBelow(r.Dir))
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("cleaning up run %s: %w", r.State.ID, err)
	}
	if err := os.RemoveAll(r.Dir); err != nil {
		return fmt.Errorf("cleaning up run %s: %w", r.State.ID, err)
	}
	return nil
}
