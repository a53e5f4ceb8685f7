package simulate

import (
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// Restartable says whether the kubelet starts a container again that ended
// with the exit code, and which field decides it (K200, K201, K205, K206).
// Container-level policies and rules count where the version has the gate
// ContainerRestartRules; before, and for a sidecar, the pod's policy or the
// sidecar's own Always does. oomKilled matters for init containers only: they
// count as failed even if they exited with 0 (K289).
func Restartable(v analyze.Version, spec *corev1.PodSpec, c analyze.Container, exitCode int32) (restart bool, field string) {
	if c.Type == analyze.EphemeralContainer {
		return false, ""
	}
	if c.Type == analyze.SidecarContainer {
		return true, "restartPolicy"
	}
	if c.Type == analyze.InitContainer && exitCode == 0 {
		return false, ""
	}
	policy, field := podPolicy(spec), "spec.restartPolicy"
	if GateOn(v, GateRestartRules) {
		if _, ok := matchingRule(c.Container, exitCode); ok {
			return true, "restartPolicyRules"
		}
		if c.RestartPolicy != nil {
			policy, field = corev1.RestartPolicy(*c.RestartPolicy), "restartPolicy"
		}
	}
	again := policy == corev1.RestartPolicyAlways || policy == corev1.RestartPolicyOnFailure && exitCode != 0
	return again, field
}

// restartsAfterKill says whether a container that a probe killed is started
// again: rules and the exit code do not count, only "not Never" (K204).
func restartsAfterKill(v analyze.Version, spec *corev1.PodSpec, c *corev1.Container) bool {
	if analyze.IsSidecar(c) {
		return true
	}
	if c.RestartPolicy != nil && GateOn(v, GateRestartRules) {
		return *c.RestartPolicy != corev1.ContainerRestartPolicyNever
	}
	return podPolicy(spec) != corev1.RestartPolicyNever
}

// RestartsAll says whether the exit makes the kubelet restart all containers
// of the pod in place (K240).
func RestartsAll(v analyze.Version, c *corev1.Container, exitCode int32) bool {
	if !GateOn(v, GateRestartRules) || !GateOn(v, GateRestartAll) {
		return false
	}
	rule, ok := matchingRule(c, exitCode)
	return ok && rule.Action == corev1.ContainerRestartRuleActionRestartAllContainers
}

// matchingRule is the first rule of the container that matches the exit code (K201).
func matchingRule(c *corev1.Container, exitCode int32) (corev1.ContainerRestartRule, bool) {
	for _, r := range c.RestartPolicyRules {
		if r.ExitCodes == nil {
			continue
		}
		in := slices.Contains(r.ExitCodes.Values, exitCode)
		if in == (r.ExitCodes.Operator == corev1.ContainerRestartRuleOnExitCodesOpIn) {
			return r, true
		}
	}
	return corev1.ContainerRestartRule{}, false
}

func podPolicy(spec *corev1.PodSpec) corev1.RestartPolicy {
	if spec.RestartPolicy == "" {
		return corev1.RestartPolicyAlways
	}
	return spec.RestartPolicy
}
