package simulate

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// Assumptions are what the user says about applications: durations, exit codes
// and failures that no manifest tells.
type Assumptions struct {
	// Containers says it container by container; it outranks what can be
	// inferred from the manifest.
	Containers map[string]ContainerAssumptions
	// Defaults are for containers about which neither Containers nor the
	// manifest says anything.
	Defaults ContainerAssumptions
	// LBLag is how long a load balancer keeps sending after the endpoint is
	// taken out; Sandbox how long a sandbox takes. Seconds.
	LBLag, Sandbox *analyze.Bounds
	// Pods outranks the rest for the pods it names.
	Pods map[string]*Assumptions
}

// ContainerAssumptions are those about one container. Durations are in
// seconds; analyze.Never is written "never"; nil = nothing said.
type ContainerAssumptions struct {
	Stop               *analyze.Bounds // from the stop signal to its own exit
	StopExitCode       *int32          // of that exit; else ExitCode
	ExitCode           *int32          // of any exit of its own
	StopSignal         *string         // without "SIG": what the image's STOPSIGNAL says
	PreStop            *analyze.Bounds // how long the preStop hook takes
	PreStopFails       *bool
	Runs               *analyze.Bounds // from its start to its own end
	StartupAfter       *analyze.Bounds // the startup probe would succeed that long after the process started
	ReadyAfter         *analyze.Bounds // the same for the readiness probe
	PostStart          *analyze.Bounds
	PostStartFails     *bool
	Pull               *analyze.Bounds // pulling its image; 0 = the node has it
	LivenessFailsAfter *analyze.Bounds // the liveness probe would fail from that long after the process started
	StartupFails       *bool           // the startup probe never succeeds
}

// a key of ContainerAssumptions: where its value goes and what form it has.
type assumeKey struct {
	name string
	help string
	set  func(c *ContainerAssumptions, text string) error
}

// The keys a container may have, in the order of the help text.
func assumeKeys() []assumeKey {
	return []assumeKey{
		{"stop", "from the stop signal to its own exit, or never", setBounds(func(c *ContainerAssumptions) **analyze.Bounds { return &c.Stop })},
		{"stopExitCode", "exit code when it stops on the signal", setCode(func(c *ContainerAssumptions) **int32 { return &c.StopExitCode })},
		{"exitCode", "exit code of its own end", setCode(func(c *ContainerAssumptions) **int32 { return &c.ExitCode })},
		{"stopSignal", "STOPSIGNAL of its image", setSignal(func(c *ContainerAssumptions) **string { return &c.StopSignal })},
		{"preStop", "how long the preStop hook takes, or never", setBounds(func(c *ContainerAssumptions) **analyze.Bounds { return &c.PreStop })},
		{"preStopFails", "the preStop hook fails", setBool(func(c *ContainerAssumptions) **bool { return &c.PreStopFails })},
		{"runs", "from its start to its own end, or never", setBounds(func(c *ContainerAssumptions) **analyze.Bounds { return &c.Runs })},
		{"startupAfter", "its startup probe would first succeed that long after the process started, or never", setBounds(func(c *ContainerAssumptions) **analyze.Bounds { return &c.StartupAfter })},
		{"readyAfter", "the same for its readiness probe, or never", setBounds(func(c *ContainerAssumptions) **analyze.Bounds { return &c.ReadyAfter })},
		{"postStart", "how long the postStart hook takes, or never", setBounds(func(c *ContainerAssumptions) **analyze.Bounds { return &c.PostStart })},
		{"postStartFails", "the postStart hook fails", setBool(func(c *ContainerAssumptions) **bool { return &c.PostStartFails })},
		{"pull", "how long pulling its image takes", setBounds(func(c *ContainerAssumptions) **analyze.Bounds { return &c.Pull })},
		{"livenessFailsAfter", "its liveness probe would fail from that long after the process started, or never", setBounds(func(c *ContainerAssumptions) **analyze.Bounds { return &c.LivenessFailsAfter })},
		{"startupFails", "its startup probe never succeeds", setBool(func(c *ContainerAssumptions) **bool { return &c.StartupFails })},
	}
}

// An AssumptionKey explains one key of --assume.
type AssumptionKey struct{ Name, Help string }

// AssumptionKeys lists the keys a container may have in --assume, then those
// that only "defaults" may have.
func AssumptionKeys() (container, defaults []AssumptionKey) {
	for _, k := range assumeKeys() {
		container = append(container, AssumptionKey{k.name, k.help})
	}
	return container, []AssumptionKey{
		{"lbLag", "how long load balancers keep sending after the endpoint was taken out"},
		{"sandbox", "how long the pod's sandbox takes to make"},
	}
}

// defaultsName is the name that --assume uses for all containers.
const defaultsName = "defaults"

func (a *Assumptions) set(container, key, text string) error {
	if container == defaultsName {
		switch key {
		case "lbLag":
			return setPlain(&a.LBLag, text)
		case "sandbox":
			return setPlain(&a.Sandbox, text)
		}
		if k := findKey(key); k != nil {
			return k.set(&a.Defaults, text)
		}
		return fmt.Errorf("unknown key %q: the known ones are %s, lbLag, sandbox", key, keyNames())
	}
	k := findKey(key)
	if k == nil {
		return fmt.Errorf("unknown key %q: the known ones are %s", key, keyNames())
	}
	c := a.Containers[container]
	if err := k.set(&c, text); err != nil {
		return err
	}
	if a.Containers == nil {
		a.Containers = map[string]ContainerAssumptions{}
	}
	a.Containers[container] = c
	return nil
}

func findKey(name string) *assumeKey {
	for _, k := range assumeKeys() {
		if k.name == name {
			return &k
		}
	}
	return nil
}

func keyNames() string {
	var names []string
	for _, k := range assumeKeys() {
		names = append(names, k.name)
	}
	return strings.Join(names, ", ")
}

// For returns what the user said about this very container: the pod's own
// section outranks the general one, key by key. Defaults are not mixed in, as
// an inference from the manifest outranks them; ask Default for those.
func (a *Assumptions) For(pod, container string) ContainerAssumptions {
	if a == nil {
		return ContainerAssumptions{}
	}
	out := a.Containers[container]
	if p := a.Pods[pod]; p != nil {
		out = p.Containers[container].over(out)
	}
	return out
}

// Default returns what the user said about containers in general.
func (a *Assumptions) Default(pod string) ContainerAssumptions {
	if a == nil {
		return ContainerAssumptions{}
	}
	if p := a.Pods[pod]; p != nil {
		return p.Defaults.over(a.Defaults)
	}
	return a.Defaults
}

// PodLevel returns the load balancers' lag and the sandbox time for the pod;
// nil where nothing was said.
func (a *Assumptions) PodLevel(pod string) (lbLag, sandbox *analyze.Bounds) {
	if a == nil {
		return nil, nil
	}
	lbLag, sandbox = a.LBLag, a.Sandbox
	if p := a.Pods[pod]; p != nil {
		lbLag, sandbox = first(p.LBLag, lbLag), first(p.Sandbox, sandbox)
	}
	return lbLag, sandbox
}

// over returns c with its gaps filled from low.
func (c ContainerAssumptions) over(low ContainerAssumptions) ContainerAssumptions {
	return ContainerAssumptions{
		Stop: first(c.Stop, low.Stop), StopExitCode: first(c.StopExitCode, low.StopExitCode),
		ExitCode: first(c.ExitCode, low.ExitCode), StopSignal: first(c.StopSignal, low.StopSignal),
		PreStop: first(c.PreStop, low.PreStop), PreStopFails: first(c.PreStopFails, low.PreStopFails),
		Runs: first(c.Runs, low.Runs), StartupAfter: first(c.StartupAfter, low.StartupAfter),
		ReadyAfter: first(c.ReadyAfter, low.ReadyAfter), PostStart: first(c.PostStart, low.PostStart),
		PostStartFails: first(c.PostStartFails, low.PostStartFails), Pull: first(c.Pull, low.Pull),
		LivenessFailsAfter: first(c.LivenessFailsAfter, low.LivenessFailsAfter),
		StartupFails:       first(c.StartupFails, low.StartupFails),
	}
}

func first[T any](a, b *T) *T {
	if a != nil {
		return a
	}
	return b
}

// Check refuses assumptions about containers (and pods) that none of the
// subjects has; the error lists the known ones. Call it once with all subjects.
func (a *Assumptions) Check(subjects ...*analyze.Object) error {
	if a == nil {
		return nil
	}
	known := map[string]bool{}
	pods := map[string]bool{}
	for _, o := range subjects {
		pods[o.Name] = true
		t, ok := analyze.PodTemplateOf(o.API)
		if !ok {
			continue
		}
		for _, c := range t.Containers() {
			known[c.Name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(a.Pods)) {
		if !pods[name] {
			return fmt.Errorf("assumption about an unknown pod %q: the known ones are %s", name, strings.Join(slices.Sorted(maps.Keys(pods)), ", "))
		}
		if err := a.Pods[name].checkContainers(known); err != nil {
			return err
		}
	}
	return a.checkContainers(known)
}

func (a *Assumptions) checkContainers(known map[string]bool) error {
	for _, name := range slices.Sorted(maps.Keys(a.Containers)) {
		if !known[name] {
			return fmt.Errorf("assumption about an unknown container %q: the known ones are %s", name, strings.Join(slices.Sorted(maps.Keys(known)), ", "))
		}
	}
	return nil
}
