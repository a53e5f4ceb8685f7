package record

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
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
	// Again is how often cases are repeated during which the machine stalled.
	Again int
	// Before, if given, is called when a pod to be ended is up, right before that.
	Before func(ctx context.Context, c *Case)
}

// stallLimit is the delay from which a recording is rather made again.
const stallLimit = 150 * time.Millisecond

// Record runs all cases in a namespace of their own. A case that cannot be
// recorded is reported to log and left out; what was recorded is returned also
// when ctx ends early.
func Record(ctx context.Context, c *harness.Cluster, node *harness.Node, cases []*Case, b Batch, log func(string, ...any)) ([]*Case, error) {
	best := map[string]Case{}
	for round := 0; len(cases) > 0; round++ {
		now := b
		if round > 0 {
			now.Namespace = fmt.Sprintf("%s-%d", b.Namespace, round)
		}
		done, err := once(ctx, c, node, cases, now, log)
		if err != nil {
			return nil, err
		}
		for _, k := range done {
			if old, ok := best[k.Name]; !ok || k.Stall < old.Stall {
				best[k.Name] = k.snapshot()
			}
		}
		again := slices.DeleteFunc(slices.Clone(cases), func(k *Case) bool {
			have, ok := best[k.Name]
			return ok && have.Stall <= stallLimit.Seconds()
		})
		if round >= b.Again || ctx.Err() != nil {
			break
		}
		if len(again) > 0 {
			log("the machine stalled during %d of %d recordings, making them again", len(again), len(cases))
		}
		cases = again
	}
	kept := make([]*Case, 0, len(best))
	for _, k := range best {
		kept = append(kept, &k)
	}
	slices.SortFunc(kept, func(a, b *Case) int { return a.number() - b.number() })
	return kept, nil
}

// number is the case's place in its batch, with which its name ends.
func (c *Case) number() int {
	n, _ := strconv.Atoi(c.Name[strings.LastIndex(c.Name, "-")+1:]) // other names: all 0, any order
	return n
}

// snapshot is a copy that a repetition does not change.
func (c *Case) snapshot() Case {
	s := *c
	if c.Trigger != nil {
		t := *c.Trigger
		t.Then = slices.Clone(t.Then)
		s.Trigger = &t
	}
	return s
}

func (c *Case) then() []Then {
	if c.Trigger == nil {
		return nil
	}
	return c.Trigger.Then
}

// once records every case once.
func once(ctx context.Context, c *harness.Cluster, node *harness.Node, cases []*Case, b Batch, log func(string, ...any)) ([]*Case, error) {
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
	for _, k := range cases {
		k.Stall = 0
		for i := range k.then() {
			k.Trigger.Then[i].ObservedSeconds = 0
		}
	}
	r, err := New(inner, c, node, b.Namespace, log)
	if err != nil {
		return nil, err
	}
	r.before = b.Before
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
