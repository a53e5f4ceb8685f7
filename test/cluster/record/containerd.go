package record

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/harness"
)

// task is one of containerd's task events, of a container or of a process
// executed in it.
type task struct {
	at        time.Time
	topic     string // start, exec-started, exit
	pod       string
	namespace string
	container string // empty: the pod's sandbox
	exec      string // empty: the container itself
	exitCode  int
}

type taskJSON struct {
	ContainerID string    `json:"container_id"`
	ID          string    `json:"id"`
	ExecID      string    `json:"exec_id"`
	ExitStatus  int       `json:"exit_status"`
	ExitedAt    time.Time `json:"exited_at"`
}

// identity is what a container's runtime bundle says about it.
type identity struct {
	Annotations struct {
		Kind      string `json:"io.kubernetes.cri.container-type"`
		Container string `json:"io.kubernetes.cri.container-name"`
		Pod       string `json:"io.kubernetes.cri.sandbox-name"`
		Namespace string `json:"io.kubernetes.cri.sandbox-namespace"`
	} `json:"annotations"`
}

// follower turns the stream of "ctr events" into tasks.
type follower struct {
	bundles string
	mu      sync.Mutex
	known   map[string]identity
	emit    func(task)
}

// followContainerd streams the node's task events until ctx ends. It returns
// when the stream is established.
func followContainerd(ctx context.Context, node *harness.Node, emit func(task)) error {
	f := &follower{bundles: node.Bundles, known: map[string]identity{}, emit: emit}
	cmd := node.Ctr(ctx, "events")
	out, err := cmd.StdoutPipe()
	if err != nil {
		return fmt.Errorf("following containerd: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("following containerd: %w", err)
	}
	go func() {
		f.read(out)
		_ = cmd.Wait() // ends with ctx, by a kill
	}()
	return nil
}

func (f *follower) read(r io.Reader) {
	scan := bufio.NewScanner(r)
	scan.Buffer(nil, 1<<20)
	for scan.Scan() {
		if t, ok := f.parse(scan.Text()); ok {
			f.emit(t)
		}
	}
}

// parse reads a line like
//
//	2026-11-21 21:19:56.573916791 +0000 UTC k8s.io /tasks/exit {"container_id":…}
func (f *follower) parse(line string) (task, bool) {
	head, body, found := strings.Cut(line, " {")
	fields := strings.Fields(head)
	if !found || len(fields) != 6 || !strings.HasPrefix(fields[5], "/tasks/") {
		return task{}, false
	}
	at, err := time.Parse("2006-01-02 15:04:05.999999999 -0700 MST", strings.Join(fields[:4], " "))
	if err != nil {
		return task{}, false
	}
	var j taskJSON
	if err := json.Unmarshal([]byte("{"+body), &j); err != nil {
		return task{}, false
	}
	who, ok := f.identify(j.ContainerID)
	if !ok {
		return task{}, false
	}
	t := task{at: at, topic: strings.TrimPrefix(fields[5], "/tasks/"), exec: j.ExecID, exitCode: j.ExitStatus,
		pod: who.Annotations.Pod, namespace: who.Annotations.Namespace, container: who.Annotations.Container}
	if t.topic == "exit" {
		t.at = j.ExitedAt
		if j.ID != j.ContainerID {
			t.exec = j.ID
		}
	}
	return t, true
}

// identify reads a container's bundle, which is there from before its start
// until after its exit.
func (f *follower) identify(id string) (identity, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if who, ok := f.known[id]; ok {
		return who, true
	}
	b, err := os.ReadFile(filepath.Join(f.bundles, id, "config.json"))
	if err != nil {
		return identity{}, false
	}
	var who identity
	if err := json.Unmarshal(b, &who); err != nil {
		return identity{}, false
	}
	f.known[id] = who
	return who, true
}
