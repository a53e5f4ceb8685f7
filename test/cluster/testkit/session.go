package testkit

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/harness"
)

// Session is the cluster of one test binary, from TestMain's start to its end.
type Session struct {
	Env
	Context context.Context // ends when the start-up takes far too long
	signals chan os.Signal
	cancel  context.CancelFunc
}

// Begin builds what is missing, starts a control plane and builds the plugin.
// On Ctrl-C the cluster is stopped and the process ends with 130.
func Begin(opts harness.Options) (*Session, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 40*time.Minute)
	s := &Session{Context: ctx, cancel: cancel, signals: make(chan os.Signal, 1)}
	signal.Notify(s.signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	started := make(chan struct{})
	go func() {
		if _, ok := <-s.signals; !ok {
			return
		}
		fmt.Fprintln(os.Stderr, "interrupted: stopping the cluster")
		cancel()
		<-started
		s.stop()
		os.Exit(130)
	}()
	c, err := harness.Start(ctx, opts)
	s.Cluster = c
	if err == nil {
		s.Plugin, err = Build(ctx)
	}
	close(started)
	if err != nil {
		interrupted := errors.Is(ctx.Err(), context.Canceled)
		s.End()
		if interrupted {
			return nil, errors.New("interrupted")
		}
		return nil, err
	}
	return s, nil
}

// End stops the cluster and says so if that fails.
func (s *Session) End() {
	signal.Stop(s.signals)
	s.stop()
	s.cancel()
}

func (s *Session) stop() {
	if s.Cluster == nil {
		return
	}
	if err := s.Cluster.Stop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}
