package record

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// stillStarting is how long a pod that was removed at once is watched on: its
// start goes on without it.
const stillStarting = 8 * time.Second

// runEarly deletes the pod at its age, while it may still be starting.
func (r *Recorder) runEarly(ctx context.Context, c *Case) error {
	err := r.until(ctx, "the pod to be bound", c.Name, upLimit, func(s *subject) bool { return s.first["PodScheduled/"] })
	if err != nil {
		return err
	}
	r.mu.Lock()
	bound, _ := r.subject(c.Name).firstOf(func(e Event) bool { return e.Type == "PodScheduled" })
	r.mu.Unlock()
	logs := r.followLogs(ctx, c)
	defer logs.close()
	if err := r.pause(ctx, time.Until(bound.Add(c.Age))); err != nil {
		return err
	}
	if err := r.trigger(ctx, c); err != nil {
		return err
	}
	if c.Trigger.Forced {
		if err := r.pause(ctx, stillStarting); err != nil {
			return err
		}
	}
	if err := r.until(ctx, "the end", c.Name, endLimit, c.ended); err != nil {
		return err
	}
	if err := r.pause(ctx, 500*time.Millisecond); err != nil {
		return err
	}
	logs.stop()
	return r.addSignals(c, logs.signals)
}

// setAge notes the age that the pod had at time 0.
func (c *Case) setAge(s *subject, zero time.Time) {
	bound, ok := s.firstOf(func(e Event) bool { return e.Type == "PodScheduled" })
	if c.Kind != EarlyDelete || !ok {
		return
	}
	age := math.Round(zero.Sub(bound).Seconds()*1000) / 1000
	flags := []string{"--at", strconv.FormatFloat(age, 'f', -1, 64) + "s"}
	for i := 0; i < len(c.Flags); i++ {
		if c.Flags[i] == "--at" || c.Flags[i] == "--then" { // of an attempt before this one
			i++
			continue
		}
		flags = append(flags, c.Flags[i])
	}
	for _, then := range c.Trigger.Then {
		flags = append(flags, "--then", fmt.Sprintf("%d@%gs", then.GracePeriodSeconds, then.AfterSeconds))
	}
	c.Flags = flags
}

// restartsFollowed is how many runs of one container have their logs read.
const restartsFollowed = 4

// A logFollower opens the logs of containers as they come to be.
type logFollower struct {
	logFiles
	cancel context.CancelFunc
	done   chan struct{}
}

func (r *Recorder) followLogs(ctx context.Context, c *Case) *logFollower {
	ctx, cancel := context.WithCancel(ctx)
	f := &logFollower{logFiles: logFiles{files: map[string]*os.File{}}, cancel: cancel, done: make(chan struct{})}
	r.mu.Lock()
	uid := string(r.subject(c.Name).latest.UID)
	r.mu.Unlock()
	dir := filepath.Join(r.node.LogDir, r.namespace+"_"+c.Name+"_"+uid)
	go func() {
		defer close(f.done)
		for r.pause(ctx, 20*time.Millisecond) == nil {
			f.openNew(dir, c)
		}
	}()
	return f
}

func (f *logFollower) openNew(dir string, c *Case) {
	for _, k := range c.trapping() {
		for n := range restartsFollowed {
			key := k + "/" + strconv.Itoa(n)
			if f.files[key] != nil {
				continue
			}
			file, err := os.Open(filepath.Join(dir, k, strconv.Itoa(n)+".log"))
			if err != nil {
				break // not there yet
			}
			f.files[key] = file
		}
	}
}

func (f *logFollower) stop() {
	f.cancel()
	<-f.done
}

func (f *logFollower) close() {
	f.stop()
	f.logFiles.close()
}
