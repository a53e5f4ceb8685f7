package explain

import (
	"fmt"
	"regexp"
	"strings"
)

var (
	execName     = regexp.MustCompile(`\bexec:? \\?"([^"\\]+)`)
	execPlain    = regexp.MustCompile(`(?:^|[^/\w])exec (/[^ :]+):`) // not "fork/exec", which is the runtime's own
	mountPath    = regexp.MustCompile(`(?:to rootfs at|mountpoint for) "([^"]+)"`)
	startWrapper = regexp.MustCompile(`^(?:failed to (?:create|start) (?:containerd|shim) task: |OCI runtime create failed: |runc create failed: |container_linux\.go:\d+: |unable to start container process: |error during container init: |Error response from daemon: )`)
	cwdPath      = regexp.MustCompile(`chdir to cwd \("([^"]+)"\)`)
)

// startError is a container whose first process could not be started (pain 24,
// 45, 68; K122, K287): reason StartError, or RunContainerError while it waits.
func startError(k crash) (finding, bool) {
	message := k.t.Message
	if line := k.c.logLine("exec format error"); line != "" && message == "" {
		message = line
	}
	if w := k.c.waiting(); w != nil && w.Reason == "RunContainerError" {
		message = w.Message
	} else if k.t.Reason != "StartError" && k.t.Reason != "ContainerCannotRun" && !strings.Contains(message, "exec format error") {
		return finding{}, false // runc reports a late exec format error through the log, if at all
	}
	f, what := classifyStart(message, k.c)
	f.Rule = "K122"
	f.Detail = joinDetail(f.Detail, f.runtimeSays(message))
	if w := k.c.waiting(); w != nil && w.Reason == "RunContainerError" {
		f.Evidence = append(f.Evidence, k.c.seen("state.waiting.reason", w.Reason), k.c.seen("state.waiting.message", w.Message))
	} else {
		f.Evidence = append(f.Evidence, k.v.see(k.at+".message", message))
	}
	if len(k.c.Command) > 0 {
		f.Evidence = append(f.Evidence, k.v.see(k.c.specPath("command"), strings.Join(k.c.Command, " ")))
	}
	f.actions = append(f.actions, look("kubectl get pod "+shell(k.v.o.Name)+" -o yaml"+k.v.ns(), "command, args, workingDir and volume mounts of the container"))
	f = k.finish(f, what)
	f.Detail, _, _ = strings.Cut(f.Detail, "its last message:") // that is what the runtime says
	f.Detail = strings.TrimSuffix(f.Detail, "; ")
	label := k.c.label()
	f.says = k.verb() + ": " + f.cannotStart(label, what)
	f.Summary = fmt.Sprintf("%s %s%s", label, what, k.counted())
	return f, true
}

// logLine is the first line of the container's log that holds a text, where
// logs were asked for.
func (c *containerView) logLine(text string) string {
	for _, l := range c.v.opt.Logs {
		if l.Container != c.Name || !l.Pod.Same(c.v.o.Ref) {
			continue
		}
		for _, line := range l.Lines {
			if strings.Contains(line, text) {
				return line
			}
		}
	}
	return ""
}

// runFailed is the same trouble before any instance has an end that is known.
func runFailed(v *podView) []finding {
	var out []finding
	for _, c := range v.cs {
		w := c.waiting()
		if t, _ := c.ending(); w == nil || w.Reason != "RunContainerError" || t != nil {
			continue
		}
		f, what := classifyStart(w.Message, c)
		f.Container, f.Certainty, f.Rule, f.Severity, f.state = c.Name, Certain, "K122", errorSeverity, Failing
		f.Detail = joinDetail(f.Detail, f.runtimeSays(w.Message))
		f.Evidence = []Evidence{c.seen("state.waiting.reason", w.Reason), c.seen("state.waiting.message", w.Message)}
		f.Summary = c.label() + " " + what
		f.says = "cannot start: " + f.cannotStart(c.label(), what)
		out = append(out, f)
	}
	return out
}

// cannotStart is the clause of the headline.
func (f finding) cannotStart(label, what string) string {
	if f.ID == idStartError {
		return label + " " + what
	}
	return label + " cannot be started: it " + what
}

// runtimeSays quotes the runtime, where the summary does not.
func (f finding) runtimeSays(message string) string {
	if f.ID == idStartError {
		return ""
	}
	return "the runtime says: " + shorten(unwrapped(message), 240)
}

// unwrapped is a runtime's message without what containerd, runc and the shim put
// around every one.
func unwrapped(message string) string {
	for {
		rest := startWrapper.ReplaceAllString(message, "")
		if rest == message {
			return strings.TrimSuffix(strings.TrimSpace(rest), ": unknown")
		}
		message = rest
	}
}

// classifyStart reads a runtime's start error: what completes "the container …".
func classifyStart(message string, c *containerView) (finding, string) {
	lower := strings.ToLower(message)
	program := programIn(message, c)
	id, what, detail := idStartError, "could not be started by the container runtime: "+shorten(unwrapped(message), 160), ""
	// Anything can be missing or forbidden on the node; the image is to blame only
	// where the message is about the command itself.
	command := execName.MatchString(message) || execPlain.MatchString(message)
	switch {
	case strings.Contains(lower, "exec format error"):
		id, what = idExecFormat, "has a command"+program+" that this node cannot execute (exec format error)"
		detail = "the image is built for another CPU architecture, or a script lacks its #! line" + c.architecture()
	case strings.Contains(lower, "chdir to cwd"):
		why := choose(strings.Contains(lower, "permission denied"), "it may not enter (permission denied)", "does not exist in the image")
		id, what = idWorkingDir, "has a working directory"+firstMatch(cwdPath, message)+" that "+why
	case containsAny(lower, "executable file not found", "executable file `", "cannot find the file specified"):
		id, what = idCommandNotFound, "has a command"+program+" that is not found in the image's $PATH"
		detail = "the command, the image or a script's #! line is wrong"
	case command && containsAny(lower, "no such file or directory", "not a directory"):
		id, what = idCommandNotFound, "has a command"+program+" that does not exist in the image (no such file or directory)"
		detail = "the command, the image or a script's #! line is wrong"
	case command && strings.Contains(lower, "is a directory"):
		id, what = idCommandPermission, "has a command"+program+" that is a directory"
	case command && strings.Contains(lower, "permission denied"):
		id, what = idCommandPermission, "has a command"+program+" that it may not execute (permission denied)"
		detail = "the file lacks its execute bit, or the container's user may not execute it"
	case containsAny(lower, "mountpoint for", "are you trying to mount"),
		strings.Contains(lower, "error mounting") && containsAny(lower, "not a directory", "is a directory", "read-only file system"):
		id, what = idMountConflict, "has a mount"+firstMatch(mountPath, message)+" that does not fit the image"
		detail = "a file is mounted over a directory, or a directory over a file; a subPath whose key is missing becomes a directory"
	case containsAny(lower, "unable to find user", "no matching entries in passwd"):
		id, what = idUserUnknown, "wants a user that does not exist in the image"
	case containsAny(lower, "oom-killed", "memory limit too low", "cannot allocate memory", "unable to set memory limit"):
		id, what = idMemoryTooSmall, "has a memory limit that is too low even to start"
	}
	return finding{Reason: Reason{ID: id, Detail: detail}}, what
}

func firstMatch(re *regexp.Regexp, s string) string {
	if m := re.FindStringSubmatch(s); m != nil {
		return fmt.Sprintf(" %q", m[1])
	}
	return ""
}

// programIn is the program that a runtime's message is about, or that of the spec.
func programIn(message string, c *containerView) string {
	for _, re := range []*regexp.Regexp{execName, execPlain} {
		if m := re.FindStringSubmatch(message); m != nil {
			return fmt.Sprintf(" %q", m[1])
		}
	}
	if len(c.Command) > 0 {
		return fmt.Sprintf(" %q", c.Command[0])
	}
	return ""
}

// architecture tells the node's CPU where it is known.
func (c *containerView) architecture() string {
	if n := c.v.node; n != nil && n.Status.NodeInfo.Architecture != "" {
		return fmt.Sprintf("; node %s is %s", n.Name, n.Status.NodeInfo.Architecture)
	}
	return ""
}
