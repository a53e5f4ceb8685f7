package explain

import (
	"fmt"
	"time"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// exitCode is the end of an application with an exit code of its own.
func exitCode(k crash) (finding, bool) {
	if k.t.ExitCode == 0 {
		return finding{}, false
	}
	f := finding{Reason: Reason{ID: idAppExits}, actions: k.lookAtLogs()}
	if k.t.ExitCode == 2 {
		f.Detail = "exit code 2 is what many programs use for a wrong flag or argument"
	}
	if k.t.ExitCode == 255 {
		f.Detail = "exit code 255 is -1: an error the program did not name"
		if k.ran >= 0 && k.ran < 2*time.Second {
			f.Detail += "; right after the start it can also mean a program for another CPU architecture (exec format error): its log says so" + k.c.architecture()
		}
	}
	return k.finish(f, fmt.Sprintf("exited with exit code %d", k.t.ExitCode)), true
}

// endsWithZero is a program that ends without an error although its pod wants
// it to run for ever (pain 38, K212).
func endsWithZero(k crash) (finding, bool) {
	if k.t.ExitCode != 0 || k.mode == dead || k.t.Reason == "OOMKilled" {
		return finding{}, false
	}
	f := finding{Reason: Reason{
		ID:     idEndsWithZero,
		Detail: "restartPolicy Always restarts it whatever the exit code; a task that ends belongs into a Job, a server must stay in the foreground",
		Rule:   "K212",
		Evidence: []Evidence{
			k.v.see("spec.restartPolicy", string(k.v.pod.Spec.RestartPolicy)),
		},
	}, actions: k.lookAtLogs()}
	f = k.finish(f, "ended by itself with exit code 0")
	label := k.c.label()
	if n := k.c.restarts(); n > 0 {
		f.says = fmt.Sprintf("%s: %s ends with exit code 0 and is restarted again and again", k.verb(), label)
	} else {
		f.says = fmt.Sprintf("%s: %s ended with exit code 0 and will be restarted", k.verb(), label)
	}
	return f, true
}

// exitNotFound is a shell's or runtime's "command not found" (127).
func exitNotFound(k crash) (finding, bool) {
	if k.t.ExitCode != 127 {
		return finding{}, false
	}
	f := finding{Reason: Reason{
		ID:     idExit127,
		Detail: "127 is what a shell returns when a command or a library does not exist in the image",
	}, actions: k.lookAtLogs()}
	return k.finish(f, "exited with exit code 127 (command not found)"), true
}

// exitNotExecutable is a shell's "cannot execute" (126).
func exitNotExecutable(k crash) (finding, bool) {
	if k.t.ExitCode != 126 {
		return finding{}, false
	}
	f := finding{Reason: Reason{
		ID:     idExit126,
		Detail: "126 is what a shell returns when a file exists but cannot be executed: no execute bit, or built for another CPU",
	}, actions: k.lookAtLogs()}
	return k.finish(f, "exited with exit code 126 (command cannot be executed)"), true
}

// signalWords say what the usual signals mean for a container.
func signalWords() map[int32]string {
	return map[int32]string{
		1:  "SIGHUP: its controlling process went away",
		2:  "SIGINT: it was interrupted",
		3:  "SIGQUIT: it was asked to quit",
		4:  "SIGILL: it executed an instruction that this CPU does not have",
		6:  "SIGABRT: the program aborted itself (assertion, abort, panic in native code)",
		7:  "SIGBUS: a bad memory access, or a memory-mapped file that became shorter",
		8:  "SIGFPE: an arithmetic error such as a division by zero",
		9:  "SIGKILL: somebody killed it; neither an event nor the reason says who",
		11: "SIGSEGV: the program accessed memory that is not its own",
		13: "SIGPIPE: it wrote to a closed connection",
		14: "SIGALRM: a timer of its own ended it",
		15: "SIGTERM: it was asked to stop",
		24: "SIGXCPU: it used up its CPU time limit",
		25: "SIGXFSZ: it reached its file size limit",
		31: "SIGSYS: it made a system call that is not allowed (seccomp)",
	}
}

// exitSignal is an exit code of 128 + a signal (K48: terminated.signal is always 0).
func exitSignal(k crash) (finding, bool) {
	n := k.t.ExitCode - 128
	if n == -128 && k.t.Signal != 0 {
		n = k.t.Signal
	}
	what, ok := signalWords()[n]
	if !ok {
		return finding{}, false
	}
	f := finding{Reason: Reason{ID: idExitSignal, Detail: what, Rule: "K288"}, actions: k.lookAtLogs()}
	switch n {
	case 9:
		f.ID, f.Certainty = idKilled137, Likely
		f.Why = "the reason is Error, so the runtime saw no memory kill; no event names another killer"
		if !k.v.seesEvents() {
			f.Certainty, f.Why = Possible, "events could not be seen; they would tell whether a probe or a deletion killed it"
			f.gaps = append(f.gaps, missing(analyze.KindEvent, k.v.o.Namespace, "who killed the container"))
		}
	case 15:
		f.ID = idExit143
		f.Detail = "143 is SIGTERM: it was asked to stop and ended without an exit code of its own; the kubelet calls that Error"
	}
	return k.finish(f, fmt.Sprintf("exited with exit code %d (%s)", k.t.ExitCode, signalName(n))), true
}
