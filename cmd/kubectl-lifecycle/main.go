// Command kubectl-lifecycle is the kubectl plugin `kubectl lifecycle`. It turns
// the command line into a plan, walks it through the rooms (load, an engine,
// render) and picks the exit code. The clock, the terminal, the environment and
// os.Exit live here and nowhere else; knowledge of Kubernetes does not.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := interruptible(ctx, func() int { return run(ctx, newEnv(), os.Args[1:]) })
	stop()
	os.Exit(code)
}

// interruptible runs the command until it ends or is interrupted. Requests end
// with the context and say what they were; the moment after is for them. A read
// or a long computation does not look at the context, and is left where it is.
func interruptible(ctx context.Context, command func() int) int {
	done := make(chan int, 1)
	go func() { done <- command() }()
	select {
	case code := <-done:
		return code
	case <-ctx.Done():
	}
	select {
	case code := <-done:
		return code
	case <-time.After(time.Second):
		return exitCode(ctx.Err(), os.Stderr)
	}
}
