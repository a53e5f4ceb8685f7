package simulate

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// A shell walks through a script without running anything and adds up how long
// its commands take. It knows the shell's own commands, sleep and a few other
// programs; about the others it only guesses, and says so.
type shell struct {
	vars  map[string]string
	funcs map[string]*syntax.Stmt
	traps map[string]string
	jobs  []job

	now    analyze.Bounds // since the start, or since the signal once it is delivered
	status []int32        // of the last command; nil = not known
	// guess: something in it is not known; why says what.
	guess bool
	why   string

	// signal is delivered when the script has come to rest; "" in a hook.
	signal    string
	pid1      bool
	delivered bool
	handled   bool // a trap took the signal
	// armed is when the trap for the signal was set.
	armed *analyze.Bounds
	// mid: the script ends by itself, so the signal comes in the command during
	// which that many seconds have passed; nil = where it comes to rest.
	mid *float64
	// missed: it came, and the script did not heed it.
	missed bool
	// restStep is the step of the command at which it rests, if that is not the last one.
	restStep int
	// guessed is the step of the last command about which nothing is known.
	guessed int

	// kill is when the script signals process 1 of its container; nil = never.
	kill       *analyze.Bounds
	killSignal string

	// longest is the longest foreground command since the last loop began:
	// a trap has to wait for it.
	longest analyze.Bounds
	steps   *int
	unset   bool // a variable without known value was used
	// defaulted are variables that may be unset in the words being expanded.
	defaulted map[string]bool
	errexit   bool
	depth     int
}

// A job is a background command of the script.
type job struct {
	ends    analyze.Bounds
	program []string
	known   bool
}

// A flow is how a statement ends.
type flow int

const (
	flowNext  flow = iota
	flowExit       // the script is over
	flowStuck      // it never gets further
	flowBreak
	flowContinue
	flowReturn
)

// The limits of a walk: scripts are input, and may be hostile.
const (
	maxSteps   = 4000
	maxDepth   = 40
	maxScript  = 64 << 10
	longSleep  = 1800 // seconds after which a foreground command counts as endless
	maxElapsed = 1e6
	maxValue   = 1 << 10 // bytes of a variable
)

func newShell(env map[string]string, args []string) *shell {
	sh := &shell{
		vars: maps.Clone(env), funcs: map[string]*syntax.Stmt{}, traps: map[string]string{},
		status: []int32{0}, steps: new(int),
	}
	if sh.vars == nil {
		sh.vars = map[string]string{}
	}
	sh.setArgs(args)
	return sh
}

// setArgs sets $0, $1 … from what follows the script on the command line.
func (sh *shell) setArgs(args []string) {
	for i, a := range args {
		sh.vars[strconv.Itoa(i)] = a
	}
	rest := args
	if len(rest) > 0 {
		rest = rest[1:]
	}
	sh.vars["#"] = strconv.Itoa(len(rest))
	sh.vars["@"], sh.vars["*"] = strings.Join(rest, " "), strings.Join(rest, " ")
	sh.vars["$"] = "1"
}

var errScript = errors.New("the script cannot be parsed")

func parseScript(script string) (*syntax.File, error) {
	if len(script) > maxScript {
		return nil, fmt.Errorf("%w: it is longer than %d bytes", errScript, maxScript)
	}
	f, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(script), "")
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errScript, err)
	}
	return f, nil
}

// unknown notes the first thing about which the walk has to guess.
func (sh *shell) unknown(format string, args ...any) {
	if !sh.guess {
		sh.guess, sh.why = true, fmt.Sprintf(format, args...)
	}
}

// clone is a shell of its own with the same variables: a subshell, a branch.
func (sh *shell) clone() *shell {
	c := *sh
	c.vars, c.traps, c.jobs = maps.Clone(sh.vars), maps.Clone(sh.traps), slices.Clone(sh.jobs)
	c.depth++
	return &c
}

// list runs statements in order; tail says that nothing follows the last one.
func (sh *shell) list(stmts []*syntax.Stmt, tail bool) flow {
	for i, st := range stmts {
		if f := sh.stmt(st, tail && i == len(stmts)-1); f != flowNext {
			return f
		}
		if sh.errexit && sh.failed() && !tested(st) {
			return flowExit
		}
	}
	return flowNext
}

// tested says that a failure of the statement does not end a script with set -e.
func tested(st *syntax.Stmt) bool {
	switch c := st.Cmd.(type) {
	case *syntax.BinaryCmd:
		return c.Op == syntax.AndStmt || c.Op == syntax.OrStmt
	case *syntax.IfClause, *syntax.WhileClause:
		return true
	}
	return st.Negated
}

func (sh *shell) failed() bool { return len(sh.status) > 0 && !slices.Contains(sh.status, 0) }

func (sh *shell) succeeded() bool { return len(sh.status) == 1 && sh.status[0] == 0 }

func (sh *shell) stmt(st *syntax.Stmt, tail bool) flow {
	*sh.steps++
	if *sh.steps > maxSteps || sh.depth > maxDepth {
		sh.unknown("the script is too long to follow")
		sh.now.Latest = analyze.Never
		return flowStuck
	}
	if st.Background || st.Coprocess {
		sh.background(st)
		return flowNext
	}
	f := sh.command(st.Cmd, tail)
	if st.Negated && f == flowNext {
		sh.negate()
	}
	return f
}

func (sh *shell) negate() {
	switch {
	case sh.succeeded():
		sh.status = []int32{1}
	case sh.failed():
		sh.status = []int32{0}
	}
}

// background starts a job; it costs the script no time.
func (sh *shell) background(st *syntax.Stmt) {
	c := sh.clone()
	c.signal, c.guess = "", false
	plain := *st
	plain.Background, plain.Coprocess = false, false
	j := job{}
	if call, ok := st.Cmd.(*syntax.CallExpr); ok {
		j.program, _ = sh.fields(call.Args)
	}
	if f := c.stmt(&plain, false); f == flowStuck {
		c.now = analyze.At(analyze.Never)
	}
	j.ends, j.known = c.now, !c.guess
	sh.jobs = append(sh.jobs, j)
	sh.vars["!"] = strconv.Itoa(jobBase + len(sh.jobs) - 1)
	if c.kill != nil && sh.kill == nil {
		sh.kill, sh.killSignal = c.kill, c.killSignal
	}
	sh.status = []int32{0}
}

// jobBase is the number from which the walk gives out process ids.
const jobBase = 100000

// command runs one command of any form.
func (sh *shell) command(cmd syntax.Command, tail bool) flow {
	switch c := cmd.(type) {
	case nil:
		return flowNext // only a redirection
	case *syntax.CallExpr:
		return sh.call(c, tail)
	case *syntax.Block:
		return sh.list(c.Stmts, tail)
	case *syntax.Subshell:
		return sh.subshell(c.Stmts, tail)
	case *syntax.IfClause:
		return sh.ifClause(c, tail)
	case *syntax.WhileClause:
		return sh.while(c)
	case *syntax.ForClause:
		return sh.forClause(c)
	case *syntax.CaseClause:
		return sh.caseClause(c, tail)
	case *syntax.BinaryCmd:
		return sh.binary(c, tail)
	case *syntax.TimeClause:
		if c.Stmt != nil {
			return sh.stmt(c.Stmt, tail)
		}
	default:
		sh.declaration(cmd)
	}
	return flowNext
}

// declaration runs what takes no time: definitions and arithmetic.
func (sh *shell) declaration(cmd syntax.Command) {
	sh.status = []int32{0}
	switch c := cmd.(type) {
	case *syntax.FuncDecl:
		if c.Name != nil {
			sh.funcs[c.Name.Value] = c.Body
		}
	case *syntax.DeclClause:
		sh.assign(c.Args)
	case *syntax.ArithmCmd:
		sh.arithmetic(c.X)
	case *syntax.LetClause:
		for _, x := range c.Exprs {
			sh.arithmetic(x)
		}
	default:
		sh.status = nil
	}
}

func (sh *shell) arithmetic(x syntax.ArithmExpr) {
	n, err := sh.number(x)
	switch {
	case err != nil:
		sh.status = nil
	case n != 0:
		sh.status = []int32{0}
	default:
		sh.status = []int32{1}
	}
}

func (sh *shell) subshell(stmts []*syntax.Stmt, tail bool) flow {
	c := sh.clone()
	f := c.list(stmts, tail)
	sh.take(c)
	if f == flowStuck {
		return flowStuck
	}
	return flowNext
}

// take carries over what a clone found out, but not its variables.
func (sh *shell) take(c *shell) {
	sh.now, sh.status, sh.guess, sh.why = c.now, c.status, c.guess, c.why
	sh.delivered, sh.handled, sh.missed = c.delivered, c.handled, c.missed
	sh.longest, sh.guessed = c.longest, c.guessed
	if sh.kill == nil {
		sh.kill, sh.killSignal = c.kill, c.killSignal
	}
}

// become is take with everything: the clone's branch was the one taken.
func (sh *shell) become(c *shell) {
	depth := sh.depth
	*sh = *c
	sh.depth = depth
}
