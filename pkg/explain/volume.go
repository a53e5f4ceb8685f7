package explain

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

var (
	oneOfVolumes = regexp.MustCompile(`failed to process volumes=\[[^\]]+\]: (.+)$`)
	setUpVolume  = regexp.MustCompile(`for volume "([^"]+)"`)
	usedByPods   = regexp.MustCompile(`used by pod\(s\) (.+)`)
	usedByCount  = regexp.MustCompile(`used by (\d+) pod\(s\)`)
	unmounted    = regexp.MustCompile(`unmounted volumes=\[([^\]]*)\]`)
	csiDriver    = regexp.MustCompile(`driver name (\S+) not found`)
	claimInError = regexp.MustCompile(`(?:persistentvolumeclaim|PVC) "?(?:[^/" ]+/)?([^"\s:]+)"?`)
)

// startingUp says that the kubelet has not started any container of the pod yet.
func (v *podView) startingUp() bool {
	if !v.bound() || terminal(v.pod) || v.deleting() {
		return false
	}
	for _, c := range v.cs {
		if c.running() != nil || c.terminated() != nil || c.restarts() > 0 {
			return false
		}
	}
	return true
}

// volumes finds what keeps the pod's volumes from being mounted (pain 17, 28, 74;
// K107). A message about an object that is "not registered" is noise (pain 98).
func volumes(v *podView) []finding {
	if !v.startingUp() || v.sandboxReady() {
		return nil
	}
	switch attach, mount := v.mountEvents(); {
	case attach != nil:
		return []finding{v.volumeFinding(attach, mount)}
	case mount != nil:
		return []finding{v.volumeFinding(mount, nil)}
	}
	return nil
}

// mountEvents are the newest telling events about volumes; none if the pod got
// further than its volumes since.
func (v *podView) mountEvents() (attach, mount *corev1.Event) {
	for i := len(v.events) - 1; i >= 0; i-- {
		e := v.events[i]
		switch {
		case afterMount(e.Reason) && attach == nil && mount == nil:
			return nil, nil
		case strings.Contains(e.Message, "not registered"):
		case e.Reason == "FailedAttachVolume" && attach == nil:
			attach = e
		case e.Reason == "FailedMount" && (mount == nil || vague(mount.Message) && !vague(e.Message)):
			mount = e
		}
	}
	return attach, mount
}

// afterMount says that an event can come only when all volumes are mounted (K110).
func afterMount(reason string) bool {
	return slices.Contains([]string{"FailedCreatePodSandBox", "Pulling", "Pulled", "Created", "Started"}, reason)
}

// sandboxReady says that the pod's sandbox stands, so that its volumes are mounted.
func (v *podView) sandboxReady() bool {
	c := v.condition(corev1.PodReadyToStartContainers)
	return c != nil && c.Status == corev1.ConditionTrue
}

// vague is the summary the kubelet gives when its wait is over; another event
// holds the cause.
func vague(message string) bool {
	return strings.Contains(message, "timed out waiting for the condition") || strings.Contains(message, "context deadline exceeded")
}

func (v *podView) volumeFinding(e, also *corev1.Event) finding {
	f := finding{Reason: Reason{
		ID: idMountFails, Severity: analyze.Error, Certainty: Certain, Rule: "K107",
		Evidence: []Evidence{event(e)},
		Detail:   "the kubelet tries again, at most 2m2s apart",
	}, state: Stuck, folds: []string{idNotReadyYet, idInitRunning}}
	if also != nil {
		f.Evidence = append(f.Evidence, event(also))
	}
	name := ""
	if m := setUpVolume.FindStringSubmatch(e.Message); m != nil {
		name = m[1]
	} else if m := unmounted.FindStringSubmatch(e.Message); m != nil {
		name = m[1]
	}
	volume := "a volume"
	if name != "" {
		volume = fmt.Sprintf("volume %q", name)
	}
	what := v.classifyMount(&f, e.Message)
	f.Summary = fmt.Sprintf("%s cannot be mounted: %s", volume, what)
	if e.Reason == "FailedAttachVolume" {
		f.Summary = fmt.Sprintf("%s cannot be attached to node %s: %s", volume, v.pod.Spec.NodeName, what)
	}
	f.says = "cannot start: " + f.Summary
	if at := v.volumePath(name); at != "" {
		f.Evidence = append(f.Evidence, v.see(at, name))
	}
	f.actions = append(f.actions, look("kubectl describe pod "+shell(v.o.Name)+v.ns(), "volumes and mount events"))
	return f
}

func (v *podView) classifyMount(f *finding, m string) string {
	switch lower := strings.ToLower(m); {
	case strings.Contains(m, "Multi-Attach error"):
		return v.multiAttach(f, m)
	case keyInVolume.MatchString(m):
		g := keyInVolume.FindStringSubmatch(m)
		f.ID = idKeyMissing
		title := map[string]string{"config": "ConfigMap", "secret": "Secret"}[g[1]]
		return fmt.Sprintf("its %s%s has no key %q", title, v.volumeSource(setUpVolume.FindStringSubmatch(m)), strings.TrimSpace(g[2]))
	case objectNotFound.MatchString(m):
		return v.missingObjects(f, m)
	case strings.Contains(m, "hostPath type check failed"):
		f.ID = idHostPath
		return shorten(m[strings.Index(m, "hostPath type check failed"):], 160)
	case csiDriver.MatchString(m):
		f.ID = idCSIMissing
		return fmt.Sprintf("CSI driver %s is not registered on the node", csiDriver.FindStringSubmatch(m)[1])
	case strings.Contains(lower, "persistentvolumeclaim") && claimInError.MatchString(m), strings.Contains(m, "PVC"):
		f.ID = idPVCMount
		return shorten(afterColon(m), 160)
	case containsAny(lower, "mount.nfs", "access denied by server", "wrong fs type", "exit status 32", "mount failed"):
		f.ID = idMountCommand
		return "the mount command fails: " + shorten(afterColon(m), 160)
	case strings.Contains(lower, "subpath"):
		f.ID = idSubPath
		return shorten(afterColon(m), 160)
	case vague(m):
		f.ID, f.Certainty = idMountTimeout, Likely
		f.Why = "the kubelet only says that it waited too long"
		return "it was not attached and mounted in time"
	}
	return shorten(afterColon(m), 180)
}

// missingObjects names the ConfigMaps and Secrets of a volume that do not exist: a
// projected volume reports all of them in one message.
func (v *podView) missingObjects(f *finding, m string) string {
	f.ID = idVolumeObject
	title := map[string]string{"configmap": "ConfigMap", "secret": "Secret"}
	var names []string
	for _, g := range objectNotFound.FindAllStringSubmatch(m, 5) {
		name := fmt.Sprintf("%s %q", title[g[1]], g[2])
		if slices.Contains(names, name) {
			continue
		}
		names = append(names, name)
		f.actions = append(f.actions, look(fmt.Sprintf("kubectl get %s %s%s", g[1], shell(g[2]), v.ns()), "whether it exists in this namespace"))
	}
	f.Detail = joinDetail(are(len(names), "create it", "create them")+", or mark the volume optional", f.Detail)
	return fmt.Sprintf("%s %s not exist (not found)", strings.Join(names, " and "), are(len(names), "does", "do"))
}

// multiAttach is a ReadWriteOnce volume that another node still holds (C352).
func (v *podView) multiAttach(f *finding, m string) string {
	f.ID, f.Rule = idMultiAttach, "C352"
	f.Detail = "a ReadWriteOnce volume can be attached to one node only; with RollingUpdate old and new pod need it at once, use strategy Recreate or maxSurge 0"
	if g := usedByPods.FindStringSubmatch(m); g != nil {
		return fmt.Sprintf("pod %s still uses it on another node (Multi-Attach)", g[1])
	}
	if g := usedByCount.FindStringSubmatch(m); g != nil {
		return fmt.Sprintf("%s other pods on another node still use it (Multi-Attach)", g[1])
	}
	f.Detail = joinDetail(f.Detail, "if the other node is lost, the volume is detached 6 minutes after its pod object is gone, or at once with the out-of-service taint")
	return "it is still attached to another node (Multi-Attach)"
}

// afterColon is the part of a mount's message that tells most: what the mount
// program printed, what one volume of several says, or what follows the volume's
// name.
func afterColon(m string) string {
	if _, rest, ok := strings.Cut(m, "\nOutput: "); ok {
		return rest
	}
	if g := oneOfVolumes.FindStringSubmatch(m); g != nil {
		return g[1]
	}
	if _, rest, ok := strings.Cut(m, " : "); ok {
		return rest
	}
	return m
}

// volumePath is where the pod's spec defines a volume.
func (v *podView) volumePath(name string) string {
	for i := range v.pod.Spec.Volumes {
		if v.pod.Spec.Volumes[i].Name == name {
			return fmt.Sprintf("spec.volumes[%d].name", i)
		}
	}
	return ""
}

// volumeSource names the ConfigMap or Secret behind a volume: ` "settings"`.
func (v *podView) volumeSource(m []string) string {
	if m == nil {
		return ""
	}
	for _, vol := range v.pod.Spec.Volumes {
		switch {
		case vol.Name != m[1]:
		case vol.ConfigMap != nil:
			return fmt.Sprintf(" %q", vol.ConfigMap.Name)
		case vol.Secret != nil:
			return fmt.Sprintf(" %q", vol.Secret.SecretName)
		}
	}
	return ""
}
