package main

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

const (
	starts = 25
	// slowest is how much longer than kubectl's own the start may take.
	slowest = 1.5
)

// startTime compares the medians of "version" and "kubectl version --client",
// taken in turns so that a busy machine is as busy for both.
func (r *release) startTime() (string, error) {
	if r.tools == "" || r.kubectl == "" {
		return "needs the installed plugin and kubectl", errSkip
	}
	ours := filepath.Join(r.root(), "bin", "kubectl-lifecycle")
	var mine, theirs []time.Duration
	for range starts {
		a, err := r.time(ours, "version")
		if err != nil {
			return "", err
		}
		b, err := r.time(r.kubectl, "version", "--client")
		if err != nil {
			return "", err
		}
		mine, theirs = append(mine, a), append(theirs, b)
	}
	a, b := median(mine), median(theirs)
	ratio := float64(a) / float64(b)
	text := fmt.Sprintf("version takes %v, kubectl version --client %v: %.2f times (at most %.1f), medians of %d", a.Round(time.Millisecond/10), b.Round(time.Millisecond/10), ratio, slowest, starts)
	if ratio > slowest {
		return "", fmt.Errorf("%s", text)
	}
	return text, nil
}

func (r *release) time(program string, args ...string) (time.Duration, error) {
	cmd := exec.Command(program, args...)
	cmd.Env = r.environment(r.root())
	from := time.Now()
	err := cmd.Run()
	return time.Since(from), err
}

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}
