package main

import (
	"context"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the expected output in the scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"kubectl-lifecycle": main})
}

// TestScripts runs the program as its users do. Each script is one story.
func TestScripts(t *testing.T) {
	data, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "../../testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("TESTDATA", data)
			env.Setenv("TZ", "UTC")
			env.Setenv("LANG", "C.UTF-8")
			env.Setenv("KUBECONFIG", filepath.Join(env.WorkDir, "no-kubeconfig"))
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exitcode": exitcode},
	})
}

// exitcode N CMD… runs a command and demands this very exit code, which
// testscript's "!" cannot.
func exitcode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exitcode N command [args...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	if exit, ok := err.(*exec.ExitError); ok { //nolint:errorlint // Exec returns it unwrapped
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

func TestTestdataIsThere(t *testing.T) {
	if _, err := os.Stat("../../testdata/cluster/healthy.yaml"); err != nil {
		t.Fatal(err)
	}
}

// An interruption ends also what does not look at the context; what does may
// say itself how it ended.
func TestInterruptible(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if got := interruptible(ctx, func() int { select {} }); got != exitNotDone {
		t.Errorf("exit code of a command that computes for ever: %d, want %d", got, exitNotDone)
	}
	if got := interruptible(context.Background(), func() int { return exitFindings }); got != exitFindings {
		t.Errorf("exit code of a command that ends: %d, want %d", got, exitFindings)
	}
}
