package record

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// logFiles holds the logs of a pod's containers open: the kubelet removes the
// files with the pod, but what is open stays readable.
type logFiles struct {
	files map[string]*os.File
}

// openLogs opens the first log of each container that prints something.
func (r *Recorder) openLogs(c *Case) (*logFiles, error) {
	r.mu.Lock()
	uid := string(r.subject(c.Name).latest.UID)
	r.mu.Unlock()
	l := &logFiles{files: map[string]*os.File{}}
	deadline := time.Now().Add(upLimit)
	for _, k := range c.trapping() {
		path := filepath.Join(r.node.LogDir, r.namespace+"_"+c.Name+"_"+uid, k, "0.log")
		for {
			f, err := os.Open(path)
			if err == nil {
				l.files[k] = f
				break
			}
			if time.Now().After(deadline) {
				l.close()
				return nil, fmt.Errorf("opening the log of container %s: %w", k, err)
			}
			time.Sleep(50 * time.Millisecond)
		}
	}
	return l, nil
}

func (l *logFiles) close() {
	for _, f := range l.files {
		_ = f.Close()
	}
}

func (l *logFiles) read(container string) ([]byte, error) {
	f, ok := l.files[container]
	if !ok {
		return nil, nil
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("reading the log of container %s: %w", container, err)
	}
	return io.ReadAll(f)
}

func (l *logFiles) contains(container, text string) bool {
	b, err := l.read(container)
	return err == nil && bytes.Contains(b, []byte(text))
}

// signals returns when each container's own trap saw a signal.
func (l *logFiles) signals() ([]sighting, error) {
	var out []sighting
	var errs []error
	for k := range l.files {
		container, _, _ := strings.Cut(k, "/")
		b, err := l.read(k)
		errs = append(errs, err)
		scan := bufio.NewScanner(bytes.NewReader(b))
		for scan.Scan() {
			fields := strings.Fields(scan.Text()) // TIME stdout F SIG TERM
			if len(fields) != 5 || fields[3] != "SIG" {
				continue
			}
			at, err := time.Parse(time.RFC3339Nano, fields[0])
			if err != nil {
				errs = append(errs, fmt.Errorf("reading the log of container %s: %w", k, err))
				continue
			}
			out = append(out, sighting{at, Event{Type: "SignalSent", Container: container, Signal: fields[4]}})
		}
	}
	return out, errors.Join(errs...)
}
