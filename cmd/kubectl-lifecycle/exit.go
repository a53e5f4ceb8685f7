package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"syscall"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/load"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/render"
)

// The exit codes of all commands.
const (
	exitDone     = 0
	exitFindings = 1
	exitNotDone  = 2
)

// errFindings means that the answer was printed and reaches the threshold of
// --fail-on.
var errFindings = errors.New("findings at or above --fail-on")

// errNotDone means that the work could not be done in full and that stderr
// already says why.
var errNotDone = errors.New("not all of the input could be read")

// A usageError is a command line that makes no sense.
type usageError struct {
	message string
	command string
}

func (e *usageError) Error() string { return e.message }

func usagef(format string, args ...any) error {
	return &usageError{message: fmt.Sprintf(format, args...)}
}

// exitCode reports an error to the user and turns it into an exit code. It is
// the only place that does either.
func exitCode(err error, talk io.Writer) int {
	var usage *usageError
	var user *load.UserError
	var input *analyze.InputError
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errFindings):
		return exitFindings
	case errors.Is(err, errNotDone):
	case errors.Is(err, syscall.EPIPE): // the reader has seen enough
		return exitDone
	case errors.Is(err, context.Canceled):
		complain(talk, "interrupted")
	case errors.As(err, &usage):
		complain(talk, usage.message, fmt.Sprintf("see   %s --help", usage.command))
	case errors.As(err, &user):
		complain(talk, user.Message, user.Hints...)
	case errors.As(err, &input):
		complain(talk, input.Error(), input.Help)
	default:
		complain(talk, err.Error())
	}
	return exitNotDone
}

// complain prints one sentence and at most a few lines that can be pasted.
// There is nobody left to tell if writing to stderr fails.
func complain(talk io.Writer, message string, hints ...string) {
	_, _ = fmt.Fprintf(talk, "error: %s\n", render.Escape(message))
	for _, hint := range hints {
		if hint != "" {
			_, _ = fmt.Fprintf(talk, "  %s\n", render.Escape(hint))
		}
	}
}
