package record

import (
	"context"
	"sync"
	"time"
)

// stalls notes when this machine kept us waiting for a processor. What was
// recorded meanwhile says more about the machine than about Kubernetes.
type stalls struct {
	mu   sync.Mutex
	seen []stall
}

type stall struct {
	at   time.Time
	late time.Duration
}

const beat = 10 * time.Millisecond

// watch beats until ctx ends and notes every beat that came late.
func (s *stalls) watch(ctx context.Context) {
	last := time.Now()
	ticker := time.NewTicker(beat)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		now := time.Now()
		if late := now.Sub(last) - beat; late > 2*beat {
			s.mu.Lock()
			s.seen = append(s.seen, stall{now, late})
			s.mu.Unlock()
		}
		last = now
	}
}

// worst returns the longest delay between two moments.
func (s *stalls) worst(from, to time.Time) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	var worst time.Duration
	for _, x := range s.seen {
		if x.at.After(from) && x.at.Add(-x.late).Before(to) {
			worst = max(worst, x.late)
		}
	}
	return worst
}
