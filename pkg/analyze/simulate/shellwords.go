package simulate

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"
)

// literal are words in which nothing is to be expanded, which most are: loops
// are walked hundreds of times.
func literal(words []*syntax.Word) (out []string, ok bool) {
	out = make([]string, 0, len(words))
	for _, w := range words {
		text := w.Lit()
		if text == "" || strings.ContainsAny(text, "\\*?[]{}~") {
			return nil, false
		}
		out = append(out, text)
	}
	return out, true
}

// fields expands words; an error means that their value is not known.
func (sh *shell) fields(words []*syntax.Word) (out []string, err error) {
	if out, ok := literal(words); ok {
		return out, nil
	}
	defer func() {
		// The expansion of hostile scripts is another library's; its failure
		// only means that the value is not known.
		if r := recover(); r != nil {
			out, err = nil, errScript
		}
	}()
	sh.unset, sh.defaulted = false, defaulted(words)
	for word, err := range expand.FieldsSeq(sh.config(), words...) {
		if err != nil || len(out) > maxSteps || len(word) > maxScript {
			return nil, errUnset
		}
		out = append(out, word)
	}
	if sh.unset {
		return nil, errUnset
	}
	return out, nil
}

// defaulted are the variables for which the words give a default: ${NAME:-10}.
func defaulted(words []*syntax.Word) map[string]bool {
	var names map[string]bool
	for _, w := range words {
		syntax.Walk(w, func(n syntax.Node) bool {
			pe, ok := n.(*syntax.ParamExp)
			if ok && pe.Param != nil && pe.Exp != nil && (pe.Exp.Op == syntax.DefaultUnset || pe.Exp.Op == syntax.DefaultUnsetOrNull) {
				if names == nil {
					names = map[string]bool{}
				}
				names[pe.Param.Value] = true
			}
			return true
		})
	}
	return names
}

var errUnset = errors.New("a variable's value is not known")

func (sh *shell) config() *expand.Config {
	return &expand.Config{Env: environ{sh}, CmdSubst: sh.substitute}
}

// substitute knows the output of a few commands.
func (sh *shell) substitute(w io.Writer, cs *syntax.CmdSubst) error {
	if len(cs.Stmts) == 1 {
		if call, ok := cs.Stmts[0].Cmd.(*syntax.CallExpr); ok && len(call.Args) > 0 {
			args, err := sh.fields(call.Args)
			if err == nil && len(args) > 1 && (args[0] == "echo" || args[0] == "printf") {
				_, err = io.WriteString(w, strings.Join(args[1:], " "))
				return err
			}
			if err == nil && len(args) > 1 && args[0] == "seq" {
				return sequence(w, args[1:])
			}
		}
	}
	return errUnset
}

func sequence(w io.Writer, args []string) error {
	lo, step := 1, 1
	hi, err := strconv.Atoi(args[len(args)-1])
	if err != nil || len(args) > 2 {
		return errUnset
	}
	if len(args) == 2 {
		if lo, err = strconv.Atoi(args[0]); err != nil {
			return errUnset
		}
	}
	if hi-lo > maxSteps {
		return errUnset
	}
	for i := lo; i <= hi; i += step {
		if _, err := fmt.Fprintln(w, i); err != nil {
			return err
		}
	}
	return nil
}

// environ shows the shell's variables to the expansion.
type environ struct{ sh *shell }

// Get notes when a variable without known value is asked for.
func (e environ) Get(name string) expand.Variable {
	if v, ok := e.sh.vars[name]; ok {
		return expand.Variable{Set: true, Kind: expand.String, Str: v}
	}
	switch {
	case strings.HasPrefix(name, "HOME"):
		return expand.Variable{Set: true, Kind: expand.String, Str: "/root"}
	case name == "PWD":
		return expand.Variable{Set: true, Kind: expand.String, Str: "/"}
	case name == "IFS" || name == "OPTIND" || e.sh.defaulted[name]:
		return expand.Variable{}
	case name == "?" && len(e.sh.status) == 1:
		return expand.Variable{Set: true, Kind: expand.String, Str: strconv.Itoa(int(e.sh.status[0]))}
	}
	e.sh.unset = true
	return expand.Variable{}
}

func (e environ) Each(func(string, expand.Variable) bool) {}

// Set is for arithmetic such as i++.
func (e environ) Set(name string, v expand.Variable) error {
	e.sh.vars[name] = v.String()
	return nil
}

func (sh *shell) number(x syntax.ArithmExpr) (n int, err error) {
	defer func() {
		// As in fields: the failure of the library means that the value is not known.
		if r := recover(); r != nil {
			n, err = 0, errScript
		}
	}()
	sh.unset, sh.defaulted = false, nil
	sh.declare(x)
	n, err = expand.Arithm(sh.config(), x)
	if err == nil && sh.unset {
		err = errUnset
	}
	return n, err
}

// declare makes variables known that the expression sets.
func (sh *shell) declare(x syntax.ArithmExpr) {
	syntax.Walk(x, func(n syntax.Node) bool {
		b, ok := n.(*syntax.BinaryArithm)
		if !ok || b.Op != syntax.Assgn {
			return true
		}
		if w, ok := b.X.(*syntax.Word); ok && w.Lit() != "" {
			if _, known := sh.vars[w.Lit()]; !known {
				sh.vars[w.Lit()] = "0"
			}
		}
		return true
	})
}
