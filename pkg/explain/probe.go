package explain

import (
	"fmt"
	"regexp"
	"strings"
)

// probePrefix is how the kubelet begins the message of an Unhealthy event (K141).
func probePrefix(word string) string {
	return strings.ToUpper(word[:1]) + word[1:] + " probe failed"
}

// A probeTrouble is why a probe failed.
type probeTrouble struct {
	id    string // part of reason details and tests
	short string // "connection refused on port 8080"
	help  string
}

var (
	statusCode  = regexp.MustCompile(`statuscode: (\d{3})`)
	dialAddress = regexp.MustCompile(`dial tcp ([^ ]+:\d+)`)
	urlInProbe  = regexp.MustCompile(`(?:Get|Head) "([^"]+)"`)
	timedOut    = regexp.MustCompile(`timed out after ([0-9a-z.]+)`)
)

// probeFailure reads the message of an Unhealthy event (K140, K141).
func probeFailure(message string) probeTrouble {
	_, out, ok := strings.Cut(message, " probe failed: ")
	if !ok {
		if _, out, ok = strings.Cut(message, "probe failed"); !ok {
			return probeTrouble{}
		}
	}
	target := ""
	if m := dialAddress.FindStringSubmatch(out); m != nil {
		target = " to " + m[1]
	} else if m := urlInProbe.FindStringSubmatch(out); m != nil {
		target = " to " + m[1]
	}
	switch {
	case strings.Contains(out, "connection refused"):
		return probeTrouble{"refused", "connection" + target + " refused", "nothing listens on that port of the pod's address: wrong port, still starting, or bound to 127.0.0.1"}
	case strings.Contains(out, "server gave HTTP response to HTTPS client"):
		return probeTrouble{"scheme", "the probe speaks HTTPS, the application HTTP", "set the probe's scheme to HTTP"}
	case strings.Contains(out, "malformed HTTP response"):
		return probeTrouble{"scheme", "the answer" + target + " is not HTTP", "the port may speak TLS or another protocol: check the probe's scheme and port"}
	case statusCode.MatchString(out):
		code := statusCode.FindStringSubmatch(out)[1]
		return probeTrouble{"status", "HTTP status " + code, statusHelp(code)}
	case strings.Contains(out, "no such host"):
		return probeTrouble{"dns", "the probe's host name does not resolve", "leave httpGet.host empty to probe the pod itself"}
	case timedOut.MatchString(out):
		return probeTrouble{"timeout", "the command timed out after " + timedOut.FindStringSubmatch(out)[1], "timeoutSeconds is enforced for commands and defaults to 1"}
	case containsAny(out, "context deadline exceeded", "Client.Timeout", "i/o timeout", "timeout:"):
		return probeTrouble{"timeout", "no answer" + target + " in time", "the application is too slow for timeoutSeconds, or a network policy drops the probe"}
	case containsAny(out, "connection reset", "EOF", "broken pipe"):
		return probeTrouble{"reset", "the connection" + target + " was closed", "the application closed the connection before it answered"}
	case containsAny(out, "no route to host", "network is unreachable"):
		return probeTrouble{"route", "no route" + target, "the node cannot reach the pod's address"}
	case containsAny(out, "executable file not found", "no such file or directory"):
		return probeTrouble{"command", "its command does not exist in the image", "the probe's program must be in the image"}
	case containsAny(out, "service unhealthy", "NOT_SERVING", "rpc error"):
		return probeTrouble{"grpc", "the gRPC health service answers: " + shorten(out, 80), "the application reports itself as not serving"}
	case strings.TrimSpace(out) == "":
		return probeTrouble{"command", "its command ends with an error", "run the command in the container to see why"}
	}
	return probeTrouble{"output", shorten(out, 120), ""}
}

func statusHelp(code string) string {
	switch code {
	case "404":
		return "the path does not exist in the application"
	case "401", "403":
		return "the probe is not allowed to read that path"
	case "503":
		return "the application says that it, or something it needs, is not available"
	}
	return fmt.Sprintf("200 to 399 is success, %s is not", code)
}

func containsAny(s string, parts ...string) bool {
	for _, p := range parts {
		if strings.Contains(s, p) {
			return true
		}
	}
	return false
}
