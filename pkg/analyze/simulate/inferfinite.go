package simulate

import (
	"fmt"

	"mvdan.cc/sh/v3/syntax"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// finiteReaction is that of a script which comes to its end by itself, as plain
// has found by walking through it. When the signal comes is not known: it is
// taken to come when half of the run is over.
func (sh *shell) finiteReaction(f *syntax.File, plain *shell) reaction {
	half := plain.now.Likely / 2
	sh.mid = &half
	sh.list(f.Stmts, true)
	r := reaction{takes: sh.now, codes: sh.status, basis: analyze.Inferred}
	ends := plain.now
	r.ends = &ends
	switch {
	case sh.handled:
		r.armed = sh.armed
		r.why = fmt.Sprintf("read out of its trap for SIG%s", sh.signal)
	case !sh.pid1 && !sh.missed && !sh.ignores():
		r.takes, r.codes = analyze.At(0), []int32{signalExitCode(sh.signal)}
		r.why = fmt.Sprintf("its script has no trap for SIG%s and is not process 1: it ends at once", sh.signal)
	case sh.delivered: // by exec, to another program
		r.why = "read out of its script"
	default:
		r.why = fmt.Sprintf("its script ignores SIG%s", sh.signal)
		if _, trapped := sh.traps[sh.signal]; !trapped && sh.pid1 {
			r.why = fmt.Sprintf("a shell as process 1 without a trap for SIG%s ignores it", sh.signal)
		}
		r.untilOwnEnd(plain.now, plain.status)
	}
	if sh.guess { // only the trap can bring something that plain did not see
		r.basis, r.why = analyze.Assumed, sh.why
	}
	if len(r.codes) == 0 {
		r.codes = []int32{0, 1}
	}
	return r
}

// untilOwnEnd makes it the reaction of a process that does not heed the signal
// and ends after ends in all, some of which have passed.
func (r *reaction) untilOwnEnd(ends analyze.Bounds, codes []int32) {
	r.takes, r.codes = analyze.Bounds{Earliest: 0, Likely: ends.Likely / 2, Latest: ends.Latest}, codes
	r.ends, r.endless, r.deaf = &ends, false, true
	r.why += fmt.Sprintf("; it ends by itself after %s at the latest", secondsText(ends.Latest))
}

// due says that the signal comes before the moment until, in a script that ends
// by itself, and that the script heeds it.
func (sh *shell) due(until analyze.Bounds) bool {
	if sh.signal == "" || sh.mid == nil || sh.delivered || sh.missed || until.Likely <= *sh.mid {
		return false
	}
	sh.missed = sh.ignores()
	return !sh.missed
}

// ignores says that the script does not heed the signal where it is now (K47).
func (sh *shell) ignores() bool {
	body, trapped := sh.traps[sh.signal]
	if trapped {
		return body == ""
	}
	return sh.pid1 || signalIgnoredByDefault(sh.signal)
}

// interrupt delivers the signal to a command that takes so much longer; where
// the script goes on after its trap, the command has ended with codes.
func (sh *shell) interrupt(rest analyze.Bounds, codes []int32) flow {
	if f := sh.deliver(rest); f != flowNext {
		return f
	}
	sh.status = codes
	return flowNext
}

// longCommand is the length in seconds from which a known command is more
// likely to be the one that runs than an unknown one before it.
const longCommand = 10

// noteRest remembers the last command of which nothing is known: if only short
// ones follow, that is the script's work, and there it rests.
func (sh *shell) noteRest(takes analyze.Bounds) {
	switch {
	case takes == anyTime():
		sh.guessed = *sh.steps
	case takes.Likely >= longCommand:
		sh.guessed = 0
	}
}
