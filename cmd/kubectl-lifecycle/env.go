package main

import (
	"io"
	"os"
	"runtime"
	"strings"
	"time"

	"k8s.io/cli-runtime/pkg/printers"
	"k8s.io/kubectl/pkg/util/term"
)

// env is all of the outside world a command may touch, so that tests can hand
// in another one.
type env struct {
	In       io.Reader
	Out, Err io.Writer
	Now      func() time.Time
	Getenv   func(string) string
	// Width is that of the terminal on Out in columns, 0 if it is none.
	Width func() int
	// TalkTerminal says whether Err is a terminal, so that progress may be shown.
	TalkTerminal bool
}

func newEnv() *env {
	return &env{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		Now: time.Now, Getenv: os.Getenv,
		Width:        func() int { return terminalWidth(os.Stdout) },
		TalkTerminal: term.IsTerminal(os.Stderr),
	}
}

func terminalWidth(out io.Writer) int {
	size := term.TTY{Out: out}.GetSize()
	if size == nil {
		return 0
	}
	return int(size.Width)
}

// colors says whether Out understands colour: a terminal, no NO_COLOR, no dumb
// terminal (cli-runtime printers.AllowsColorOutput).
func (e *env) colors() bool { return printers.AllowsColorOutput(e.Out) }

// unicode says whether the locale is UTF-8. No locale at all counts as UTF-8:
// that is a container or a CI job, and those print what they are given.
func (e *env) unicode() bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := strings.ToLower(e.Getenv(name)); v != "" {
			return strings.Contains(v, "utf-8") || strings.Contains(v, "utf8")
		}
	}
	return runtime.GOOS != "windows" || e.Getenv("WT_SESSION") != ""
}
