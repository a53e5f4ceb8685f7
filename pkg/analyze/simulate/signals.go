package simulate

import (
	"strconv"
	"strings"
)

// signalNumbers are Linux' signals that a stop signal may be, with the numbers
// of amd64 and arm64; an exit by signal n is reported as 128+n (K48).
var signalNumbers = map[string]int32{
	"HUP": 1, "INT": 2, "QUIT": 3, "ILL": 4, "TRAP": 5, "ABRT": 6, "BUS": 7, "FPE": 8, "KILL": 9,
	"USR1": 10, "SEGV": 11, "USR2": 12, "PIPE": 13, "ALRM": 14, "TERM": 15, "STKFLT": 16, "CHLD": 17,
	"CONT": 18, "STOP": 19, "TSTP": 20, "TTIN": 21, "TTOU": 22, "URG": 23, "XCPU": 24, "XFSZ": 25,
	"VTALRM": 26, "PROF": 27, "WINCH": 28, "IO": 29, "POLL": 29, "PWR": 30, "SYS": 31,
}

const (
	sigTerm = "TERM"
	sigKill = "KILL"
	// exitKilled is what runtimes report for a process ended by SIGKILL.
	exitKilled = 137
)

// signalName brings "SIGTERM", "term", "15" and "RTMIN+3" to the form of the
// documents (no SIG); "" if it is no signal.
func signalName(text string) string {
	name := strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(text)), "SIG")
	if _, ok := signalNumbers[name]; ok {
		return name
	}
	if strings.HasPrefix(name, "RTMIN") || strings.HasPrefix(name, "RTMAX") {
		return name
	}
	for known, n := range signalNumbers {
		if name == strconv.Itoa(int(n)) && known != "POLL" {
			return known
		}
	}
	return ""
}

// signalIgnoredByDefault says that the default action is to do nothing.
func signalIgnoredByDefault(name string) bool {
	switch name {
	case "CHLD", "CONT", "URG", "WINCH":
		return true
	}
	return false
}

// signalExitCode is the exit code of a process that a signal ended (K48).
func signalExitCode(name string) int32 {
	if n, ok := signalNumbers[name]; ok {
		return 128 + n
	}
	return 128 + 15
}
