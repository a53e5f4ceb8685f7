package simulate

import (
	"fmt"
	"math"
	"path"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"mvdan.cc/sh/v3/syntax"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// commandOf is the container's command line with $(NAME) filled in from its
// literal environment; written is false when the image's entrypoint decides.
func commandOf(c *corev1.Container) (args []string, written bool) {
	if len(c.Command) == 0 {
		return nil, false
	}
	env := literalEnv(c)
	for _, a := range slices.Concat(c.Command, c.Args) {
		for name, value := range env {
			a = strings.ReplaceAll(a, "$("+name+")", value)
		}
		args = append(args, strings.ReplaceAll(a, "$$(", "$("))
	}
	return args, true
}

// literalEnv are the variables whose values stand in the manifest.
func literalEnv(c *corev1.Container) map[string]string {
	env := map[string]string{}
	for _, e := range c.Env {
		if e.ValueFrom == nil && !strings.Contains(e.Value, "$(") {
			env[e.Name] = e.Value
		}
	}
	return env
}

// isProcess1 says whether the container's own process is process 1 of its
// namespace, to which the kernel delivers no signal without a handler (K47).
func isProcess1(t analyze.PodTemplate, c analyze.Container) bool {
	if t.Spec.HostPID || (t.Spec.ShareProcessNamespace != nil && *t.Spec.ShareProcessNamespace) {
		return false
	}
	if c.Type == analyze.EphemeralContainer && c.Index < len(t.Spec.EphemeralContainers) {
		return t.Spec.EphemeralContainers[c.Index].TargetContainerName == ""
	}
	return true
}

// stopSignalOf is the signal the runtime sends (K45).
func stopSignalOf(c analyze.Container, v analyze.Version) string {
	if c.Lifecycle != nil && c.Lifecycle.StopSignal != nil && GateOn(v, GateStopSignals) {
		if name := signalName(string(*c.Lifecycle.StopSignal)); name != "" {
			return name
		}
	}
	return sigTerm
}

// inferReaction reads out of the manifest what the container's process does on
// its stop signal.
func inferReaction(t analyze.PodTemplate, c analyze.Container, signal string) reaction {
	args, written := commandOf(c.Container)
	if !written && signal != sigKill {
		return reaction{
			takes: anyTime(), codes: []int32{143, 0}, basis: analyze.Assumed,
			why: "its image decides what runs and how that reacts to the stop signal; the manifest does not tell",
		}
	}
	r := programReaction(args, signal, isProcess1(t, c), literalEnv(c.Container))
	r.path = c.Path.Child("command")
	return r
}

// programReaction is what a program does on a signal.
func programReaction(args []string, signal string, pid1 bool, env map[string]string) reaction {
	if signal == sigKill {
		return reaction{takes: analyze.At(0), codes: []int32{exitKilled}, basis: analyze.Inferred, why: "nothing can hold off SIGKILL"}
	}
	args, pid1 = unwrap(args, pid1)
	if len(args) == 0 {
		return unknownReaction("")
	}
	if script, rest, ok := shellScript(args); ok {
		r := scriptReaction(script, rest, signal, pid1, env)
		if path.Base(args[0]) == "bash" && r.basis == analyze.Assumed && endsInProgram(script) {
			r.takes, r.codes = anyTime(), []int32{143, 0}
			r.why = "the last command of its script takes the place of bash (5.1 and later); how it reacts to the stop signal is not in the manifest"
		}
		return r
	}
	name := path.Base(args[0])
	if name == "busybox" && len(args) > 1 {
		return programReaction(args[1:], signal, pid1, env)
	}
	if handlesNothing(args) && !slices.Contains(shells, name) {
		return noHandler(args, name, signal, pid1)
	}
	switch name {
	case "pause":
		return reaction{takes: analyze.At(0), codes: []int32{0}, basis: analyze.Inferred, why: "the pause program exits at once"}
	case "java":
		r := unknownReaction(name)
		r.codes = []int32{143}
		return r
	}
	return unknownReaction(name)
}

// noHandler is a program such as sleep.
func noHandler(args []string, name, signal string, pid1 bool) reaction {
	runs, ok := sleepTime(args[1:])
	sleeps := name == "sleep" && ok
	finite := sleeps && runs < longSleep
	r := reaction{basis: analyze.Inferred, endless: (sleeps && !finite) || follows(args), takes: analyze.At(0), codes: []int32{signalExitCode(signal)}}
	if signalIgnoredByDefault(signal) {
		pid1 = true
	}
	if !pid1 {
		r.why = fmt.Sprintf("%s has no handler for SIG%s and is not process 1: it ends at once", name, signal)
		return r
	}
	r.takes, r.codes = analyze.At(analyze.Never), nil
	r.why = fmt.Sprintf("%s as process 1 has no handler for SIG%s, so the kernel drops it", name, signal)
	if finite {
		r.untilOwnEnd(analyze.At(runs), []int32{0})
	}
	return r
}

func unknownReaction(name string) reaction {
	r := reaction{takes: anyTime(), codes: []int32{143, 0}, basis: analyze.Assumed}
	r.why = "how it reacts to the stop signal is not in the manifest"
	if name != "" {
		r.why = fmt.Sprintf("how %q reacts to the stop signal is not in the manifest", name)
	}
	return r
}

// unwrap removes programs that only start another one. Small init programs pass
// the signal on to a child, which is no process 1.
func unwrap(args []string, pid1 bool) ([]string, bool) {
	for range maxDepth {
		if len(args) < 2 {
			return args, pid1
		}
		switch path.Base(args[0]) {
		case "tini", "tini-static", "dumb-init", "docker-init", "catatonit":
			pid1, args = false, afterFlags(args[1:], "-p", "-e", "-r", "--rewrite")
		case "env":
			args = afterFlags(args[1:], "-u", "-C")
			for len(args) > 0 && strings.Contains(args[0], "=") {
				args = args[1:]
			}
		case "nohup", "setsid", "exec":
			args = afterFlags(args[1:])
		case "nice", "ionice", "stdbuf":
			args = afterFlags(args[1:], "-n", "-c", "-o", "-e", "-i")
		case "su-exec", "gosu":
			args = args[2:]
		default:
			return args, pid1
		}
	}
	return args, pid1
}

func afterFlags(args []string, withValue ...string) []string {
	for len(args) > 0 && strings.HasPrefix(args[0], "-") {
		n := 1
		if slices.Contains(withValue, args[0]) {
			n = 2
		}
		if args[0] == "--" {
			return args[1:]
		}
		args = args[min(n, len(args)):]
	}
	return args
}

// scriptReaction follows a shell script to where it comes to rest, and from the
// signal on.
func scriptReaction(script string, rest []string, signal string, pid1 bool, env map[string]string) reaction {
	f, err := parseScript(script)
	if err != nil {
		r := unknownReaction("")
		r.why = "its script cannot be read"
		return r
	}
	sh := newShell(env, rest)
	if args, ok := sh.loneProgram(f); ok {
		return loneReaction(args, signal, pid1, env)
	}
	sh.signal, sh.pid1 = signal, pid1
	plain := newShell(env, rest)
	if plain.list(f.Stmts, false) != flowStuck {
		if !plain.guess && plain.now.Likely < longSleep {
			return sh.finiteReaction(f, plain)
		}
		sh.restStep = plain.guessed
	}
	end := sh.list(f.Stmts, true)
	return sh.reaction(end)
}

// reaction puts what the walk found into words.
func (sh *shell) reaction(end flow) reaction {
	if !sh.delivered {
		return sh.endsByItself()
	}
	r := reaction{takes: sh.now, codes: sh.status, basis: analyze.Inferred, endless: !sh.guess}
	if sh.guess {
		r.basis = analyze.Assumed
	}
	switch {
	case end == flowStuck && !sh.handled && sh.pid1:
		r.why = fmt.Sprintf("a shell as process 1 without a trap for SIG%s ignores it", sh.signal)
	case end == flowStuck && !sh.handled:
		r.why = fmt.Sprintf("its script ignores SIG%s", sh.signal)
	case end == flowStuck:
		r.why = fmt.Sprintf("its trap for SIG%s does not end the script", sh.signal)
	case sh.handled:
		r.why = fmt.Sprintf("read out of its trap for SIG%s", sh.signal)
	default:
		r.why = "read out of its script"
	}
	if sh.guess {
		r.why = sh.why
	}
	if end != flowStuck {
		if len(r.codes) == 0 {
			r.codes = []int32{0, 143}
		}
		r.armed = sh.armed
		return r
	}
	r.codes, r.takes.Likely, r.takes.Latest = nil, analyze.Never, analyze.Never
	if !sh.guess {
		r.takes.Earliest = analyze.Never
	}
	return r
}

// endsByItself is a script that comes to its end without coming to rest.
func (sh *shell) endsByItself() reaction {
	r := unknownReaction("")
	r.why = fmt.Sprintf("its script ends by itself after about %s", secondsText(sh.now.Likely))
	r.takes = analyze.Bounds{Earliest: 0, Likely: math.Min(likelyTime, sh.now.Likely), Latest: sh.now.Latest}
	if !sh.guess && len(sh.status) > 0 {
		ends := sh.now
		r.ends, r.codes = &ends, sh.status
	}
	return r
}

// loneProgram is the program of a script that is nothing but one command:
// many shells then become that program (K473).
func (sh *shell) loneProgram(f *syntax.File) ([]string, bool) {
	if len(f.Stmts) != 1 || f.Stmts[0].Background {
		return nil, false
	}
	call, ok := f.Stmts[0].Cmd.(*syntax.CallExpr)
	if !ok || len(call.Args) == 0 {
		return nil, false
	}
	args, err := sh.fields(call.Args)
	if name := call.Args[0].Lit(); err != nil && name != "" && name != "exec" {
		args, err = []string{name}, nil // the other words do not decide who gets the signal
	}
	if err != nil || len(args) == 0 {
		return nil, false
	}
	if args[0] == "exec" {
		return args[1:], len(args) > 1
	}
	_, builtin := sh.clone().builtin(args, false)
	return args, !builtin
}

// endsInProgram says whether bash runs the last command of a script without a
// new process: one program at the end, also after && and ||, without traps and
// redirections.
func endsInProgram(script string) bool {
	f, err := parseScript(script)
	if err != nil || len(f.Stmts) == 0 || strings.Contains(script, "trap ") {
		return false
	}
	last := f.Stmts[len(f.Stmts)-1]
	for {
		if last.Background || last.Negated || len(last.Redirs) > 0 {
			return false
		}
		both, ok := last.Cmd.(*syntax.BinaryCmd)
		if !ok {
			break
		}
		if both.Op != syntax.AndStmt && both.Op != syntax.OrStmt {
			return false
		}
		last = both.Y
	}
	call, ok := last.Cmd.(*syntax.CallExpr)
	if !ok || len(call.Args) == 0 || call.Args[0].Lit() == "" {
		return false
	}
	name := call.Args[0].Lit()
	if slices.Contains([]string{"echo", "printf", "test", "[", "read", "kill", "pwd", "true", "false"}, name) {
		return false
	}
	_, builtin := newShell(nil, nil).builtin([]string{name}, false)
	return !builtin
}

// loneReaction is that of "sh -c PROGRAM": whether the shell became the program or
// waits for it, what has no handler ignores the signal as process 1.
func loneReaction(args []string, signal string, pid1 bool, env map[string]string) reaction {
	r := programReaction(args, signal, pid1, env)
	if r.basis == analyze.Assumed && pid1 {
		r.why += "; and some shells stay process 1 and do not pass the signal on"
	}
	return r
}
