package gen

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/record"
)

func text(t *testing.T, cases []*record.Case) []string {
	t.Helper()
	var out []string
	for _, c := range cases {
		pod, err := json.Marshal(c.Pod)
		if err != nil {
			t.Fatal(err)
		}
		assumed, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(pod)+string(assumed))
	}
	return out
}

func TestSameSeedSamePods(t *testing.T) {
	for _, kind := range []record.Kind{record.Termination, record.EarlyDelete, record.Startup, record.Restarts} {
		a, b := Cases(kind, Options{Seed: 5, Count: 40}), Cases(kind, Options{Seed: 5, Count: 40})
		if diff := cmp.Diff(text(t, a), text(t, b)); diff != "" {
			t.Errorf("%s: %s", kind, diff)
		}
		if other := Cases(kind, Options{Seed: 6, Count: 40}); cmp.Equal(text(t, a)[1:], text(t, other)[1:]) {
			t.Errorf("%s: another seed gives the same pods", kind)
		}
	}
}

// TestEarlyDeletesComeEarly: every pod is deleted at an age, the delete is a
// plain one, and what blocks the start-up is among them.
func TestEarlyDeletesComeEarly(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range Cases(record.EarlyDelete, Options{Seed: 1, Count: 2 * earlyFeatures}) {
		if c.Trigger.Type != "delete" || c.Delete == nil || c.Age < 0 {
			t.Errorf("%s: %+v at %s", c.Name, c.Trigger, c.Age)
		}
		seen["forced"] = seen["forced"] || c.Trigger.Forced
		seen["twice"] = seen["twice"] || len(c.Trigger.Then) > 0
		for _, k := range append(c.Pod.Spec.InitContainers, c.Pod.Spec.Containers...) {
			a := c.Assumptions.Containers[k.Name]
			seen["never pulled"] = seen["never pulled"] || a.Pull == "never"
			seen["failing hook"] = seen["failing hook"] || a.PostStartFails
			seen["slow hook"] = seen["slow hook"] || a.PostStart != "" && !a.PostStartFails
			seen["endless init"] = seen["endless init"] || a.Runs == "never"
			seen["pending startup probe"] = seen["pending startup probe"] || a.StartupFails
		}
	}
	for _, want := range []string{"forced", "twice", "never pulled", "failing hook", "slow hook", "endless init", "pending startup probe"} {
		if !seen[want] {
			t.Errorf("no pod with: %s", want)
		}
	}
}

// TestTerminationsCoverEverything: forty cases hold every way to end a pod and
// every kind of hook and container that recordings are to cover.
func TestTerminationsCoverEverything(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range Cases(record.Termination, Options{Seed: 1, Count: 40}) {
		tr := c.Trigger
		seen["trigger "+tr.Type] = true
		seen["forced"] = seen["forced"] || tr.Forced
		seen["now"] = seen["now"] || tr.Now
		seen["second delete"] = seen["second delete"] || len(tr.Then) > 0
		seen["service"] = seen["service"] || c.Service
		seen["ephemeral"] = seen["ephemeral"] || len(c.Ephemeral) > 0
		seen["grace 0"] = seen["grace 0"] || *c.Pod.Spec.TerminationGracePeriodSeconds == 0
		seen["restart "+string(c.Pod.Spec.RestartPolicy)] = true
		for _, k := range append(c.Pod.Spec.InitContainers, c.Pod.Spec.Containers...) {
			look(seen, k, c.Assumptions.Containers[k.Name])
		}
	}
	for _, want := range []string{"trigger delete", "trigger evict", "trigger deadline", "trigger liveness", "trigger startup", "forced", "now",
		"second delete", "service", "ephemeral", "grace 0", "restart Always", "restart OnFailure", "restart Never", "init", "sidecar",
		"exec hook", "http hook", "sleep hook", "failing hook", "hanging hook", "image signal", "probe grace", "never stops", "finished"} {
		if !seen[want] {
			t.Errorf("no case with: %s", want)
		}
	}
}

func look(seen map[string]bool, k corev1.Container, a record.Container) {
	if k.Lifecycle != nil && k.Lifecycle.PreStop != nil {
		h := k.Lifecycle.PreStop
		seen["exec hook"] = seen["exec hook"] || h.Exec != nil
		seen["http hook"] = seen["http hook"] || h.HTTPGet != nil
		seen["sleep hook"] = seen["sleep hook"] || h.Sleep != nil
	}
	for _, p := range []*corev1.Probe{k.LivenessProbe, k.StartupProbe} {
		seen["probe grace"] = seen["probe grace"] || p != nil && p.TerminationGracePeriodSeconds != nil
	}
	seen["failing hook"] = seen["failing hook"] || a.PreStopFails
	seen["hanging hook"] = seen["hanging hook"] || a.PreStop == "1000s"
	seen["image signal"] = seen["image signal"] || a.StopSignal != ""
	seen["never stops"] = seen["never stops"] || a.Stop == "never"
	seen["finished"] = seen["finished"] || k.Name == "done"
	seen["init"] = seen["init"] || k.Name == "init0"
	seen["sidecar"] = seen["sidecar"] || k.RestartPolicy != nil
}

// TestNoHookIsMistakenForAProbe: containerd's events do not tell an exec hook
// from an exec probe, so that no container may have both.
func TestNoHookIsMistakenForAProbe(t *testing.T) {
	for _, c := range Cases(record.Termination, Options{Seed: 2, Count: 200}) {
		for _, k := range append(c.Pod.Spec.InitContainers, c.Pod.Spec.Containers...) {
			if k.Lifecycle == nil || k.Lifecycle.PreStop == nil || k.Lifecycle.PreStop.Exec == nil {
				continue
			}
			for _, p := range []*corev1.Probe{k.LivenessProbe, k.StartupProbe, k.ReadinessProbe} {
				if p != nil && p.Exec != nil {
					t.Errorf("%s: container %s has both", c.Name, k.Name)
				}
			}
		}
	}
}

// TestSleepsFitTheGrace: the API refuses native sleep hooks longer than the grace.
func TestSleepsFitTheGrace(t *testing.T) {
	for _, c := range Cases(record.Termination, Options{Seed: 3, Count: 200}) {
		for _, k := range append(c.Pod.Spec.InitContainers, c.Pod.Spec.Containers...) {
			if k.Lifecycle != nil && k.Lifecycle.PreStop != nil && k.Lifecycle.PreStop.Sleep != nil &&
				k.Lifecycle.PreStop.Sleep.Seconds > *c.Pod.Spec.TerminationGracePeriodSeconds {
				t.Errorf("%s: container %s sleeps longer than the grace", c.Name, k.Name)
			}
		}
	}
}
