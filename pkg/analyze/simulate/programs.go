package simulate

import (
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// An effect is what a program does in a script: how long it takes, its exit
// codes, and whether it makes the container's own process end.
type effect struct {
	takes    analyze.Bounds
	codes    []int32
	known    bool
	signals1 bool
	signal   string
}

// quick is a command that works on a few files or strings.
var quick = analyze.Bounds{Earliest: 0, Likely: 0.01, Latest: 0.5}

// quickPrograms do little and end at once.
var quickPrograms = []string{
	"[", ":", "alias", "awk", "basename", "cat", "cd", "chmod", "chown", "cp", "cut", "date", "dirname", "echo", "env", "expr",
	"export", "false", "find", "getent", "grep", "egrep", "head", "hostname", "id", "jq", "ln", "local", "ls", "mkdir", "mktemp", "mv",
	"pgrep", "pidof", "printenv", "printf", "ps", "pwd", "read", "readlink", "readonly", "rm", "rmdir", "sed", "seq", "shift", "sort", "source",
	"stat", "sync", "tee", "test", "touch", "tr", "true", "type", "ulimit", "umask", "uname", "uniq", "unset", "wc", "which", "whoami", "xargs",
}

// programEffect is what is known about a program of a script.
func programEffect(args []string) effect {
	name := path.Base(args[0])
	switch name {
	case "busybox":
		if len(args) > 1 {
			return programEffect(args[1:])
		}
	case "sleep":
		if s, ok := sleepTime(args[1:]); ok {
			return effect{takes: analyze.At(s), codes: []int32{0}, known: true}
		}
	case "true", ":", "echo", "printf":
		return effect{takes: analyze.At(0), codes: []int32{0}, known: true}
	case "false":
		return effect{takes: analyze.At(0), codes: []int32{1}, known: true}
	case "timeout":
		return timeoutEffect(args[1:])
	case "curl", "wget", "nc":
		return clientEffect(name, args[1:])
	case "tail":
		if follows(args) {
			return effect{takes: analyze.At(analyze.Never), known: true}
		}
		return effect{takes: quick, known: true}
	}
	if e, ok := signallerEffect(name, args[1:]); ok {
		return e
	}
	if slices.Contains(quickPrograms, name) {
		return effect{takes: quick, known: true}
	}
	return effect{takes: anyTime()}
}

// signallerEffect is a program that sends signals to others.
func signallerEffect(name string, args []string) (effect, bool) {
	e := effect{takes: quick, known: true, signal: sigTerm}
	switch name {
	case "kill":
		signal, pids := killArgs(args)
		e.codes, e.signal, e.signals1 = []int32{0}, signal, slices.Contains(pids, "1") && signal != ""
	case "nginx", "openresty":
		i := slices.Index(args, "-s")
		if i < 0 || i+1 >= len(args) {
			return e, false
		}
		e.signal = map[string]string{"quit": "QUIT", "stop": sigTerm}[args[i+1]]
		e.codes, e.signals1 = []int32{0}, e.signal != ""
	case "pkill", "killall", "killall5":
		e.signals1 = true
	default:
		return e, false
	}
	return e, true
}

func follows(args []string) bool {
	return slices.ContainsFunc(args, func(a string) bool {
		return strings.HasPrefix(a, "--follow") || (strings.HasPrefix(a, "-") && !strings.HasPrefix(a, "--") && strings.ContainsAny(a, "fF"))
	})
}

// wholeEffect walks a script from its start to its end.
func (sh *shell) wholeEffect(script string) effect {
	f, err := parseScript(script)
	if err != nil {
		return effect{takes: anyTime()}
	}
	if sh.list(f.Stmts, false) == flowStuck {
		sh.now.Likely, sh.now.Latest = analyze.Never, analyze.Never
		if !sh.guess {
			sh.now.Earliest = analyze.Never
		}
	}
	return effect{takes: sh.now, codes: sh.status, known: !sh.guess, signals1: sh.kill != nil, signal: sh.killSignal}
}

// timeoutEffect is coreutils' and busybox' timeout.
func timeoutEffect(args []string) effect {
	for len(args) > 0 && strings.HasPrefix(args[0], "-") {
		n := 1
		if args[0] == "-k" || args[0] == "-s" || args[0] == "-t" {
			n = 2
		}
		args = args[min(n, len(args)):]
	}
	if len(args) < 2 {
		return effect{takes: quick, codes: []int32{125}, known: true}
	}
	limit, ok := sleepTime(args[:1])
	e := programEffect(args[1:])
	if script, rest, ok := shellScript(args[1:]); ok {
		e = newShell(nil, rest).wholeEffect(script)
	}
	if !ok {
		return e
	}
	switch {
	case e.takes.Earliest >= limit:
		e.codes = []int32{124, 143}
	case e.takes.Latest >= limit:
		if len(e.codes) == 0 {
			e.codes = []int32{0} // of a program of which nothing is known, most end well
		}
		e.codes = union(e.codes, []int32{124, 143})
	}
	e.takes = clampTo(e.takes, limit)
	return e
}

// clientEffect is a network client: its own time limit, where one is given.
func clientEffect(name string, args []string) effect {
	limits := map[string][]string{"curl": {"-m", "--max-time"}, "wget": {"-T", "--timeout"}, "nc": {"-w"}}[name]
	e := effect{takes: analyze.Bounds{Earliest: 0, Likely: 0.1, Latest: analyze.Never}}
	for i, a := range args {
		for _, flag := range limits {
			text := ""
			switch {
			case a == flag && i+1 < len(args):
				text = args[i+1]
			case strings.HasPrefix(a, flag) && len(flag) == 2:
				text = a[2:]
			case strings.HasPrefix(a, flag+"="):
				text = a[len(flag)+1:]
			}
			if s, err := strconv.ParseFloat(text, 64); err == nil && s > 0 && (name != "wget" || !slices.Contains(args, "--tries")) {
				e.takes.Latest, e.known = s+0.1, true
			}
		}
	}
	return e
}

// sleepTime reads the arguments of sleep: numbers with s, m, h or d, added up.
func sleepTime(args []string) (seconds float64, ok bool) {
	for _, a := range args {
		if a == "infinity" || a == "inf" {
			return analyze.Never, true
		}
		unit := time.Second
		if n := len(a); n > 1 {
			switch a[n-1] {
			case 's':
				a = a[:n-1]
			case 'm':
				a, unit = a[:n-1], time.Minute
			case 'h':
				a, unit = a[:n-1], time.Hour
			case 'd':
				a, unit = a[:n-1], 24*time.Hour
			}
		}
		n, err := strconv.ParseFloat(a, 64)
		if err != nil || n < 0 || n != n {
			return 0, false
		}
		seconds += n * unit.Seconds()
	}
	if seconds >= maxSeconds {
		return analyze.Never, len(args) > 0
	}
	return seconds, len(args) > 0
}

// handlesNothing says that a program installs no handler for stop signals: as
// process 1 it ignores them, else it dies at once (K47).
func handlesNothing(args []string) bool {
	name := path.Base(args[0])
	if name == "busybox" && len(args) > 1 {
		return handlesNothing(args[1:])
	}
	return slices.Contains([]string{"sleep", "tail", "cat", "nc", "yes", "watch", "sh", "bash", "ash", "dash"}, name)
}

// shells are the programs whose -c takes a script.
var shells = []string{"sh", "bash", "ash", "dash", "ksh", "zsh"}

// shellScript finds the script of "sh -c SCRIPT [NAME ARGS…]", also of
// "bash -ec", "busybox sh -c"; rest are $0, $1 …
func shellScript(args []string) (script string, rest []string, ok bool) {
	if len(args) > 0 && path.Base(args[0]) == "busybox" {
		args = args[1:]
	}
	if len(args) == 0 || !slices.Contains(shells, path.Base(args[0])) {
		return "", nil, false
	}
	i, takesScript := 1, false
	for ; i < len(args) && isFlag(args[i]); i++ {
		long := strings.HasPrefix(args[i], "--")
		takesScript = takesScript || (!long && strings.Contains(args[i], "c"))
		if !long && strings.HasSuffix(args[i], "o") {
			i++ // -o pipefail
		}
	}
	if !takesScript || i >= len(args) {
		return "", nil, false
	}
	if rest = args[i+1:]; len(rest) == 0 {
		rest = args[:1]
	}
	return args[i], rest, true
}

func isFlag(a string) bool {
	return len(a) > 1 && (a[0] == '-' || a == "+o")
}
