package explain

import (
	"fmt"
	"regexp"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// imageReasons are the waiting reasons of a container whose image is the
// trouble (K123; pkg/kubelet/images/types.go@v1.36.3).
func imageReasons() []string {
	return []string{
		"ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "ImageInspectError",
		"RegistryUnavailable", "SignatureValidationFailed",
	}
}

func (c *containerView) pullsImage() bool { return c.waits(imageReasons()...) }

// An imageTrouble is one way in which an image cannot be had.
type imageTrouble struct {
	id   string
	what string // completes `image "x" `
	help string
	// any of these words, lower case, in the error
	words []string
}

// imageTroubles in the order in which they are tried: what a message says by the
// way (such as "not found") comes last.
func imageTroubles() []imageTrouble {
	return []imageTrouble{
		{idRegistryDNS, "cannot be pulled: the registry's name does not resolve (no such host)", "check the registry's name and the node's DNS", []string{"no such host", "server misbehaving", "temporary failure in name resolution"}},
		{idRateLimit, "cannot be pulled: the registry's rate limit is reached (429 Too Many Requests)", "authenticate, use a mirror, or wait; the tag itself may be fine", []string{"429 too many requests", "toomanyrequests", "rate limit", "too many requests"}},
		{idPullThrottled, "is not pulled yet: the kubelet's own pull rate is exceeded", "the kubelet tries again by itself", []string{"pull qps exceeded"}},
		{idRegistryTLS, "cannot be pulled: the registry's certificate or protocol is refused", "install the registry's CA on the nodes, or fix its certificate", []string{"x509:", "certificate signed by unknown", "http response to https client", "tls: "}},
		{idImageNoSpace, "cannot be pulled: the node's disk is full", "free disk space on the node, or move the pod", []string{"no space left on device"}},
		{idPlatform, "has no variant for this node's platform", "build the image for the node's architecture, or select other nodes", []string{"no match for platform", "no matching manifest for"}},
		{idImageDenied, "cannot be pulled: access is denied, or it does not exist", "check its name and tag, and the pull secret", []string{
			"unauthorized", "pull access denied", " 401", "403 forbidden", "authentication required", "authorization failed",
			"insufficient_scope", "no basic auth credentials", "denied:", "access forbidden", "permission \"artifactregistry",
		}},
		{idRegistryDown, "cannot be pulled: the registry does not answer", "check that the node reaches the registry", []string{
			"connection refused", "i/o timeout", "deadline exceeded", "connection reset", "no route to host", "network is unreachable",
			"tls handshake timeout", "unexpected eof", "client.timeout", "502 bad gateway", "503 service unavailable", "500 internal server", "504 gateway", "lookup ",
		}},
		{idImageDenied, "cannot be pulled: the registry gives no token for it", "check its name, and the pull secret", []string{"failed to fetch anonymous token", "failed to fetch oauth token"}},
		{idImageNotFound, "does not exist in the registry (not found)", "check the repository's name and the tag", []string{"not found", "manifest unknown", "manifest_unknown", "name unknown", "does not exist"}},
	}
}

// image finds containers whose image cannot be had (pain 8, 30, 45, 55, 83, 87).
func image(v *podView) []finding {
	var out []finding
	for _, c := range v.cs {
		if c.Type != analyze.EphemeralContainer && c.pullsImage() {
			out = append(out, c.imageFinding())
		}
	}
	return out
}

func (c *containerView) imageFinding() finding {
	w := c.waiting()
	text, from := c.pullError()
	t := classifyImage(w.Reason, text)
	f := finding{Reason: Reason{
		ID: t.id, Container: c.Name, Severity: analyze.Error, Certainty: Certain, Rule: "K123",
		Summary:  fmt.Sprintf("image %q of %s %s", c.Image, c.label(), t.what),
		Detail:   t.help,
		Evidence: []Evidence{c.seen("state.waiting.reason", w.Reason)},
	}, state: Failing, folds: []string{idInitRunning, idNotReadyYet, idReadinessFailing}}
	if w.Message != "" {
		f.Evidence = append(f.Evidence, c.seen("state.waiting.message", w.Message))
	}
	f.Evidence = append(f.Evidence, c.v.see(c.specPath("image"), c.Image))
	if from != nil {
		f.Evidence = append(f.Evidence, event(from))
	}
	switch {
	case text != "":
		f.Detail = joinDetail(f.Detail, "the error: "+shorten(tail(text), 260))
	case t.id == idImagePull:
		f.Certainty, f.Why = Likely, "the error itself was not seen"
		if !c.v.seesEvents() {
			f.gaps = append(f.gaps, missing(analyze.KindEvent, c.v.o.Namespace, "why the pull fails"))
		}
	}
	verb := "cannot start"
	if c.running() != nil || c.v.pod.Status.Phase == corev1.PodRunning {
		verb = "is not ready"
	}
	f.says = fmt.Sprintf("%s: image %q of %s %s", verb, c.Image, c.label(), t.what)
	c.pullSecret(&f)
	f.outlook = c.pullOutlook()
	f.actions = append(f.actions, look("kubectl describe pod "+shell(c.v.o.Name)+c.v.ns(), "the pull's events"))
	if root := c.v.rootCommandRef(); root != "" && c.Type == analyze.AppContainer && (t.id == idImageNotFound || t.id == idRegistryDNS || t.id == idImageName || t.id == idImageDenied) {
		f.actions = append(f.actions, change(fmt.Sprintf("kubectl set image %s %s=IMAGE%s", root, shell(c.Name), c.v.ns()), "corrects the image and rolls out new pods"))
	}
	return f
}

// pullError is what the runtime said, out of the waiting message (1.32+) or the
// newest pull event.
func (c *containerView) pullError() (string, *corev1.Event) {
	w := c.waiting()
	var from *corev1.Event
	for _, reason := range []string{"Failed", "InspectFailed", "ErrImageNeverPull"} {
		for i := len(c.v.events) - 1; i >= 0 && from == nil; i-- {
			e := c.v.events[i]
			if e.Reason == reason && c.concerns(e) && !strings.HasPrefix(e.Message, "Error: ") {
				from = e
			}
		}
	}
	backOff := strings.HasPrefix(w.Message, "Back-off pulling image")
	if backOff {
		if _, after, ok := strings.Cut(w.Message, `": `); ok {
			return after, from
		}
	}
	if w.Message != "" && !backOff {
		return w.Message, from
	}
	if from != nil {
		return from.Message, from
	}
	return "", nil
}

func classifyImage(reason, text string) imageTrouble {
	switch reason {
	case "InvalidImageName":
		return imageTrouble{id: idImageName, what: "is not a valid image name", help: "it never heals: an unrendered template, an upper-case letter, a scheme such as https://, or a bad tag"}
	case "ErrImageNeverPull":
		return imageTrouble{id: idNeverPull, what: "is not present on the node, and imagePullPolicy Never forbids pulling it", help: "load the image into the node, or change the pull policy"}
	case "SignatureValidationFailed":
		return imageTrouble{id: idImageSignature, what: "cannot be used: its signature is not accepted", help: "sign the image, or change the runtime's signature policy"}
	case "ImageInspectError":
		return imageTrouble{id: idImageInspect, what: "cannot be inspected on the node", help: "the runtime's image store may be damaged"}
	}
	// A path of the node that is "permission denied: " is not an answer of the registry.
	lower := strings.ReplaceAll(strings.ToLower(text), "permission denied", "not permitted")
	if strings.Contains(lower, "invalid reference format") || strings.Contains(lower, "invalidimagename") {
		return classifyImage("InvalidImageName", "")
	}
	for _, t := range imageTroubles() {
		if containsAny(lower, t.words...) {
			return t
		}
	}
	if reason == "RegistryUnavailable" {
		return imageTrouble{id: idRegistryDown, what: "cannot be pulled: the registry does not answer", help: "check that the node reaches the registry"}
	}
	return imageTrouble{id: idImagePull, what: "cannot be pulled"}
}

var repeated = regexp.MustCompile(`^(?:Failed to pull image "[^"]*": |ErrImagePull: |rpc error: code = \w+ desc = |failed to pull and unpack image "[^"]*": |failed to resolve reference "[^"]*": |failed to resolve image: |Error response from daemon: )`)

// tail drops the wrappers that kubelet and runtime put around the true error.
func tail(text string) string {
	for {
		next := repeated.ReplaceAllString(text, "")
		if next == text {
			return text
		}
		text = next
	}
}

// pullSecret adds that a pull secret does not exist: the kubelet says so once
// per pull (pain 55).
func (c *containerView) pullSecret(f *finding) {
	e := c.v.last("FailedToRetrieveImagePullSecret")
	if e == nil {
		return
	}
	f.Evidence = append(f.Evidence, event(e))
	name := ""
	if m := secretInParens.FindStringSubmatch(e.Message); m != nil {
		name = m[1]
	}
	f.Detail = joinDetail(fmt.Sprintf("the pull secret %q does not exist in the namespace", name), f.Detail)
	if f.ID != idImageDenied && f.ID != idImagePull && f.ID != idImageNotFound {
		return
	}
	f.ID = idPullSecret
	f.says = strings.Replace(f.says, "access is denied, or it does not exist", fmt.Sprintf("its pull secret %q does not exist", name), 1)
	f.Summary = strings.Replace(f.Summary, "access is denied, or it does not exist", fmt.Sprintf("its pull secret %q does not exist", name), 1)
	f.actions = append(f.actions, look("kubectl get secret "+shell(name)+c.v.ns(), "whether the pull secret exists"))
}

var secretInParens = regexp.MustCompile(`image pull secrets \(([^)]*)\)`)

// pulling says that an image is being pulled right now: a start that takes its time.
func pulling(v *podView) []finding {
	for _, c := range v.cs {
		e := c.last("Pulling", "")
		if e == nil || !c.waits("ContainerCreating", "PodInitializing", "") {
			continue
		}
		start := analyze.EventTime(e)
		if done := c.last("Pulled", ""); done != nil && !analyze.EventTime(done).Before(start) {
			continue
		}
		if bad := c.last("Failed", ""); bad != nil && !analyze.EventTime(bad).Before(start) {
			continue
		}
		took := v.since(start)
		f := finding{Reason: Reason{
			ID: idPulling, Container: c.Name, Severity: analyze.Info, Certainty: Certain, Rule: "K119",
			Summary:  fmt.Sprintf("the image of %s is being pulled, for %s so far", c.label(), span(took)),
			Evidence: []Evidence{event(e), v.see(c.specPath("image"), c.Image)},
		}, state: Progressing, folds: []string{idNotReadyYet}}
		f.says = fmt.Sprintf("is starting: the image of %s is being pulled, for %s so far", c.label(), span(took))
		return []finding{f}
	}
	return nil
}
