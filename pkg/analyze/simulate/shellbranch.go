package simulate

import (
	"mvdan.cc/sh/v3/syntax"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// either merges two branches of which one is taken; a is the likelier one.
func (sh *shell) either(a, b *shell, fa, fb flow) flow {
	if fb == flowStuck || fb == flowExit && fa != flowExit {
		// The unlikely branch ends the script: only the durations count.
		b.now.Latest = max(b.now.Latest, a.now.Latest)
	}
	low, high := min(a.now.Earliest, b.now.Earliest), max(a.now.Latest, b.now.Latest)
	status := union(a.status, b.status)
	if a.status == nil || b.status == nil {
		status = nil
	}
	if a.kill == nil && b.kill != nil {
		a.kill, a.killSignal = b.kill, b.killSignal
	}
	a.guess, a.why = true, "which way the script goes is not known before"
	sh.become(a)
	sh.now.Earliest, sh.now.Latest, sh.status = low, high, status
	return fa
}

// exclusive runs a condition's two branches.
func (sh *shell) branch(then, otherwise func(*shell) flow) flow {
	switch {
	case sh.succeeded():
		return then(sh)
	case sh.failed():
		return otherwise(sh)
	}
	a, b := sh.clone(), sh.clone()
	fa, fb := then(a), otherwise(b)
	return sh.either(a, b, fa, fb)
}

func (sh *shell) ifClause(c *syntax.IfClause, tail bool) flow {
	if len(c.Cond) == 0 { // else
		return sh.list(c.Then, tail)
	}
	if f := sh.list(c.Cond, false); f != flowNext {
		return f
	}
	return sh.branch(
		func(s *shell) flow { return s.list(c.Then, tail) },
		func(s *shell) flow {
			s.status = []int32{0}
			if c.Else == nil {
				return flowNext
			}
			return s.ifClause(c.Else, tail)
		})
}

func (sh *shell) binary(c *syntax.BinaryCmd, tail bool) flow {
	if c.Op == syntax.AndStmt || c.Op == syntax.OrStmt {
		return sh.andOr(c, tail)
	}
	a, b := sh.clone(), sh.clone()
	fa, fb := a.stmt(c.X, tail), b.stmt(c.Y, tail)
	if fa == flowStuck && fb == flowStuck {
		sh.take(a)
		return flowStuck
	}
	latest := a.now.Max(b.now)
	if a.kill != nil && b.kill == nil {
		b.kill, b.killSignal = a.kill, a.killSignal
	}
	b.guess, b.why = a.guess || b.guess, firstOf(a.why, b.why)
	sh.take(b)
	sh.now = latest
	return flowNext
}

func (sh *shell) andOr(c *syntax.BinaryCmd, tail bool) flow {
	if f := sh.stmt(c.X, false); f != flowNext {
		return f
	}
	if sh.status == nil { // most commands succeed
		if c.Op == syntax.OrStmt {
			return sh.maybe(c.Y)
		}
		return sh.stmt(c.Y, tail)
	}
	run := func(s *shell) flow { return s.stmt(c.Y, tail) }
	skip := func(*shell) flow { return flowNext }
	if c.Op == syntax.AndStmt {
		return sh.branch(run, skip)
	}
	return sh.branch(skip, run)
}

// maybe runs a statement that is only reached when something failed of which
// nothing is known: it can only make the script longer.
func (sh *shell) maybe(st *syntax.Stmt) flow {
	c := sh.clone()
	c.stmt(st, false)
	if c.now.Latest > sh.now.Latest {
		sh.now.Latest = c.now.Latest
		sh.unknown("which way the script goes is not known before")
	}
	return flowNext
}

func firstOf(words ...string) string {
	for _, w := range words {
		if w != "" {
			return w
		}
	}
	return ""
}

func (sh *shell) caseClause(c *syntax.CaseClause, tail bool) flow {
	word, err := sh.fields([]*syntax.Word{c.Word})
	if err != nil || len(word) != 1 {
		sh.unknown("which case the script takes is not known before")
		sh.now.Latest = analyze.Never
		return flowNext
	}
	for _, item := range c.Items {
		for _, p := range item.Patterns {
			text := p.Lit()
			if text == word[0] || text == "*" {
				return sh.list(item.Stmts, tail)
			}
		}
	}
	return flowNext
}
