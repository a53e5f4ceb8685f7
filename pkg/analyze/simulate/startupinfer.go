package simulate

import (
	"math"
	"path"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"mvdan.cc/sh/v3/syntax"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// An inference is what a command shows: how long it takes and how it ends.
type inference struct {
	takes analyze.Bounds
	exit  int32
	why   string
}

// runOf reads how long a command runs from the command itself: "sleep 4",
// "false", or a shell script of such commands. nil = it cannot be told.
func runOf(argv []string) *inference {
	if len(argv) == 0 {
		return nil
	}
	switch name := path.Base(argv[0]); name {
	case "sh", "bash", "ash", "dash":
		script, ok := scriptOf(argv[1:])
		if !ok {
			return nil
		}
		return runOfScript(script)
	default:
		var w walk
		if !w.command(argv) {
			return nil
		}
		return w.inference("the command " + strings.Join(argv, " "))
	}
}

// scriptOf finds the script after -c among a shell's arguments.
func scriptOf(args []string) (string, bool) {
	for i, a := range args {
		if !strings.HasPrefix(a, "-") {
			return "", false
		}
		if strings.HasSuffix(a, "c") && !strings.HasPrefix(a, "--") {
			if i+1 < len(args) {
				return args[i+1], true
			}
			return "", false
		}
	}
	return "", false
}

func runOfScript(script string) *inference {
	file, err := syntax.NewParser().Parse(strings.NewReader(script), "")
	if err != nil {
		return nil
	}
	var w walk
	for _, stmt := range file.Stmts {
		if !w.stmt(stmt) {
			return nil
		}
		if w.over {
			break
		}
	}
	return w.inference("the script shows it")
}

// walk follows a script statement by statement as long as it understands it.
type walk struct {
	seconds float64
	status  int32
	over    bool
}

func (w *walk) inference(why string) *inference {
	return &inference{takes: analyze.At(w.seconds), exit: w.status, why: why}
}

func (w *walk) stmt(s *syntax.Stmt) bool {
	if s.Background || s.Coprocess || s.Negated {
		return false
	}
	switch c := s.Cmd.(type) {
	case *syntax.CallExpr:
		if len(c.Args) == 0 {
			return true
		}
		argv, ok := literals(c.Args)
		return ok && w.command(argv)
	case *syntax.WhileClause:
		return w.loop(c)
	}
	return false
}

// loop accepts "while true; do … done" without a way out, which never ends.
func (w *walk) loop(c *syntax.WhileClause) bool {
	if len(c.Cond) != 1 || c.Until || leaves(c) {
		return false
	}
	call, ok := c.Cond[0].Cmd.(*syntax.CallExpr)
	if !ok {
		return false
	}
	argv, ok := literals(call.Args)
	if !ok || len(argv) != 1 || (argv[0] != "true" && argv[0] != ":") {
		return false
	}
	w.seconds, w.over = math.Inf(1), true
	return true
}

func leaves(n syntax.Node) bool {
	found := false
	syntax.Walk(n, func(n syntax.Node) bool {
		if call, ok := n.(*syntax.CallExpr); ok && len(call.Args) > 0 {
			switch call.Args[0].Lit() {
			case "break", "exit", "return", "exec", "kill":
				found = true
			}
		}
		return !found
	})
	return found
}

func literals(words []*syntax.Word) ([]string, bool) {
	var argv []string
	for _, word := range words {
		text := word.Lit()
		if text == "" {
			if len(word.Parts) != 1 {
				return plainCommand(argv, words)
			}
			switch p := word.Parts[0].(type) {
			case *syntax.SglQuoted:
				text = p.Value
			default:
				return plainCommand(argv, words)
			}
		}
		argv = append(argv, text)
	}
	return argv, true
}

// plainCommand accepts arguments that cannot be read where they do not matter.
func plainCommand(argv []string, words []*syntax.Word) ([]string, bool) {
	if len(argv) > 0 && instant(argv[0]) {
		return argv[:1], true
	}
	return nil, len(words) == 0
}

// instant are commands that take no time to speak of and succeed.
func instant(name string) bool {
	switch name {
	case "true", ":", "echo", "printf", "trap", "set", "export", "touch", "mkdir", "rm", "date", "cut", "hostname", "umask", "cd":
		return true
	}
	return false
}

func (w *walk) command(argv []string) bool {
	switch name := path.Base(argv[0]); name {
	case "exec":
		w.over = true
		return len(argv) > 1 && w.command(argv[1:])
	case "sleep":
		w.status = 0
		return len(argv) == 2 && w.sleep(argv[1])
	case "exit":
		w.over = true
		if len(argv) < 2 {
			return true
		}
		n, err := strconv.ParseInt(argv[1], 10, 32)
		w.status = int32(n) & 0xff
		return err == nil
	case "false":
		w.status = 1
		return true
	default:
		w.status = 0
		return instant(name)
	}
}

// sleep reads the argument of sleep(1).
func (w *walk) sleep(arg string) bool {
	if arg == "infinity" || arg == "inf" {
		w.seconds, w.over = math.Inf(1), true
		return true
	}
	unit := 1.0
	if n := len(arg); n > 1 {
		switch arg[n-1] {
		case 's':
			arg = arg[:n-1]
		case 'm':
			arg, unit = arg[:n-1], 60
		case 'h':
			arg, unit = arg[:n-1], 3600
		case 'd':
			arg, unit = arg[:n-1], 86400
		}
	}
	n, err := strconv.ParseFloat(arg, 64)
	if err != nil || n < 0 || math.IsNaN(n) || math.IsInf(n, 0) {
		return false
	}
	w.seconds += n * unit
	return true
}

// hookTakes reads how long a hook takes.
func hookTakes(h *corev1.LifecycleHandler) *inference {
	switch {
	case h.Sleep != nil:
		return &inference{takes: analyze.At(math.Max(0, float64(h.Sleep.Seconds))), why: "the sleep action"}
	case h.Exec != nil:
		return runOf(h.Exec.Command)
	}
	return nil
}

// passes reads from when on a probe would succeed: at once or never, where the
// command shows it. An exec that takes longer than its timeout fails (K140).
func passes(p *corev1.Probe) *inference {
	if p.Exec == nil {
		return nil
	}
	run := runOf(p.Exec.Command)
	if run == nil {
		return nil
	}
	if run.exit != 0 || run.takes.Likely >= TimingOf(p).Timeout {
		return &inference{takes: analyze.At(analyze.Never), why: "the probe's command always fails"}
	}
	return &inference{takes: analyze.At(0), why: "the probe's command always succeeds"}
}

// probeTakes is how long one execution of a probe takes, beyond the node's own
// latencies, where the command shows it.
func probeTakes(p *corev1.Probe) float64 {
	if p.Exec == nil {
		return 0
	}
	run := runOf(p.Exec.Command)
	if run == nil {
		return 0
	}
	return math.Min(run.takes.Likely, TimingOf(p).Timeout)
}
