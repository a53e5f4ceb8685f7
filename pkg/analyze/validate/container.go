package validate

import (
	"fmt"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Containers refuses names, images, ports, environment and restart rules of the
// containers of a pod; probes, hooks, resources, volumes and security have
// functions of their own. inPod says that the object is a Pod, not a template.
func Containers(t analyze.PodTemplate, inPod bool, o Options) field.ErrorList {
	var e errs
	if len(t.Spec.Containers) == 0 {
		e.required(t.SpecPath().Child("containers"), "")
	}
	// The API looks at containers before init containers: of two with one name
	// the init container is the duplicate.
	seen := map[string]bool{}
	all := t.Containers()
	for _, c := range all {
		if c.Type == analyze.AppContainer {
			e.name(c, seen)
		}
	}
	for _, c := range all {
		if c.Type == analyze.InitContainer || c.Type == analyze.SidecarContainer {
			e.name(c, seen)
		}
	}
	ports := map[string]bool{}
	for _, c := range all {
		if c.Type == analyze.EphemeralContainer {
			continue
		}
		e.container(c, t.Spec.RestartPolicy, inPod, o)
		if c.Type != analyze.AppContainer {
			e.hostPorts(c, map[string]bool{})
		} else {
			e.hostPorts(c, ports)
		}
	}
	if n := len(t.Spec.EphemeralContainers); n > 0 {
		detail := "ephemeral containers not allowed in pod template"
		if inPod {
			detail = "cannot be set on create"
		}
		e.forbidden(t.SpecPath().Child("ephemeralContainers"), detail)
	}
	return e.list
}

func (e *errs) name(c analyze.Container, seen map[string]bool) {
	path := c.Path.Child("name")
	if c.Name == "" {
		e.required(path, "")
	} else {
		e.label1123(path, c.Name)
	}
	if seen[c.Name] {
		e.duplicate(path, c.Name)
	}
	if c.Name != "" || c.Type == analyze.AppContainer {
		seen[c.Name] = true
	}
}

func (e *errs) container(c analyze.Container, pod corev1.RestartPolicy, inPod bool, o Options) {
	if c.Image == "" {
		e.required(c.Path.Child("image"), "")
	} else if inPod && strings.TrimSpace(c.Image) != c.Image {
		invalid(e, c.Path.Child("image"), c.Image, "must not have leading or trailing whitespace")
	}
	optional(e, c.Path.Child("terminationMessagePolicy"), c.TerminationMessagePolicy,
		corev1.TerminationMessageReadFile, corev1.TerminationMessageFallbackToLogsOnError)
	optional(e, c.Path.Child("imagePullPolicy"), c.ImagePullPolicy, corev1.PullAlways, corev1.PullIfNotPresent, corev1.PullNever)
	e.ports(c)
	e.env(c, o)
	e.restart(c, o)
	e.resize(c, pod)
}

func (e *errs) ports(c analyze.Container) {
	names := map[string]bool{}
	for i, port := range c.Ports {
		p := c.Path.Child("ports").Index(i)
		if port.Name != "" {
			bad := validation.IsValidPortName(port.Name)
			invalid(e, p.Child("name"), port.Name, bad...)
			if len(bad) == 0 && names[port.Name] {
				e.duplicate(p.Child("name"), port.Name)
			}
			names[port.Name] = true
		}
		if port.ContainerPort == 0 {
			e.required(p.Child("containerPort"), "")
		} else {
			e.portNumber(p.Child("containerPort"), port.ContainerPort)
		}
		if port.HostPort != 0 {
			e.portNumber(p.Child("hostPort"), port.HostPort)
		}
		optional(e, p.Child("protocol"), port.Protocol, corev1.ProtocolSCTP, corev1.ProtocolTCP, corev1.ProtocolUDP)
	}
}

// hostPorts refuses a port of the node that is taken twice.
func (e *errs) hostPorts(c analyze.Container, taken map[string]bool) {
	for i, port := range c.Ports {
		if port.HostPort == 0 {
			continue
		}
		protocol := port.Protocol
		if protocol == "" {
			protocol = corev1.ProtocolTCP
		}
		key := fmt.Sprintf("%s/%s/%d", protocol, port.HostIP, port.HostPort)
		if taken[key] {
			e.duplicate(c.Path.Child("ports").Index(i).Child("hostPort"), key)
		}
		taken[key] = true
	}
}

// restart refuses restart policies and rules of a container (C464).
func (e *errs) restart(c analyze.Container, o Options) {
	path := c.Path.Child("restartPolicy")
	if !o.RestartRules {
		switch {
		case c.RestartPolicy == nil:
		case c.Type == analyze.AppContainer:
			e.forbidden(path, "may not be set for non-init containers")
		default:
			oneOf(e, path, *c.RestartPolicy, corev1.ContainerRestartPolicyAlways)
		}
		return
	}
	if c.RestartPolicy == nil {
		if len(c.RestartPolicyRules) > 0 {
			e.required(path, "must specify restartPolicy when restart rules are used")
		}
		if c.Type != analyze.AppContainer {
			return
		}
	}
	optionalPtr(e, path, c.RestartPolicy, corev1.ContainerRestartPolicyAlways, corev1.ContainerRestartPolicyNever, corev1.ContainerRestartPolicyOnFailure)
	rules := c.Path.Child("restartPolicyRules")
	if c.Type == analyze.SidecarContainer && !o.RestartAll {
		if len(c.RestartPolicyRules) > 0 {
			e.forbidden(rules, "restartPolicyRules are not allowed for init containers with restart policy Always")
		}
		return
	}
	e.restartRules(rules, c.RestartPolicyRules, o)
}

func (e *errs) restartRules(p *field.Path, rules []corev1.ContainerRestartRule, o Options) {
	if len(rules) > 20 {
		e.add(field.TooMany(p, len(rules), 20))
	}
	actions := []corev1.ContainerRestartRuleAction{corev1.ContainerRestartRuleActionRestart}
	if o.RestartAll {
		actions = append(actions, corev1.ContainerRestartRuleActionRestartAllContainers)
	}
	for i, r := range rules {
		at := p.Index(i)
		oneOf(e, at.Child("action"), r.Action, actions...)
		if r.ExitCodes == nil {
			e.required(at.Child("exitCodes"), "must be specified")
			continue
		}
		oneOf(e, at.Child("exitCodes", "operator"), r.ExitCodes.Operator,
			corev1.ContainerRestartRuleOnExitCodesOpIn, corev1.ContainerRestartRuleOnExitCodesOpNotIn)
		if n := len(r.ExitCodes.Values); n > 255 {
			e.add(field.TooMany(at.Child("exitCodes", "values"), n, 255))
		}
	}
}

func (e *errs) resize(c analyze.Container, pod corev1.RestartPolicy) {
	p := c.Path.Child("resizePolicy")
	seen := map[corev1.ResourceName]bool{}
	for i, r := range c.ResizePolicy {
		if seen[r.ResourceName] {
			e.duplicate(p.Index(i), string(r.ResourceName))
		}
		seen[r.ResourceName] = true
		if r.ResourceName == "" {
			e.required(p, "")
		} else {
			oneOf(e, p, r.ResourceName, corev1.ResourceCPU, corev1.ResourceMemory)
		}
		if r.RestartPolicy == "" {
			e.required(p, "")
		} else {
			oneOf(e, p, r.RestartPolicy, corev1.NotRequired, corev1.RestartContainer)
		}
		if pod == corev1.RestartPolicyNever && r.RestartPolicy != corev1.NotRequired {
			invalid(e, p, r.RestartPolicy, "must be 'NotRequired' when pod `restartPolicy` is 'Never'")
		}
	}
}
