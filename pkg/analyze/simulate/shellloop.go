package simulate

import (
	"math"

	"mvdan.cc/sh/v3/syntax"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// while follows a loop as long as its condition is known to hold.
func (sh *shell) while(c *syntax.WhileClause) flow {
	outer := sh.longest
	defer func() { sh.longest = sh.longest.Max(outer) }()
	for rounds := 0; ; rounds++ {
		sh.longest = analyze.At(0)
		before := sh.now
		if f := sh.list(c.Cond, false); f != flowNext {
			return f
		}
		if c.Until {
			sh.negate()
		}
		if sh.failed() {
			sh.status = []int32{0}
			return flowNext
		}
		if !sh.succeeded() {
			return sh.openLoop(c.Do)
		}
		switch f := sh.list(c.Do, false); f {
		case flowBreak:
			return flowNext
		case flowExit, flowStuck, flowReturn:
			return f
		case flowNext, flowContinue:
		}
		if f, over := sh.roundOver(before, rounds); over {
			return f
		}
		if rounds > maxRounds && endless(c) {
			sh.now = analyze.At(analyze.Never)
			return flowStuck
		}
	}
}

// maxRounds is after how many rounds a loop without a condition is endless.
const maxRounds = 500

// endless says that only a break can end the loop.
func endless(c *syntax.WhileClause) bool {
	if len(c.Cond) != 1 || c.Until {
		return false
	}
	call, ok := c.Cond[0].Cmd.(*syntax.CallExpr)
	return ok && len(call.Args) == 1 && (call.Args[0].Lit() == "true" || call.Args[0].Lit() == ":")
}

// roundOver decides what a loop's next round can bring: the signal, when the
// script has come to rest in this loop, or nothing any more.
func (sh *shell) roundOver(before analyze.Bounds, rounds int) (f flow, over bool) {
	if sh.signal != "" && !sh.delivered && sh.mid == nil {
		// A script that loops is at rest here; the trap waits for the command that just runs.
		d := sh.longest
		if f := sh.deliver(analyze.Bounds{Earliest: 0, Likely: d.Likely / 2, Latest: d.Latest}); f != flowNext {
			return f, true
		}
		return flowNext, false
	}
	if sh.signal != "" && rounds > 2 && sh.mid == nil {
		return flowStuck, true
	}
	if sh.now.Likely > maxElapsed || (sh.now == before && rounds > maxSteps/10) {
		return flowStuck, true
	}
	return flowNext, false
}

// openLoop is a loop of which nobody knows how often it runs.
func (sh *shell) openLoop(body []*syntax.Stmt) flow {
	if sh.signal != "" && !sh.delivered {
		c := sh.clone()
		c.signal = ""
		c.longest = analyze.At(0)
		c.list(body, false)
		d := c.longest
		if f := sh.deliver(analyze.Bounds{Earliest: 0, Likely: d.Likely / 2, Latest: d.Latest}); f != flowNext {
			return f
		}
	}
	sh.unknown("how often the loop runs is not known before")
	start := sh.now
	c := sh.clone()
	f := c.list(body, false)
	sh.now = analyze.Bounds{Earliest: start.Earliest, Likely: c.now.Likely, Latest: analyze.Never}
	if c.kill != nil && sh.kill == nil {
		sh.kill, sh.killSignal = c.kill, c.killSignal
	}
	sh.status = nil
	if f == flowStuck {
		return flowStuck
	}
	return flowNext
}

func (sh *shell) forClause(c *syntax.ForClause) flow {
	switch l := c.Loop.(type) {
	case *syntax.WordIter:
		items, err := sh.fields(l.Items)
		if err != nil {
			return sh.openLoop(c.Do)
		}
		for _, item := range items {
			sh.vars[l.Name.Value] = item
			switch f := sh.list(c.Do, false); f {
			case flowBreak:
				return flowNext
			case flowExit, flowStuck, flowReturn:
				return f
			case flowNext, flowContinue:
			}
		}
		return flowNext
	case *syntax.CStyleLoop:
		return sh.cLoop(l, c.Do)
	}
	return sh.openLoop(c.Do)
}

func (sh *shell) cLoop(l *syntax.CStyleLoop, body []*syntax.Stmt) flow {
	value := func(x syntax.ArithmExpr) (int, bool) {
		if x == nil {
			return 1, true
		}
		n, err := sh.number(x)
		return n, err == nil
	}
	if _, ok := value(l.Init); !ok {
		return sh.openLoop(body)
	}
	for rounds := 0; ; rounds++ {
		before := sh.now
		n, ok := value(l.Cond)
		if !ok {
			return sh.openLoop(body)
		}
		if n == 0 {
			sh.status = []int32{0}
			return flowNext
		}
		switch f := sh.list(body, false); f {
		case flowBreak:
			return flowNext
		case flowExit, flowStuck, flowReturn:
			return f
		case flowNext, flowContinue:
		}
		if f, over := sh.roundOver(before, rounds); over && l.Cond == nil {
			return f
		}
		if _, ok := value(l.Post); !ok {
			return sh.openLoop(body)
		}
	}
}

// deliver sends the stop signal to a script that has come to rest; a trap runs
// after delay, when the foreground command has returned (K47). From here on
// the clock counts from the signal.
func (sh *shell) deliver(delay analyze.Bounds) flow {
	sh.delivered = true
	body, trapped := sh.traps[sh.signal]
	sh.now = delay
	switch {
	case trapped && body == "":
		return sh.rest()
	case trapped:
		sh.handled = true
		return sh.trap(body)
	case sh.pid1 || signalIgnoredByDefault(sh.signal):
		return sh.rest()
	}
	sh.now, sh.status = analyze.At(0), []int32{signalExitCode(sh.signal)}
	return flowExit
}

// rest is a script that does not react.
func (sh *shell) rest() flow {
	sh.now = analyze.At(analyze.Never)
	return flowStuck
}

// trap runs a trap's commands.
func (sh *shell) trap(body string) flow {
	if math.IsInf(sh.now.Likely, 1) {
		return flowStuck
	}
	f, err := parseScript(body)
	if err != nil {
		sh.unknown("its trap cannot be read")
		sh.now.Latest = analyze.Never
		return flowExit
	}
	switch fl := sh.list(f.Stmts, false); fl {
	case flowExit, flowStuck:
		return fl
	default:
		return flowNext
	}
}
