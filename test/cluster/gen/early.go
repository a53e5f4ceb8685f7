package gen

import (
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/image"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/record"
)

// The feature of an early-delete case, by its number: what goes on when the
// delete comes.
const (
	earlyInitTrap = iota
	earlyInitDeaf
	earlyInitEnds
	earlyBetweenInits
	earlyPostStart
	earlyFailingPostStart
	earlySidecarPostStart
	earlyStartupProbe
	earlyNeverPull
	earlyForced
	earlyAtOnce
	earlyFailingInit
	earlyTwice
	earlyFeatures
	// earlyMount is what all cases are about after each feature had three turns:
	// the delete comes while the token's volume is mounted, or a little later.
	earlyMount
)

// earlyDelete makes a pod that is deleted while it starts.
func (g *generator) earlyDelete() {
	feature := g.i % earlyFeatures
	if g.i >= 3*earlyFeatures {
		feature = earlyMount
	}
	second := g.i/earlyFeatures%2 == 1 // every feature has two shapes
	g.spec.TerminationGracePeriodSeconds = ptr(int64(pick(g, 2, 3, 4, 6, 8)))
	g.c.Trigger, g.c.Delete = &record.Trigger{Type: "delete"}, &record.Delete{}
	g.ageOf(2000, 3500)
	switch feature {
	case earlyInitTrap, earlyInitDeaf, earlyInitEnds, earlyFailingInit:
		g.duringInit(feature, second)
	case earlyBetweenInits:
		g.ageOf(1500, 4500)
		for n := range 4 {
			g.initOf(fmt.Sprintf("init%d", n), pick(g, 0, 1), 0)
		}
		g.apps(1)
	case earlySidecarPostStart, earlyStartupProbe:
		g.duringSidecar(feature, second)
	case earlyNeverPull:
		g.neverPulled(second)
	case earlyMount:
		g.ageOf(30, 700)
		g.spec.AutomountServiceAccountToken = nil
		g.apps(2)
	case earlyAtOnce:
		g.ageOf(0, 900)
		if second {
			g.initOf("init0", 1, 0)
		}
		g.apps(2)
	default:
		g.duringPostStart(feature, second)
	}
	g.askEarly(feature)
}

func (g *generator) ageOf(from, to int) {
	g.c.Age = time.Duration(from+g.r.IntN(to-from)) * time.Millisecond
}

// askEarly says how the pod is deleted.
func (g *generator) askEarly(feature int) {
	t := g.c.Trigger
	switch {
	case feature == earlyForced:
		t.Forced, t.GracePeriodSeconds = true, ptr(int64(0))
		g.c.Flags = []string{"--force"}
	case feature == earlyTwice: // the second one comes while the kubelet is busy
		then := record.Then{GracePeriodSeconds: 1, AfterSeconds: 1}
		t.Then = []record.Then{then}
		g.spec.TerminationGracePeriodSeconds = ptr(int64(9))
	case g.chance(30):
		t.GracePeriodSeconds = ptr(int64(pick(g, 1, 3, 5)))
		g.c.Flags = []string{"--grace-period", fmt.Sprint(*t.GracePeriodSeconds)}
	}
	g.c.Delete.GracePeriodSeconds = t.GracePeriodSeconds
}

func (g *generator) duringInit(feature int, second bool) {
	if second {
		g.sidecar("side0", feature != earlyInitTrap)
	}
	switch feature {
	case earlyInitTrap:
		d := pick(g, 0, 1, 2)
		k := shell("init0", fmt.Sprintf("trap 'echo SIG TERM; sleep %d; exit 3' TERM; echo UP; while true; do sleep 0.1; done", d))
		g.spec.InitContainers = append(g.spec.InitContainers, k)
		g.assume("init0", func(a *record.Container) { a.Runs, a.Stop, a.ExitCode = "never", seconds(d), ptr(3) })
	case earlyInitDeaf:
		g.spec.InitContainers = append(g.spec.InitContainers, container("init0", "sleep", "100000"))
		g.assume("init0", func(a *record.Container) { a.Runs, a.Stop = "never", "never" })
	case earlyInitEnds:
		g.initOf("init0", pick(g, 5, 6), pick(g, 0, 0, 2))
		g.spec.TerminationGracePeriodSeconds = ptr(int64(8))
	case earlyFailingInit:
		g.initOf("init0", pick(g, 0, 1), 1)
		g.ageOf(4000, 9000)
	}
	g.initOf("initlast", 1, 0)
	g.apps(1)
}

func (g *generator) duringSidecar(feature int, second bool) {
	k := g.sidecar("side0", false)
	if feature == earlySidecarPostStart {
		g.postStart(k, pick(g, 5, 6), false)
	} else {
		k.StartupProbe = &corev1.Probe{ProbeHandler: corev1.ProbeHandler{Exec: &corev1.ExecAction{Command: []string{"false"}}},
			PeriodSeconds: 1, FailureThreshold: 100}
		g.assume(k.Name, func(a *record.Container) { a.StartupFails = true })
	}
	if second {
		g.sidecar("side1", false)
	} else {
		g.initOf("init0", 1, 0)
	}
	g.apps(1)
}

// duringPostStart: the hook of the first of several containers blocks the rest.
func (g *generator) duringPostStart(feature int, second bool) {
	if second {
		g.sidecar("side0", false)
		g.ageOf(4200, 5200)
	}
	g.apps(2 + g.r.IntN(2))
	d := pick(g, 4, 5, 6)
	app := &g.spec.Containers[0]
	if feature != earlyFailingPostStart {
		g.postStart(app, d, false)
		if g.chance(40) {
			app.Lifecycle.PreStop = execHandler("sleep", "1")
			g.assume(app.Name, func(a *record.Container) { a.PreStop = "1s" })
		}
		return
	}
	app.Lifecycle = &corev1.Lifecycle{PostStart: execHandler("sh", "-c", fmt.Sprintf("sleep %d; exit 1", d))}
	g.assume(app.Name, func(a *record.Container) { a.PostStart, a.PostStartFails = seconds(d), true })
}

// neverPulled: an image that the node does not have and must not pull.
func (g *generator) neverPulled(second bool) {
	if second {
		g.initOf("init0", 1, 0)
		g.spec.InitContainers[0].Image = image.Busybox + "-absent"
		g.assume("init0", func(a *record.Container) { *a = record.Container{Pull: "never"} })
		g.apps(1)
		return
	}
	g.apps(2)
	g.spec.Containers[0].Image = image.Busybox + "-absent"
	g.c.Assumptions.Containers["app0"] = record.Container{Pull: "never"}
}

// initOf adds an init container that lasts so many seconds.
func (g *generator) initOf(name string, lasts, code int) {
	g.spec.InitContainers = append(g.spec.InitContainers, shell(name, fmt.Sprintf("sleep %d; exit %d", lasts, code)))
	g.assume(name, func(a *record.Container) { a.Runs, a.ExitCode = seconds(lasts), ptr(code) })
}

// apps adds app containers that stop in good time, or not at all.
func (g *generator) apps(count int) {
	for n := range count {
		g.spec.Containers = append(g.spec.Containers, g.quitting(fmt.Sprintf("app%d", n)))
	}
}

func (g *generator) sidecar(name string, hook bool) *corev1.Container {
	k := g.quitting(name)
	k.RestartPolicy = ptr(corev1.ContainerRestartPolicyAlways)
	if hook {
		k.Lifecycle = &corev1.Lifecycle{PreStop: execHandler("sleep", "1")}
		g.assume(name, func(a *record.Container) { a.PreStop = "1s" })
	}
	g.spec.InitContainers = append(g.spec.InitContainers, k)
	return &g.spec.InitContainers[len(g.spec.InitContainers)-1]
}

func (g *generator) quitting(name string) corev1.Container {
	if g.chance(20) {
		g.assume(name, func(a *record.Container) { a.Stop = "never" })
		return container(name, "sleep", "100000")
	}
	d, code := pick(g, 0, 0, 1, 2), pick(g, 0, 0, 1, 143)
	g.assume(name, func(a *record.Container) { a.Stop, a.ExitCode = seconds(d), ptr(code) })
	return shell(name, fmt.Sprintf("trap 'echo SIG TERM; sleep %d; exit %d' TERM; echo UP; while true; do sleep 0.1; done", d, code))
}
