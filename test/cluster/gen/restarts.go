package gen

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/record"
)

// The feature of a restart case, by its number.
const (
	crashes = iota
	endsWell
	oneOfTwo
	twoOfTwo
	badInit
	badSidecar
	failingLiveness
	failingStartup
	badPostStart
	onFailure
	livenessWithHook
	slowCrash
	restartFeatures
)

const waitForTerm = "trap 'exit 0' TERM; while true; do sleep 0.2; done"

func (g *generator) restarts() {
	g.spec.TerminationGracePeriodSeconds = ptr(int64(pick(g, 2, 3, 5)))
	good := func(name string) corev1.Container { return shell(name, "while true; do sleep 0.2; done") }
	app := func(k corev1.Container) { g.spec.Containers = append(g.spec.Containers, k) }
	switch g.i % restartFeatures {
	case failingLiveness, failingStartup, badPostStart, livenessWithHook:
		app(g.brokenHook(g.i % restartFeatures))
	case crashes:
		app(g.ending("app", pick(g, 0, 1, 2, 5, 8), pick(g, 1, 2, 137)))
	case endsWell:
		app(g.ending("app", pick(g, 1, 3, 6), 0))
	case oneOfTwo:
		app(good("good"))
		app(g.ending("bad", pick(g, 0, 1, 4), pick(g, 1, 3)))
	case twoOfTwo:
		app(g.ending("bad0", pick(g, 0, 2, 7), 1))
		app(g.ending("bad1", pick(g, 1, 3, 11), pick(g, 0, 1)))
	case badInit:
		g.spec.InitContainers = []corev1.Container{g.ending("init", pick(g, 0, 1, 4), pick(g, 1, 3))}
		app(good("app"))
	case badSidecar:
		k := g.ending("side", pick(g, 1, 2, 5), pick(g, 0, 1))
		k.RestartPolicy = ptr(corev1.ContainerRestartPolicyAlways)
		g.spec.InitContainers = []corev1.Container{k}
		app(good("app"))
	case onFailure:
		g.spec.RestartPolicy = corev1.RestartPolicyOnFailure
		app(g.ending("app", pick(g, 1, 4), pick(g, 1, 9)))
		app(g.ending("done", pick(g, 1, 2), 0))
	case slowCrash:
		app(g.ending("app", pick(g, 20, 40, 75), 1))
	}
}

// brokenHook makes a container that a probe or a hook has killed again and again.
func (g *generator) brokenHook(feature int) corev1.Container {
	switch feature {
	case failingLiveness:
		return g.killed("app", true)
	case failingStartup:
		return g.killed("app", false)
	case badPostStart:
		k := shell("app", waitForTerm)
		g.postStart(&k, pick(g, 0, 1, 3), true)
		return k
	default: // livenessWithHook
		k := g.killed("app", true)
		d := pick(g, 1, 2, 4)
		k.Lifecycle = &corev1.Lifecycle{PreStop: &corev1.LifecycleHandler{Sleep: &corev1.SleepAction{Seconds: int64(d)}}}
		g.assume("app", func(a *record.Container) { a.PreStop = seconds(d) })
		return k
	}
}

// ending makes a container that ends by itself.
func (g *generator) ending(name string, d, code int) corev1.Container {
	g.assume(name, func(a *record.Container) { a.Runs, a.ExitCode = seconds(d), ptr(code) })
	return shell(name, fmt.Sprintf("sleep %d; exit %d", d, code))
}

// killed makes a container whose liveness or startup probe fails for ever.
func (g *generator) killed(name string, liveness bool) corev1.Container {
	stop := pick(g, 0, 1, 3, 8)
	k := shell(name, fmt.Sprintf("trap 'sleep %d; exit 0' TERM; while true; do sleep 0.2; done", stop))
	p := &corev1.Probe{ProbeHandler: corev1.ProbeHandler{Exec: &corev1.ExecAction{Command: []string{"false"}}},
		PeriodSeconds: int32(pick(g, 2, 4, 5)), FailureThreshold: int32(pick(g, 1, 2, 3)), InitialDelaySeconds: int32(pick(g, 0, 0, 3))}
	if g.chance(50) {
		p.TerminationGracePeriodSeconds = ptr(int64(pick(g, 1, 2, 6)))
	}
	g.assume(name, func(a *record.Container) { a.Stop, a.ExitCode = seconds(stop), ptr(0) })
	if liveness {
		k.LivenessProbe = p
		g.assume(name, func(a *record.Container) { a.LivenessFailsAfter = "0s" })
	} else {
		k.StartupProbe = p
		g.assume(name, func(a *record.Container) { a.StartupFails = true })
	}
	return k
}
