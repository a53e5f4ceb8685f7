package simulate

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// What is assumed where neither the user nor the manifest says anything. Seconds.
var (
	assumedInit    = analyze.Bounds{Earliest: 0.1, Likely: 5, Latest: analyze.Never}
	assumedHealthy = analyze.Bounds{Earliest: 0.5, Likely: 5, Latest: analyze.Never}
	assumedHook    = analyze.Bounds{Earliest: 0.05, Likely: 1, Latest: 30}
	assumedStop    = analyze.Bounds{Earliest: 0, Likely: 1, Latest: analyze.Never}
	unusedStop     = analyze.Bounds{Earliest: 0, Likely: 1, Latest: 2} // where nothing stops a container
	assumedAsk     = analyze.Bounds{Earliest: 0.1, Likely: 0.3, Latest: 1.5}
)

// container plans one container: what the user said about it, else what the
// manifest shows, else what the user said about all, else a wide guess.
func (p *planner) container(c analyze.Container) planned {
	own, all := p.sc.Assumptions.For(p.pod, c.Name), p.sc.Assumptions.Default(p.pod)
	out := planned{Container: c, specGrace: max(p.template.GracePeriod().V, 1)}
	p.planRun(&out, own, all)
	p.planPull(&out, own, all)
	p.planHook(&out, own, all)
	p.planProbes(&out, own, all)
	p.planStop(&out, own, all)
	return out
}

// pick chooses a duration and lists it.
func (p *planner) pick(c *planned, key string, own *analyze.Bounds, inferred *inference, all *analyze.Bounds, guess analyze.Bounds, why string) analyze.Bounds {
	switch {
	case own != nil:
		p.assume(c.Name, key, *own, analyze.Assumed, givenByUser)
		return *own
	case inferred != nil:
		p.assume(c.Name, key, inferred.takes, analyze.Inferred, inferred.why)
		return inferred.takes
	case all != nil:
		p.assume(c.Name, key, *all, analyze.Assumed, givenByUser)
		return *all
	}
	p.assume(c.Name, key, guess, analyze.Assumed, why)
	return guess
}

// planRun is how long the process runs by itself and how it ends.
func (p *planner) planRun(c *planned, own, all ContainerAssumptions) {
	script := runOf(append(append([]string{}, c.Command...), c.Args...))
	guess, why := analyze.At(analyze.Never), "it runs until it is stopped"
	if c.Type == analyze.InitContainer {
		guess, why = assumedInit, "nothing tells how long it runs"
	}
	c.runs = p.pick(c, "runs", own.Runs, script, all.Runs, guess, why)
	switch {
	case own.ExitCode != nil:
		c.exitCode = *own.ExitCode
	case own.Runs == nil && script != nil:
		c.exitCode = script.exit
	case all.ExitCode != nil:
		c.exitCode = *all.ExitCode
	}
}

// planStop is how it reacts to being killed by a probe or after its hook. It is
// listed only where a kill is in sight, by whoever shows the kill.
func (p *planner) planStop(c *planned, own, all ContainerAssumptions) {
	if hook := c.Lifecycle; hook != nil && hook.PreStop != nil && !sleepOff(p.version, hook.PreStop) {
		c.hasPreStop = true
		c.preStop = chooseOf(own.PreStop, hookTakes(hook.PreStop), all.PreStop, assumedHook)
	}
	var react reaction
	guess := unusedStop
	if p.stoppable(c) { // reading scripts takes long
		react, guess = inferReaction(p.template, c.Container, sigTerm), assumedStop
	}
	var inferred *inference
	if react.basis == analyze.Inferred {
		inferred = &inference{takes: react.takes}
	}
	c.stop = chooseOf(own.Stop, inferred, all.Stop, guess)
	note := analyze.Assumption{Basis: analyze.Assumed, Why: react.why}
	switch {
	case own.Stop != nil:
		note.Why = givenByUser
	case inferred != nil:
		note.Basis = analyze.Inferred
	case all.Stop != nil:
		note.Why = givenByUser
	}
	c.stopNote = p.assumption(c.Name, "stop", c.stop, note.Basis, note.Why)
	c.stopExitCode = signalExitCode(sigTerm)
	if inferred != nil && len(react.codes) > 0 && own.Stop == nil {
		c.stopExitCode = react.codes[0]
	}
	for _, code := range []*int32{all.ExitCode, all.StopExitCode, own.ExitCode, own.StopExitCode} {
		if code != nil {
			c.stopExitCode = *code
		}
	}
}

// stoppable says whether anything stops a container while its pod goes on, or
// with a pod that ends by itself: a failed hook or probe (K124, K135, K139), the
// end of all others (K50, K221), or a restart of all containers (K240).
func (p *planner) stoppable(c *planned) bool {
	return c.postStartFails || c.probesMayKill() || podPolicy(p.spec) != corev1.RestartPolicyAlways ||
		slices.ContainsFunc(p.template.Containers(), func(other analyze.Container) bool {
			return len(other.RestartPolicyRules) > 0 || other.RestartPolicy != nil && other.Type != analyze.SidecarContainer
		})
}

// probesMayKill says whether a start that takes as long as assumed, or what
// comes after it, may be too much for a probe.
func (c *planned) probesMayKill() bool {
	const spare = 2 // for the probe's own latencies
	probe := cmp.Or(c.StartupProbe, c.LivenessProbe)
	return probe != nil && c.startupAfter.Latest+spare > ProbeKillBudget(TimingOf(probe)).Earliest ||
		c.LivenessProbe != nil && !math.IsInf(c.failsAfter.Earliest, 1)
}

// chooseOf is pick without listing: stopping matters only where a probe kills.
func chooseOf(own *analyze.Bounds, inferred *inference, all *analyze.Bounds, guess analyze.Bounds) analyze.Bounds {
	switch {
	case own != nil:
		return *own
	case inferred != nil:
		return inferred.takes
	case all != nil:
		return *all
	}
	return guess
}

// planPull: the node has the image unless the user says how long pulling it
// takes. With policy Always the registry is asked all the same (K125).
func (p *planner) planPull(c *planned, own, all ContainerAssumptions) {
	if said := first(own.Pull, all.Pull); said != nil {
		c.pull = *said
		p.assume(c.Name, "pull", *said, analyze.Assumed, givenByUser)
		return
	}
	if pullsAlways(c.Container.Container) {
		c.pull = assumedAsk
		p.assume(c.Name, "pull", assumedAsk, analyze.Assumed, "the node has the image, but asks the registry (imagePullPolicy Always)")
	}
}

func pullsAlways(c *corev1.Container) bool {
	if c.ImagePullPolicy != "" {
		return c.ImagePullPolicy == corev1.PullAlways
	}
	if strings.Contains(c.Image, "@") {
		return false
	}
	name := c.Image[strings.LastIndex(c.Image, "/")+1:]
	_, tag, tagged := strings.Cut(name, ":")
	return !tagged || tag == "latest"
}

// planHook is the postStart hook.
func (p *planner) planHook(c *planned, own, all ContainerAssumptions) {
	if c.Lifecycle == nil || c.Lifecycle.PostStart == nil {
		return
	}
	h := c.Lifecycle.PostStart
	if sleepOff(p.version, h) {
		p.gaps = append(p.gaps, analyze.Gap{
			What: fmt.Sprintf("%s: its postStart sleep of %ds", c.Name, h.Sleep.Seconds),
			Why:  fmt.Sprintf("feature gate %s is off: nothing sleeps", GateSleepAction),
		})
		return
	}
	c.hasPostStart, c.postStartExec = true, h.Exec != nil
	inferred := hookTakes(h)
	if inferred != nil && h.Exec == nil {
		c.postStart = chooseOf(own.PostStart, inferred, nil, assumedHook) // a sleep action is written, not assumed
		return
	}
	c.postStart = p.pick(c, "postStart", own.PostStart, inferred, all.PostStart, assumedHook, "nothing tells how long the hook takes")
	switch fails := first(own.PostStartFails, all.PostStartFails); {
	case fails != nil:
		c.postStartFails = *fails
	case own.PostStart == nil && inferred != nil:
		c.postStartFails = inferred.exit != 0
	}
	if h.TCPSocket != nil { // K38: such a hook always fails
		c.postStart, c.postStartFails = analyze.At(0), true
	}
}

// hookStart is the way of a hook to where it runs.
func (c *planned) hookStart(r *replay) float64 {
	if c.postStartExec {
		return r.node.exec
	}
	return 0.002
}

// planProbes is from when on the application passes its probes.
func (p *planner) planProbes(c *planned, own, all ContainerAssumptions) {
	never := &inference{takes: analyze.At(analyze.Never), why: "startupFails"}
	c.startupAfter, c.readyAfter, c.failsAfter = analyze.At(0), analyze.At(0), analyze.At(analyze.Never)
	if c.Type == analyze.InitContainer {
		return
	}
	if probe := c.StartupProbe; probe != nil {
		inferred := passes(probe)
		if fails := first(own.StartupFails, all.StartupFails); fails != nil && *fails && own.StartupAfter == nil {
			inferred = never
		}
		c.startupAfter = p.pick(c, "startupAfter", own.StartupAfter, inferred, all.StartupAfter, assumedHealthy, "nothing tells how long the application takes to start")
	}
	said := first(own.StartupAfter, all.StartupAfter)
	if said != nil && c.StartupProbe == nil && c.LivenessProbe != nil {
		// Without a startup probe it is the liveness probe that fails until then.
		c.startupAfter = *said
		p.assume(c.Name, "startupAfter", *said, analyze.Assumed, givenByUser+"; without a startup probe the liveness probe fails until then")
	}
	p.planReadiness(c, own, all, said)
	p.planLiveness(c, own, all)
	for kind := range c.probeTakes {
		if probe := probeKind(kind).of(c.Container.Container); probe != nil {
			c.probeTakes[kind] = probeTakes(probe)
		}
	}
}

// planReadiness is from when on the application passes its readiness probe.
// started is when it is up, where the user says so.
func (p *planner) planReadiness(c *planned, own, all ContainerAssumptions, started *analyze.Bounds) {
	probe := c.ReadinessProbe
	if probe == nil {
		return
	}
	inferred := passes(probe)
	guess, why := assumedHealthy, "nothing tells when the application is ready"
	switch {
	case c.StartupProbe != nil:
		guess, why = analyze.At(0), "it is ready as soon as its startup probe has succeeded"
	case started != nil:
		guess, why = *started, "it is not ready before it has started (startupAfter), and then at once"
		if c.readyWhenUp = own.ReadyAfter == nil && inferred == nil && all.ReadyAfter == nil; c.readyWhenUp {
			c.startupAfter = *started
		}
	}
	c.readyAfter = p.pick(c, "readyAfter", own.ReadyAfter, inferred, all.ReadyAfter, guess, why)
}

// planLiveness is from when on the application would fail its liveness probe.
func (p *planner) planLiveness(c *planned, own, all ContainerAssumptions) {
	probe := c.LivenessProbe
	if probe == nil {
		return
	}
	var inferred *inference
	if i := passes(probe); i != nil {
		inferred = &inference{takes: analyze.At(0), why: i.why}
		if i.takes.Likely <= 0 { // it always passes
			inferred.takes = analyze.At(analyze.Never)
		}
	}
	c.failsAfter = p.pick(c, "livenessFailsAfter", own.LivenessFailsAfter, inferred, all.LivenessFailsAfter, analyze.At(analyze.Never), "the application stays well")
}
