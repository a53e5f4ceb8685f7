package explain

import "strings"

// exitEntries are exit codes.
func exitEntries() []Entry {
	return []Entry{
		{Term: "0", Kind: "exit code", Short: "the program ended without an error", Text: "with restartPolicy Always it is started again all the same", Rules: words("K201")},
		{Term: "1", Kind: "exit code", Short: "the program ended with a general error", Next: "read its log", Rules: words("K287")},
		{Term: "2", Kind: "exit code", Short: "the program ended with an error; many programs mean a wrong flag or argument", Next: "read its log", Rules: words("K287")},
		{Term: "126", Kind: "exit code", Short: "a shell could not execute a file that exists", Next: "execute bit? architecture?", Rules: words("K287")},
		{Term: "127", Kind: "exit code", Short: "a shell did not find the command", Next: "PATH? spelling? in the image?", Rules: words("K287")},
		{Term: "128", Kind: "exit code", Short: "the container's first process could not be started (reason StartError)", Rules: words("K287")},
		{Term: "130", Kind: "exit code", Short: "ended by SIGINT (128 + 2)", Rules: words("K288")},
		{Term: "134", Kind: "exit code", Short: "ended by SIGABRT (128 + 6): the program aborted itself", Rules: words("K288")},
		{Term: "135", Kind: "exit code", Short: "ended by SIGBUS (128 + 7)", Rules: words("K288")},
		{Term: "136", Kind: "exit code", Short: "ended by SIGFPE (128 + 8)", Rules: words("K288")},
		{Term: "137", Kind: "exit code", Short: "ended by SIGKILL (128 + 9): killed for memory (reason OOMKilled), at the end of a grace period, by a probe, or by hand", Text: "only the reason and the events tell which; with ContainerStatusUnknown the number is made up", Next: "look at reason, Killing events and node events before raising memory", Rules: words("K288")},
		{Term: "139", Kind: "exit code", Short: "ended by SIGSEGV (128 + 11): it accessed memory that is not its own", Rules: words("K288")},
		{Term: "141", Kind: "exit code", Short: "ended by SIGPIPE (128 + 13)", Rules: words("K288")},
		{Term: "143", Kind: "exit code", Short: "ended by SIGTERM (128 + 15): it was asked to stop", Text: "the kubelet calls that Error: it has no special case for it", Next: "handle SIGTERM and exit with 0", Rules: words("K91")},
		{Term: "255", Kind: "exit code", Short: "an error the program did not name (-1); with reason Unknown the container went down with its node or runtime", Rules: words("K287")},
	}
}

// signalEntries are the signals, with what they mean for a container.
func signalEntries() []Entry {
	names, meanings := signalNames(), signalWords()
	var out []Entry
	for n := range int32(32) {
		name, ok := names[n]
		if !ok {
			continue
		}
		e := Entry{
			Term: name, Kind: "signal", Short: "signal " + itoa(n) + "; a process it ends has exit code " + itoa(128+n),
			Seen: []string{itoa(128 + n)}, See: []string{itoa(128 + n)},
		}
		if text := meanings[n]; text != "" {
			_, text, _ = strings.Cut(text, ": ")
			e.Text = text
		}
		if n == 15 {
			e.Text = "the stop signal: a container that is stopped gets it first, unless its image or spec names another one"
		}
		if n == 9 {
			e.Text = "it cannot be caught: the kubelet sends it when the grace period is over, the kernel when memory runs out"
		}
		out = append(out, e)
	}
	return out
}
