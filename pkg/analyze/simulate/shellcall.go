package simulate

import (
	"math"
	"path"
	"slices"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// assign sets variables; what cannot be known is forgotten.
func (sh *shell) assign(as []*syntax.Assign) {
	for _, a := range as {
		if a.Name == nil || a.Naked {
			continue
		}
		value := []string{""}
		var err error
		if a.Array != nil {
			err = errUnset
		} else if a.Value != nil {
			value, err = sh.fields([]*syntax.Word{a.Value})
		}
		if err != nil || a.Append || len(strings.Join(value, " ")) > maxValue {
			delete(sh.vars, a.Name.Value)
			continue
		}
		sh.vars[a.Name.Value] = strings.Join(value, " ")
	}
}

// call runs a simple command.
func (sh *shell) call(c *syntax.CallExpr, tail bool) flow {
	if len(c.Args) == 0 {
		sh.assign(c.Assigns)
		sh.status = []int32{0}
		return flowNext
	}
	args, err := sh.fields(c.Args)
	if err != nil || len(args) == 0 {
		name := c.Args[0].Lit()
		if name == "exit" || name == "return" {
			sh.status = nil
			return sh.exit(nil)
		}
		args = []string{name}
		if name == "" || name == "sleep" || name == "timeout" || name == "kill" || name == "trap" {
			sh.unknown("a value in the script is not known")
			return sh.spend(anyTime(), nil, tail)
		}
	}
	if body, ok := sh.funcs[args[0]]; ok {
		return sh.function(body, args, tail)
	}
	if f, ok := sh.builtin(args, tail); ok {
		return f
	}
	e := sh.program(args)
	return sh.spend(e.takes, e.codes, tail)
}

// program looks up what a program does; a nested shell shares the limits.
func (sh *shell) program(args []string) effect {
	var e effect
	if script, rest, ok := shellScript(args); ok && sh.depth < maxDepth {
		child := newShell(sh.vars, rest)
		child.steps, child.depth = sh.steps, sh.depth+1
		e = child.wholeEffect(script)
	} else {
		e = programEffect(args)
	}
	if e.signals1 && sh.kill == nil {
		at := sh.now
		sh.kill, sh.killSignal = &at, e.signal
	}
	if !e.known {
		sh.unknown("how long %q takes is not known", path.Base(args[0]))
	}
	return e
}

func (sh *shell) function(body *syntax.Stmt, args []string, tail bool) flow {
	if sh.depth > maxDepth {
		return flowNext
	}
	sh.depth++
	saved := map[string]string{}
	for i := range args {
		saved[strconv.Itoa(i)] = sh.vars[strconv.Itoa(i)]
		sh.vars[strconv.Itoa(i)] = args[i]
	}
	f := sh.stmt(body, tail)
	for k, v := range saved {
		sh.vars[k] = v
	}
	sh.depth--
	if f == flowReturn {
		return flowNext
	}
	return f
}

// spend lets a foreground command take its time. A command that does not end
// soon, or the script's last one if nothing is known about it, is where the
// script has come to rest.
func (sh *shell) spend(takes analyze.Bounds, codes []int32, tail bool) flow {
	sh.status = codes
	sh.longest = sh.longest.Max(takes)
	if sh.due(sh.now.Plus(takes)) {
		return sh.interrupt(analyze.Bounds{Earliest: 0, Likely: takes.Likely / 2, Latest: takes.Latest}, codes)
	}
	sh.noteRest(takes)
	endless := takes.Earliest >= longSleep || (tail && math.IsInf(takes.Latest, 1)) || (sh.restStep > 0 && *sh.steps == sh.restStep)
	if sh.signal != "" && !sh.delivered && endless {
		// A trap waits for the foreground command; without one the shell of a
		// container ignores the signal, and any other one dies of it.
		return sh.deliver(analyze.At(analyze.Never))
	}
	if sh.signal != "" && !sh.delivered && tail && sh.mid == nil {
		rest := analyze.Bounds{Earliest: 0, Likely: takes.Likely / 2, Latest: takes.Latest}
		return sh.lastCommand(rest, codes)
	}
	sh.now = sh.now.Plus(takes)
	if math.IsInf(sh.now.Earliest, 1) {
		return flowStuck
	}
	return flowNext
}

// lastCommand delivers the signal during the script's last command, which
// ends by itself: so does the script.
func (sh *shell) lastCommand(rest analyze.Bounds, codes []int32) flow {
	_, trapped := sh.traps[sh.signal]
	if !trapped && !sh.pid1 {
		return sh.deliver(analyze.At(0))
	}
	f := flowNext
	if trapped {
		f = sh.deliver(rest)
	} else {
		sh.delivered, sh.now = true, rest
	}
	if f == flowNext {
		sh.status = codes
	}
	return f
}

// builtin runs the shell's own commands; ok is false for programs.
func (sh *shell) builtin(args []string, tail bool) (f flow, ok bool) {
	switch args[0] {
	case "exit":
		return sh.exit(args[1:]), true
	case "return":
		sh.exit(args[1:])
		return flowReturn, true
	case "break":
		return flowBreak, true
	case "continue":
		return flowContinue, true
	case "trap":
		sh.setTrap(args[1:])
	case "wait":
		return sh.wait(args[1:]), true
	case "kill":
		sh.signalJobs(args[1:])
	case "set":
		sh.set(args[1:])
	case "[", "test":
		sh.status = testStatus(args)
	case "exec":
		if len(args) == 1 {
			return flowNext, true
		}
		return sh.exec(args[1:]), true
	case "eval", "command", "builtin", "nohup":
		return sh.nested(args, tail)
	default:
		return flowNext, false
	}
	return flowNext, true
}

func (sh *shell) nested(args []string, tail bool) (flow, bool) {
	f, err := parseScript(strings.Join(args[1:], " "))
	if err != nil || len(args) == 1 {
		return flowNext, true
	}
	return sh.list(f.Stmts, tail), true
}

func (sh *shell) exit(args []string) flow {
	if len(args) > 0 {
		n, err := strconv.Atoi(args[0])
		if err != nil {
			sh.status = nil
		} else {
			sh.status = []int32{int32(n & 0xff)}
		}
	}
	return flowExit
}

func (sh *shell) set(args []string) {
	for _, a := range args {
		if strings.HasPrefix(a, "-") && strings.Contains(a, "e") {
			sh.errexit = true
		}
		if strings.HasPrefix(a, "+") && strings.Contains(a, "e") {
			sh.errexit = false
		}
	}
	sh.status = []int32{0}
}

func (sh *shell) setTrap(args []string) {
	sh.status = []int32{0}
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) < 2 {
		return
	}
	for _, name := range args[1:] {
		signal := signalName(name)
		if signal == "" {
			continue // EXIT, ERR, DEBUG
		}
		if args[0] == "-" {
			delete(sh.traps, signal)
		} else {
			sh.traps[signal] = args[0]
			if signal == sh.signal && !sh.delivered && sh.armed == nil {
				at := sh.now
				sh.armed = &at
			}
		}
	}
}

// wait waits for jobs; while none of them ends the script is at rest, and a
// signal interrupts it at once.
func (sh *shell) wait(args []string) flow {
	until, known := sh.now, true
	for i, j := range sh.jobs {
		if len(args) > 0 && !slices.Contains(args, strconv.Itoa(jobBase+i)) {
			continue
		}
		until, known = until.Max(j.ends), known && j.known
	}
	if sh.due(until) {
		return sh.interrupt(analyze.At(0), []int32{signalExitCode(sh.signal)})
	}
	resting := until.Earliest-sh.now.Earliest >= longSleep || (!known && math.IsInf(until.Latest, 1))
	if sh.signal != "" && !sh.delivered && resting {
		if f := sh.deliver(analyze.At(0)); f != flowNext {
			return f
		}
		sh.status = []int32{signalExitCode(sh.signal)}
		return flowNext
	}
	if !known {
		sh.unknown("how long the job it waits for takes is not known")
	}
	sh.now, sh.status = until, nil
	if math.IsInf(sh.now.Earliest, 1) {
		return flowStuck
	}
	return flowNext
}

// signalJobs is the kill command: of process 1 (the container's own), or of jobs.
func (sh *shell) signalJobs(args []string) {
	signal, pids := killArgs(args)
	sh.status = []int32{0}
	for _, pid := range pids {
		if pid == "1" || pid == "-1" {
			if sh.kill == nil && signal != "" {
				at := sh.now
				sh.kill, sh.killSignal = &at, signal
			}
			continue
		}
		n, err := strconv.Atoi(pid)
		all := err != nil || pid == "0"
		for i := range sh.jobs {
			if all || n == jobBase+i || n == -(jobBase+i) {
				sh.jobs[i] = sh.signalled(sh.jobs[i])
			}
		}
	}
}

// signalled is a job that got a signal: a child is no process 1, so a program
// without a handler dies at once (K47).
func (sh *shell) signalled(j job) job {
	if len(j.program) > 0 && handlesNothing(j.program) {
		j.ends, j.known = sh.now, true
		return j
	}
	j.ends, j.known = sh.now.Plus(anyTime()), false
	return j
}

// killArgs reads "-TERM 1", "-s TERM 1", "-15 1".
func killArgs(args []string) (signal string, pids []string) {
	signal = sigTerm
	for i := 0; i < len(args); i++ {
		a := args[i]
		switch {
		case a == "-s" || a == "-n":
			if i++; i < len(args) {
				signal = signalName(args[i])
			}
		case a == "--":
		case a == "-0":
			signal = ""
		case strings.HasPrefix(a, "-") && len(pids) == 0 && i == 0 && signalName(a[1:]) != "":
			if len(args) > 1 {
				signal = signalName(a[1:])
			} else {
				pids = append(pids, a)
			}
		default:
			pids = append(pids, a)
		}
	}
	return signal, pids
}

// exec replaces the shell by a program.
func (sh *shell) exec(args []string) flow {
	if sh.signal != "" && !sh.delivered && !sh.missed {
		sh.delivered = true
		r := programReaction(args, sh.signal, sh.pid1, sh.vars)
		sh.now, sh.status = r.takes, r.codes
		if r.basis == analyze.Assumed {
			sh.unknown("%s", r.why)
		}
		if math.IsInf(r.takes.Earliest, 1) {
			return flowStuck
		}
		return flowExit
	}
	e := sh.program(args)
	sh.now, sh.status = sh.now.Plus(e.takes), e.codes
	return flowExit
}

// testStatus evaluates [ … ] where it can; nil = not known.
func testStatus(args []string) []int32 {
	a := args[1:]
	if args[0] == "[" && len(a) > 0 && a[len(a)-1] == "]" {
		a = a[:len(a)-1]
	}
	ok, known := testHolds(a)
	switch {
	case !known:
		return nil
	case ok:
		return []int32{0}
	}
	return []int32{1}
}

func testHolds(a []string) (ok, known bool) {
	switch len(a) {
	case 0:
		return false, true
	case 1:
		return a[0] != "", true
	case 2:
		return (a[0] == "-n") == (a[1] != ""), a[0] == "-n" || a[0] == "-z"
	case 3:
		return compare(a[0], a[1], a[2])
	}
	return false, false
}

// compare is a test with two operands.
func compare(a, op, b string) (ok, known bool) {
	switch op {
	case "=", "==":
		return a == b, true
	case "!=":
		return a != b, true
	}
	x, errX := strconv.Atoi(a)
	y, errY := strconv.Atoi(b)
	if errX != nil || errY != nil {
		return false, false
	}
	ok, known = map[string]bool{"-eq": x == y, "-ne": x != y, "-lt": x < y, "-le": x <= y, "-gt": x > y, "-ge": x >= y}[op]
	return ok, known
}
