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
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, newEnv(), os.Args[1:])
	stop()
	os.Exit(code)
}
