package explain

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

var (
	objectNotFound = regexp.MustCompile(`(configmap|secret)s? "([^"]+)" (?:is )?not found`)
	keyNotFound    = regexp.MustCompile(`couldn't find key (.+) in (ConfigMap|Secret) ([^/ ]+)/([^ ,:]+)`)
	keyInVolume    = regexp.MustCompile(`references non-existent (config|secret) key: (.+)`)
	nonNumeric     = regexp.MustCompile(`non-numeric user \(([^)]*)\)`)
)

// config finds containers that cannot be configured: CreateContainerConfigError
// (pain 26, 28; K120). Only references from env, runAsNonRoot and subPath fail
// here; missing volumes keep the pod in ContainerCreating (K107, K430).
func config(v *podView) []finding {
	var out []finding
	for _, c := range v.cs {
		if c.waits("CreateContainerConfigError") {
			out = append(out, c.configFinding())
		}
	}
	return out
}

func (c *containerView) configFinding() finding {
	w := c.waiting()
	f := finding{Reason: Reason{
		ID: idConfigError, Container: c.Name, Severity: analyze.Error, Certainty: Certain, Rule: "K120",
		Evidence: []Evidence{c.seen("state.waiting.reason", w.Reason), c.seen("state.waiting.message", w.Message)},
		Detail:   "the kubelet tries again every 10 to 15 seconds",
	}, state: Stuck, folds: []string{idInitRunning, idNotReadyYet, idReadinessFailing}}
	what := "its configuration is refused: " + shorten(w.Message, 160)
	switch m := w.Message; {
	case objectNotFound.MatchString(m):
		g := objectNotFound.FindStringSubmatch(m)
		what = c.missingObject(&f, g[1], g[2])
	case keyNotFound.MatchString(m):
		g := keyNotFound.FindStringSubmatch(m)
		what = c.missingKey(&f, g[2], g[4], g[1])
	case strings.Contains(m, "runAsNonRoot"), strings.Contains(m, "non-root"):
		what = c.runsAsRoot(&f, m)
	case strings.Contains(m, "subPath"):
		f.ID = idSubPath
		what = "its subPath mount cannot be prepared: " + shorten(m, 160)
	case strings.Contains(m, "failed to sync"):
		f.ID, f.Severity, f.state = idConfigSync, analyze.Warning, Waiting
		what = "the kubelet could not fetch its config maps or secrets yet: " + shorten(m, 120)
	}
	f.says = fmt.Sprintf("cannot start: %s cannot be created: %s", c.label(), what)
	f.Summary = fmt.Sprintf("%s cannot be created: %s", c.label(), what)
	f.outlook = c.v.retryOutlook("the kubelet tries to create " + c.label() + " again")
	f.actions = append(f.actions, look("kubectl describe pod "+shell(c.v.o.Name)+c.v.ns(), "env, envFrom and security context of the container"))
	return f
}

func (c *containerView) missingObject(f *finding, kind, name string) string {
	f.ID = idConfigMapMissing
	title := "ConfigMap"
	if kind == "secret" {
		f.ID, title = idSecretMissing, "Secret"
	}
	if at := c.refersTo(title, name); at != "" {
		f.Evidence = append(f.Evidence, c.v.see(at, name))
	}
	f.Detail = joinDetail("create it, or mark the reference optional", f.Detail)
	f.actions = append(f.actions, look(fmt.Sprintf("kubectl get %s %s%s", kind, shell(name), c.v.ns()), "whether it exists in this namespace"))
	return fmt.Sprintf("%s %q does not exist (not found)", title, name)
}

func (c *containerView) missingKey(f *finding, title, name, key string) string {
	f.ID = idKeyMissing
	kind := strings.ToLower(title)
	if at := c.refersTo(title, name); at != "" {
		f.Evidence = append(f.Evidence, c.v.see(at, name))
	}
	f.Detail = joinDetail("add the key, correct its name, or mark the reference optional", f.Detail)
	f.actions = append(f.actions, look(fmt.Sprintf("kubectl describe %s %s%s", kind, shell(name), c.v.ns()), "the keys it has"))
	return fmt.Sprintf("%s %q has no key %q", title, name, key)
}

func (c *containerView) runsAsRoot(f *finding, message string) string {
	f.ID = idRunAsNonRoot
	f.Detail = joinDetail("give the image a numeric USER, or set securityContext.runAsUser", f.Detail)
	f.Evidence = append(f.Evidence, c.v.see(c.specPath("image"), c.Image))
	if m := nonNumeric.FindStringSubmatch(message); m != nil {
		return fmt.Sprintf("runAsNonRoot is set, and the image's user %q is a name, which cannot be checked to be non-root", m[1])
	}
	if strings.Contains(message, "runAsUser breaks non-root") {
		return "runAsNonRoot is set, but runAsUser is 0 (root)"
	}
	return "runAsNonRoot is set, but its image runs as root"
}

// refersTo is the path of the env reference to a ConfigMap or Secret.
func (c *containerView) refersTo(title, name string) string {
	for i, e := range c.Env {
		switch from := e.ValueFrom; {
		case from == nil:
		case title == "ConfigMap" && from.ConfigMapKeyRef != nil && from.ConfigMapKeyRef.Name == name:
			return c.specPath(fmt.Sprintf("env[%d].valueFrom.configMapKeyRef.name", i))
		case title == "Secret" && from.SecretKeyRef != nil && from.SecretKeyRef.Name == name:
			return c.specPath(fmt.Sprintf("env[%d].valueFrom.secretKeyRef.name", i))
		}
	}
	return c.fromAll(title, name)
}

// fromAll is the path of the envFrom reference to a ConfigMap or Secret.
func (c *containerView) fromAll(title, name string) string {
	for i, e := range c.EnvFrom {
		switch {
		case title == "ConfigMap" && e.ConfigMapRef != nil && e.ConfigMapRef.Name == name:
			return c.specPath(fmt.Sprintf("envFrom[%d].configMapRef.name", i))
		case title == "Secret" && e.SecretRef != nil && e.SecretRef.Name == name:
			return c.specPath(fmt.Sprintf("envFrom[%d].secretRef.name", i))
		}
	}
	return ""
}

// create finds containers that the runtime cannot create (K120).
func create(v *podView) []finding {
	var out []finding
	for _, c := range v.cs {
		if !c.waits("CreateContainerError", "PreCreateHookError", "PreStartHookError") {
			continue
		}
		w := c.waiting()
		f := finding{Reason: Reason{
			ID: idCreateError, Container: c.Name, Severity: analyze.Error, Certainty: Certain, Rule: "K120",
			Evidence: []Evidence{c.seen("state.waiting.reason", w.Reason), c.seen("state.waiting.message", w.Message)},
		}, state: Failing, folds: []string{idInitRunning, idNotReadyYet, idReadinessFailing}}
		what := "the runtime refuses to create it: " + shorten(w.Message, 180)
		switch m := strings.ToLower(w.Message); {
		case strings.Contains(m, "no command specified"):
			f.ID, what = idNoCommand, "neither the pod nor the image names a command"
		case strings.Contains(m, "no users found"): // containerd looks the name up before it makes the container
			f.ID, what = idUserUnknown, "the user that it should run as does not exist in the image"
		case strings.Contains(m, "failed to reserve container name"), strings.Contains(m, "context deadline exceeded"):
			f.ID, what = idRuntimeSlow, "the node's container runtime is too slow or hangs: "+shorten(w.Message, 140)
			f.Detail = "an earlier attempt is still under way in the runtime; an overloaded disk is the usual cause"
		case strings.Contains(m, "not enough cpus available"), w.Reason == "PreCreateHookError":
			what = "the node's CPU or memory manager refuses it: " + shorten(w.Message, 140)
		}
		f.Summary = fmt.Sprintf("%s cannot be created: %s", c.label(), what)
		f.says = "cannot start: " + f.Summary
		f.actions = []Action{look("kubectl describe pod "+shell(v.o.Name)+v.ns(), "the events of the container")}
		out = append(out, f)
	}
	return out
}

// postStartWaits finds containers whose postStart hook failed before any end is
// known (PostStartHookError as a first state).
func postStartWaits(v *podView) []finding {
	var out []finding
	for _, c := range v.cs {
		w := c.waiting()
		if t, _ := c.ending(); t != nil || !c.waits("PostStartHookError") {
			continue
		}
		out = append(out, finding{
			Reason: Reason{
				ID: idPostStartFails, Container: c.Name, Severity: analyze.Error, Certainty: Certain, Rule: "K124",
				Summary:  fmt.Sprintf("the postStart hook of %s failed", c.label()),
				Detail:   "the kubelet says: " + shorten(w.Message, 240),
				Evidence: []Evidence{c.seen("state.waiting.reason", w.Reason), c.seen("state.waiting.message", w.Message)},
			}, state: Failing, says: fmt.Sprintf("is not ready: the postStart hook of %s fails, so the kubelet kills it", c.label()),
			folds: []string{idNotReadyYet}, actions: []Action{look(c.logs(false), "what the container printed")},
		})
	}
	return out
}
