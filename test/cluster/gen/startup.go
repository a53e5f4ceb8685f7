package gen

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/record"
)

// The feature of a start-up case, by its number.
const (
	execProbes = iota
	netProbes
	initChain
	slowPostStart
	failingPostStart
	failingInit
	failingInitForever
	serviceReady
	plainPod
	startFeatures
)

// The container's own clock: a probe compares it with the time of the start.
const sinceStart = "[ $(cut -d. -f1 /proc/uptime) -ge $(( $(cat /tmp/up) + %d )) ]"

func (g *generator) startup() {
	feature := g.i % startFeatures
	g.spec.TerminationGracePeriodSeconds = ptr(int64(1))
	if feature == netProbes || feature == serviceReady {
		g.ownAddress(feature == serviceReady)
	}
	g.inits(feature)
	for n := range 1 + g.r.IntN(3) {
		g.spec.Containers = append(g.spec.Containers, g.starting(fmt.Sprintf("app%d", n), feature, false))
	}
	app := &g.spec.Containers[0]
	switch feature {
	case slowPostStart:
		g.postStart(app, pick(g, 1, 2, 4, 6), false)
	case failingPostStart:
		g.postStart(app, pick(g, 0, 1, 3), true)
	case serviceReady:
		if app.ReadinessProbe == nil {
			g.probe(app, false)
		}
	}
}

func (g *generator) inits(feature int) {
	count := g.r.IntN(3)
	if feature == initChain {
		count = 2 + g.r.IntN(2)
	}
	for n := range count {
		if g.chance(50) && feature != plainPod {
			k := g.starting(fmt.Sprintf("side%d", n), feature, true)
			k.RestartPolicy = ptr(corev1.ContainerRestartPolicyAlways)
			g.spec.InitContainers = append(g.spec.InitContainers, k)
			continue
		}
		d := pick(g, 0, 1, 2, 4)
		name := fmt.Sprintf("init%d", n)
		g.spec.InitContainers = append(g.spec.InitContainers, shell(name, fmt.Sprintf("sleep %d", d)))
		g.assume(name, func(a *record.Container) { a.Runs, a.ExitCode = seconds(d), ptr(0) })
	}
	if feature != failingInit && feature != failingInitForever {
		return
	}
	d, code := pick(g, 0, 1, 3), pick(g, 1, 2, 42)
	g.spec.InitContainers = append(g.spec.InitContainers, shell("initbad", fmt.Sprintf("sleep %d; exit %d", d, code)))
	g.assume("initbad", func(a *record.Container) { a.Runs, a.ExitCode = seconds(d), ptr(code) })
	if feature == failingInit {
		g.spec.RestartPolicy = corev1.RestartPolicyNever
	}
}

// starting makes a container with the probes of its turn.
func (g *generator) starting(name string, feature int, sidecar bool) corev1.Container {
	k := shell(name, "cut -d. -f1 /proc/uptime > /tmp/up; trap 'exit 0' TERM; while true; do sleep 0.2; done")
	if feature == plainPod {
		return k
	}
	if g.chance(45) {
		g.probe(&k, true)
	}
	if g.chance(55) && (!sidecar || g.chance(40)) {
		g.probe(&k, false)
	}
	if feature != failingPostStart && g.chance(15) {
		g.postStart(&k, pick(g, 1, 2, 3), false)
	}
	return k
}

// probe adds a startup or a readiness probe that first succeeds some seconds
// after the start.
func (g *generator) probe(k *corev1.Container, startup bool) {
	after := 1 + g.r.IntN(6)
	var p *corev1.Probe
	known := seconds(after)
	if g.net {
		p = g.netProbe(k, "-after "+seconds(after))
	} else {
		p = &corev1.Probe{ProbeHandler: corev1.ProbeHandler{Exec: execHandler("sh", "-c", fmt.Sprintf(sinceStart, after)).Exec}}
		known = fmt.Sprintf("%ds..%ds", after-1, after) // it reads whole seconds
	}
	p.PeriodSeconds = int32(pick(g, 1, 1, 2, 3, 5))
	p.FailureThreshold = 30
	if g.chance(45) {
		p.InitialDelaySeconds = int32(pick(g, 1, 2, 4, 7))
	}
	if startup {
		k.StartupProbe = p
		g.assume(k.Name, func(a *record.Container) { a.StartupAfter = known })
		return
	}
	if g.chance(30) {
		p.SuccessThreshold = int32(pick(g, 2, 3))
	}
	k.ReadinessProbe = p
	g.assume(k.Name, func(a *record.Container) { a.ReadyAfter = known })
}

func (g *generator) postStart(k *corev1.Container, d int, fails bool) {
	h := execHandler("sleep", fmt.Sprint(d))
	if fails {
		h = execHandler("sh", "-c", fmt.Sprintf("sleep %d; exit 1", d))
	}
	k.Lifecycle = &corev1.Lifecycle{PostStart: h}
	g.assume(k.Name, func(a *record.Container) {
		a.PostStart, a.PostStartFails = seconds(d), fails
		if fails {
			a.Stop, a.ExitCode = "0s", ptr(0)
		}
	})
}
