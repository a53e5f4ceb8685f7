package record

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/harness"
)

// Batch says how many cases are recorded at a time.
type Batch struct {
	Namespace string
	Parallel  int
	Every     time.Duration // one start per that time
	Horizon   time.Duration // restarts: how long each is watched; start-up: at most
}

// Record runs all cases in a namespace of their own. A case that cannot be
// recorded is reported to log and left out; what was recorded is returned also
// when ctx ends early.
func Record(ctx context.Context, c *harness.Cluster, node *harness.Node, cases []*Case, b Batch, log func(string, ...any)) ([]*Case, error) {
	core := c.Client.CoreV1()
	ns := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: b.Namespace}}
	if _, err := core.Namespaces().Create(ctx, ns, metav1.CreateOptions{}); err != nil {
		return nil, fmt.Errorf("making namespace %s: %w", b.Namespace, err)
	}
	if err := c.WaitForServiceAccount(ctx, b.Namespace); err != nil {
		return nil, err
	}
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	r, err := New(inner, c, node, b.Namespace, log)
	if err != nil {
		return nil, err
	}
	done := make([]bool, len(cases))
	slots := make(chan struct{}, b.Parallel)
	var wg sync.WaitGroup
	for i, k := range cases {
		slots <- struct{}{}
		if r.pause(ctx, b.Every) != nil {
			break
		}
		wg.Add(1)
		go func() {
			defer func() { <-slots; wg.Done() }()
			if err := r.Run(ctx, k, b.Horizon); err != nil {
				log("left out: %v", err)
				return
			}
			done[i] = true
		}()
	}
	wg.Wait()
	var kept []*Case
	for i, k := range cases {
		if done[i] {
			kept = append(kept, k)
		}
	}
	return kept, nil
}

// Write writes recordings to a file, as the ones in testdata/truth are.
func Write(path string, cases []*Case) error {
	b, err := json.MarshalIndent(cases, "", " ")
	if err != nil {
		return fmt.Errorf("writing recordings: %w", err)
	}
	if err := os.WriteFile(path, append(b, '\n'), 0o644); err != nil {
		return fmt.Errorf("writing recordings: %w", err)
	}
	return nil
}
