package explain

import (
	"fmt"
	"regexp"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// probePrefix is how the kubelet begins the message of an Unhealthy event (K141).
func probePrefix(word string) string {
	return strings.ToUpper(word[:1]) + word[1:] + " probe failed"
}

// unhealthy is the newest event that says that a probe failed, or that the kubelet
// could not ask it at all ("errored": such a result counts for nothing, so that
// the probe neither succeeds nor kills; pkg/kubelet/prober/worker.go@v1.36.3).
func (c *containerView) unhealthy(word string) *corev1.Event {
	failed := c.last("Unhealthy", probePrefix(word))
	errored := c.last("Unhealthy", strings.ToUpper(word[:1])+word[1:]+" probe errored")
	if failed == nil || errored != nil && analyze.EventTime(errored).After(analyze.EventTime(failed)) {
		return errored
	}
	return failed
}

// A probeTrouble is why a probe failed.
type probeTrouble struct {
	short string // "connection refused on port 8080"
	help  string
}

var (
	portNamed   = regexp.MustCompile(`^strconv\.Atoi: parsing "([^"]*)": invalid syntax`)
	statusCode  = regexp.MustCompile(`statuscode: (\d{3})`)
	dialAddress = regexp.MustCompile(`dial tcp ([^ ]+:\d+)`)
	urlInProbe  = regexp.MustCompile(`(?:Get|Head) "([^"]+)"`)
	timedOut    = regexp.MustCompile(`timed out after ([0-9a-z.]+)`)
)

// probeFailure reads the message of an Unhealthy event (K140, K141).
func probeFailure(message string) probeTrouble {
	out, ok := probeOutput(message)
	if !ok {
		return probeTrouble{}
	}
	if m := portNamed.FindStringSubmatch(out); m != nil {
		return probeTrouble{fmt.Sprintf("it names port %q, and the container has no port of that name", m[1]), "add the name to the container's ports, or give the probe a number"}
	}
	target := ""
	if m := dialAddress.FindStringSubmatch(out); m != nil {
		target = " to " + m[1]
	} else if m := urlInProbe.FindStringSubmatch(out); m != nil {
		target = " to " + m[1]
	}
	switch m, w := statusCode.FindStringSubmatch(out), timedOut.FindStringSubmatch(out); {
	case m != nil:
		return probeTrouble{"HTTP status " + m[1], statusHelp(m[1])}
	case w != nil:
		return probeTrouble{"the command timed out after " + w[1], "timeoutSeconds is enforced for commands and defaults to 1"}
	case strings.TrimSpace(out) == "":
		return probeTrouble{"its command ends with an error", "run the command in the container to see why"}
	}
	for _, t := range probeTroubles() {
		if containsAny(out, t.words...) {
			return probeTrouble{strings.NewReplacer("TARGET", target, "OUTPUT", outputOf(out, 80)).Replace(t.short), t.help}
		}
	}
	return probeTrouble{outputOf(out, 120), ""}
}

// probeOutput is what follows the words of the kubelet in an Unhealthy event.
func probeOutput(message string) (out string, ok bool) {
	if _, out, ok = strings.Cut(message, " probe errored"); ok {
		_, rest, found := strings.Cut(out, ": ")
		return rest, found
	}
	if _, out, ok = strings.Cut(message, " probe failed: "); ok {
		return out, true
	}
	_, out, ok = strings.Cut(message, "probe failed")
	return out, ok
}

// outputOf sets what a program printed apart from the sentence around it.
func outputOf(text string, most int) string {
	return `"` + strings.ReplaceAll(shorten(text, most), `"`, "'") + `"`
}

// A probeWording is one way in which a probe fails, told by words of its message.
type probeWording struct {
	words       []string
	short, help string
}

// probeTroubles in the order in which they are tried (pkg/probe@v1.36.3 and Go's net/http).
func probeTroubles() []probeWording {
	return []probeWording{
		{[]string{"connection refused"}, "connectionTARGET refused", "nothing listens on that port of the pod's address: wrong port, still starting, or bound to 127.0.0.1"},
		{[]string{"server gave HTTP response to HTTPS client"}, "the probe speaks HTTPS, the application HTTP", "set the probe's scheme to HTTP"},
		{[]string{"malformed HTTP response"}, "the answerTARGET is not HTTP", "the port may speak TLS or another protocol: check the probe's scheme and port"},
		{[]string{"no such host"}, "the probe's host name does not resolve", "leave httpGet.host empty to probe the pod itself"},
		{[]string{"context deadline exceeded", "Client.Timeout", "i/o timeout", "timeout:"}, "no answerTARGET in time", "the application is too slow for timeoutSeconds, or a network policy drops the probe"},
		{[]string{"connection reset", "EOF", "broken pipe"}, "the connectionTARGET was closed", "the application closed the connection before it answered"},
		{[]string{"no route to host", "network is unreachable"}, "no routeTARGET", "the node cannot reach the pod's address"},
		{[]string{"executable file not found", "no such file or directory"}, "its command does not exist in the image", "the probe's program must be in the image"},
		{[]string{"service unhealthy", "NOT_SERVING", "rpc error"}, "the gRPC health service answers: OUTPUT", "the application reports itself as not serving"},
	}
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
