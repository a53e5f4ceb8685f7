package simulate

import (
	"math"
	"slices"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// A deletion is a delete in the middle of a replay, up to the moment at which
// the kubelet begins to kill. Seconds from the binding.
//
// The pod's worker hears of it at once but acts on it as its next piece of
// work: a sync that runs, or waits for a newer cache, is carried through (K24),
// and then the worker waits for a cache newer than that sync (K22;
// pod_workers.go@v1.36.3: startPodSync, podWorkerLoop).
type deletion struct {
	age   float64
	seen  bool // the worker has heard of it
	turn  bool // it is what the worker does next
	begin float64
	held  []*replayed // what the sync under way starts
	busy  bool        // a sync was under way
	// interrupt ends that sync's wait for volumes; nil = it has none.
	interrupt func()
	// finished: the pod had a final phase before.
	finished bool
}

func (p *startPlan) newDeletion() *deletion {
	if p.deleteAt == nil {
		return nil
	}
	return &deletion{age: *p.deleteAt, begin: analyze.Never}
}

// longestSync is a bound for the time that one sync can take, but for hooks
// and pulls without an end.
func (p *startPlan) longestSync() float64 {
	const spare = 30
	longest := float64(spare)
	for _, c := range p.containers {
		for _, b := range []analyze.Bounds{c.postStart, c.pull} {
			if !math.IsInf(b.Latest, 1) {
				longest += b.Latest
			} else if !math.IsInf(b.Likely, 1) {
				longest += farther * math.Max(b.Likely, b.Earliest+1)
			}
		}
		if c.postStartFails {
			longest += float64(c.specGrace) + minimumGrace
		}
	}
	return longest
}

func (d *deletion) heard() bool { return d != nil && d.seen }

// deleted is the API's news of the delete.
func (r *replay) deleted() {
	d := r.deletion
	d.seen = true
	d.busy = r.worker.busy
	r.wake()
	if d.interrupt != nil {
		d.interrupt()
	}
}

// work is what the worker does when its cache is new enough.
func (r *replay) work() {
	if d := r.deletion; d != nil && d.turn {
		d.begin, r.ended = r.now, true
		return
	}
	r.sync()
}

// settleDeletion says what became of the delete when the replay is over.
func (r *replay) settleDeletion() {
	d := r.deletion
	switch {
	case d == nil || d.seen:
	case r.ended || r.worker.over:
		d.finished, d.begin = true, d.age
	default: // a pod that never rests was replayed no further
		d.begin = d.age
	}
}

// instanceAt is the instance that runs when the kubelet begins to kill, or else
// the one that ended since the delete.
func (d *deletion) instanceAt(c *replayed) (running, early *instance) {
	i := slices.IndexFunc(c.instances, func(i *instance) bool { return i.startAt > d.begin })
	list := c.instances
	if i >= 0 {
		list = list[:i]
	}
	if len(list) == 0 {
		return nil, nil
	}
	last := list[len(list)-1]
	switch {
	case last.exitAt > d.begin:
		return last, nil
	case last.exitAt > d.age:
		return nil, last
	}
	return nil, nil
}

// codeOf is the exit code that the container has when the kubelet begins to kill.
func (d *deletion) codeOf(c *replayed) int32 {
	code := int32(exitKilled)
	for _, inst := range c.instances {
		if inst.exitAt <= d.begin {
			code = inst.code
		}
	}
	return code
}
