package explain

import (
	"fmt"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/simulate"
)

// A podView is one pod with everything the causes ask about it.
type podView struct {
	*world
	o      *analyze.Object
	pod    *corev1.Pod
	row    Row
	cs     []*containerView // spec order: init and sidecars, app, ephemeral
	events []*corev1.Event  // oldest first
	node   *corev1.Node     // nil where it is unbound or was not seen
	found  []finding        // what findings has found, once it was asked
	asked  bool
}

// A containerView is one container of the spec with its status.
type containerView struct {
	analyze.Container
	v *podView
	// st is nil where the pod has no status for the container yet; at is its path.
	st *corev1.ContainerStatus
	at string
}

func (w *world) view(o *analyze.Object, pod *corev1.Pod) *podView {
	v := &podView{world: w, o: o, pod: pod, row: PrintPod(pod, w.s.Version), events: w.s.Events(o.Ref)}
	if pod.Spec.NodeName != "" {
		v.node = w.node(pod.Spec.NodeName)
	}
	tmpl, _ := analyze.PodTemplateOf(pod)
	for _, c := range tmpl.Containers() {
		cv := &containerView{Container: c, v: v}
		field, list := "containerStatuses", pod.Status.ContainerStatuses
		switch c.Type {
		case analyze.InitContainer, analyze.SidecarContainer:
			field, list = "initContainerStatuses", pod.Status.InitContainerStatuses
		case analyze.EphemeralContainer:
			field, list = "ephemeralContainerStatuses", pod.Status.EphemeralContainerStatuses
		case analyze.AppContainer:
		}
		for i := range list {
			if list[i].Name == c.Name {
				cv.st, cv.at = &list[i], fmt.Sprintf("status.%s[%d]", field, i)
			}
		}
		v.cs = append(v.cs, cv)
	}
	return v
}

// ref is how sentences call the pod.
func (v *podView) name() string { return v.o.String() }

func (v *podView) ns() string { return inNamespace(v.o.Namespace) }

func (v *podView) condition(t corev1.PodConditionType) *corev1.PodCondition {
	for i := range v.pod.Status.Conditions {
		if v.pod.Status.Conditions[i].Type == t {
			return &v.pod.Status.Conditions[i]
		}
	}
	return nil
}

// conditionPath is the path of a condition for evidence.
func (v *podView) conditionPath(t corev1.PodConditionType) string {
	return fmt.Sprintf("status.conditions[%s]", t)
}

func (v *podView) ready() bool { return podReady(v.pod) }

func (v *podView) deleting() bool { return v.pod.DeletionTimestamp != nil }

func (v *podView) bound() bool { return v.pod.Spec.NodeName != "" }

// find lists the pod's events of the given reasons, oldest first.
func (v *podView) find(reasons ...string) []*corev1.Event {
	var out []*corev1.Event
	for _, e := range v.events {
		if slices.Contains(reasons, e.Reason) {
			out = append(out, e)
		}
	}
	return out
}

// last is the newest event of a reason, or nil.
func (v *podView) last(reason string) *corev1.Event {
	for i := len(v.events) - 1; i >= 0; i-- {
		if v.events[i].Reason == reason {
			return v.events[i]
		}
	}
	return nil
}

// anyRunning says that a container of the pod runs.
func (v *podView) anyRunning() bool {
	return slices.ContainsFunc(v.cs, func(c *containerView) bool { return c.running() != nil })
}

// age is how long ago the pod was created.
func (v *podView) age() time.Duration { return v.since(v.pod.CreationTimestamp.Time) }

// seesEvents says whether the absence of an event about the pod means anything.
func (v *podView) seesEvents() bool { return v.s.Sees(analyze.KindEvent, v.o.Namespace) }

// last is the newest event of the container with a reason and a text in its message.
func (c *containerView) last(reason, text string) *corev1.Event {
	for i := len(c.v.events) - 1; i >= 0; i-- {
		e := c.v.events[i]
		if e.Reason == reason && strings.Contains(e.Message, text) && c.concerns(e) {
			return e
		}
	}
	return nil
}

// concerns says whether an event of the pod is about this container:
// involvedObject.fieldPath is spec.containers{name}.
// Without a fieldPath the message must name it, or there must be no other.
func (c *containerView) concerns(e *corev1.Event) bool {
	_, rest, ok := strings.Cut(e.InvolvedObject.FieldPath, "{")
	if !ok {
		return len(c.v.cs) == 1 || slices.Contains(strings.FieldsFunc(e.Message, notName), c.Name)
	}
	return strings.TrimSuffix(rest, "}") == c.Name
}

// notName says whether a character cannot be part of a container's name.
func notName(r rune) bool { return r != '-' && (r < 'a' || r > 'z') && (r < '0' || r > '9') }

func (c *containerView) waiting() *corev1.ContainerStateWaiting {
	if c.st == nil {
		return nil
	}
	return c.st.State.Waiting
}

func (c *containerView) waits(reasons ...string) bool {
	w := c.waiting()
	return w != nil && slices.Contains(reasons, w.Reason)
}

func (c *containerView) running() *corev1.ContainerStateRunning {
	if c.st == nil {
		return nil
	}
	return c.st.State.Running
}

func (c *containerView) terminated() *corev1.ContainerStateTerminated {
	if c.st == nil {
		return nil
	}
	return c.st.State.Terminated
}

// ending is the newest known end of the container: its current state or, while
// it waits or runs again, its last state; path is where it stands.
func (c *containerView) ending() (t *corev1.ContainerStateTerminated, path string) {
	switch {
	case c.st == nil:
		return nil, ""
	case c.st.State.Terminated != nil:
		return c.st.State.Terminated, c.at + ".state.terminated"
	case c.st.LastTerminationState.Terminated != nil:
		return c.st.LastTerminationState.Terminated, c.at + ".lastState.terminated"
	}
	return nil, ""
}

func (c *containerView) started() bool {
	return c.st != nil && c.st.Started != nil && *c.st.Started
}

func (c *containerView) restarts() int32 {
	if c.st == nil {
		return 0
	}
	return c.st.RestartCount
}

// restartable says whether the kubelet starts the container again after that
// exit code (K201, K205, K206).
func (c *containerView) restartable(exit int32) bool {
	if c.v.deleting() || terminal(c.v.pod) {
		return false
	}
	again, _ := simulate.Restartable(c.v.s.Version, &c.v.pod.Spec, c.Container, exit)
	return again
}

// label is how sentences call the container: `container "app"`, `init container "x"`.
func (c *containerView) label() string {
	switch c.Type {
	case analyze.InitContainer:
		return fmt.Sprintf("init container %q", c.Name)
	case analyze.SidecarContainer:
		return fmt.Sprintf("sidecar %q", c.Name)
	case analyze.EphemeralContainer:
		return fmt.Sprintf("debug container %q", c.Name)
	case analyze.AppContainer:
	}
	return fmt.Sprintf("container %q", c.Name)
}

// specPath is the path of one of the container's fields.
func (c *containerView) specPath(field string) string { return c.Path.String() + "." + field }

// logs is the command that shows what the container printed.
func (c *containerView) logs(previous bool) string {
	cmd := "kubectl logs " + shell(c.v.o.Name) + " -c " + shell(c.Name)
	if previous {
		cmd += " --previous"
	}
	return cmd + c.v.ns()
}
