package gen

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/image"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/record"
)

// The feature of a termination case, by its number.
const (
	plainDelete = iota
	graceDelete
	nowDelete
	forceDelete
	secondDelete
	evicted
	deadlineHit
	livenessKill
	startupKill
	withInit
	withEphemeral
	behindService
	withImageSignal
	liveHTTPHook
	zeroGrace
	sharedProcesses
	finishedApp
	badHooks
	termFeatures
)

func (g *generator) termination() {
	feature := g.i % (2 * termFeatures)
	if feature >= termFeatures { // every other round: hooks and sidecars in plenty
		feature = g.r.IntN(graceDelete + 1)
	}
	g.spec.TerminationGracePeriodSeconds = ptr(int64(pick(g, 1, 2, 3, 4, 5, 6, 8)))
	g.spec.RestartPolicy = pick(g, corev1.RestartPolicyAlways, corev1.RestartPolicyOnFailure, corev1.RestartPolicyNever)
	if feature == behindService || feature == liveHTTPHook {
		g.ownAddress(feature == behindService)
	}
	for n := range 1 + g.r.IntN(3) {
		g.spec.Containers = append(g.spec.Containers, g.stopping(fmt.Sprintf("app%d", n), feature))
	}
	if g.chance(50) {
		for n := range 1 + g.r.IntN(2) {
			k := g.stopping(fmt.Sprintf("side%d", n), plainDelete)
			k.RestartPolicy = ptr(corev1.ContainerRestartPolicyAlways)
			g.spec.InitContainers = append(g.spec.InitContainers, k)
		}
	}
	g.shape(feature)
	g.triggerOf(feature)
	if g.opts.StopSignals {
		g.stopSignals()
	}
	g.clampSleeps()
}

// clampSleeps shortens native sleep hooks to the pod's grace: the API refuses longer ones.
func (g *generator) clampSleeps() {
	grace := *g.spec.TerminationGracePeriodSeconds
	for _, list := range [][]corev1.Container{g.spec.InitContainers, g.spec.Containers} {
		for _, k := range list {
			if k.Lifecycle == nil || k.Lifecycle.PreStop == nil || k.Lifecycle.PreStop.Sleep == nil || k.Lifecycle.PreStop.Sleep.Seconds <= grace {
				continue
			}
			k.Lifecycle.PreStop.Sleep.Seconds = grace
			g.assume(k.Name, func(a *record.Container) { a.PreStop = seconds(int(grace)) })
		}
	}
}

// stopping makes a container with a way to end and perhaps a preStop hook.
func (g *generator) stopping(name string, feature int) corev1.Container {
	var k corev1.Container
	switch g.r.IntN(6) {
	case 0: // PID 1 without a handler: the kernel drops the signal
		k = container(name, "sleep", "100000")
		g.assume(name, func(a *record.Container) { a.Stop = "never" })
	case 1:
		k = shell(name, "trap 'echo SIG TERM' TERM; echo UP; while true; do sleep 0.1; done")
		g.assume(name, func(a *record.Container) { a.Stop = "never" })
	default:
		d, code := pick(g, 0, 0, 0, 1, 2, 3, 5, 8), pick(g, 0, 0, 1, 2, 143)
		k = shell(name, fmt.Sprintf("trap 'echo SIG TERM; sleep %d; exit %d' TERM; echo UP; while true; do sleep 0.1; done", d, code))
		g.assume(name, func(a *record.Container) { a.Stop, a.ExitCode = seconds(d), ptr(code) })
	}
	if feature == badHooks || g.chance(55) {
		g.preStop(&k, feature)
	}
	return k
}

func (g *generator) preStop(k *corev1.Container, feature int) {
	n := pick(g, 0, 1, 2, 4, 6)
	what := g.r.IntN(10)
	if feature == badHooks {
		what = pick(g, 0, 1, 2, 3)
	}
	fails := func() { g.assume(k.Name, func(a *record.Container) { a.PreStopFails = true }) }
	lasts := func(d string) { g.assume(k.Name, func(a *record.Container) { a.PreStop = d }) }
	var h *corev1.LifecycleHandler
	switch what {
	case 0:
		h = execHandler("/no/such/binary")
		lasts("0s")
		fails()
	case 1:
		h = execHandler("sh", "-c", fmt.Sprintf("sleep %d; exit 1", n))
		lasts(seconds(n))
		fails()
	case 2: // hangs
		h = execHandler("sleep", "1000")
		lasts("1000s")
	case 3:
		h = &corev1.LifecycleHandler{HTTPGet: &corev1.HTTPGetAction{Host: "127.0.0.1", Port: intstr.FromInt(9), Path: "/"}}
		lasts("0s")
		fails()
	case 4, 5, 6:
		h = &corev1.LifecycleHandler{Sleep: &corev1.SleepAction{Seconds: int64(n)}}
		lasts(seconds(n))
	default:
		h = execHandler("sh", "-c", fmt.Sprintf("sleep %d", n))
		lasts(seconds(n))
	}
	k.Lifecycle = &corev1.Lifecycle{PreStop: h}
}

// shape adds what the feature is about to the pod.
func (g *generator) shape(feature int) {
	app := &g.spec.Containers[0]
	switch feature {
	case withInit:
		n := pick(g, 0, 1, 2)
		g.spec.InitContainers = append([]corev1.Container{shell("init0", fmt.Sprintf("sleep %d", n))}, g.spec.InitContainers...)
		g.assume("init0", func(a *record.Container) { a.Runs, a.ExitCode = seconds(n), ptr(0) })
	case withEphemeral:
		d := pick(g, 0, 1, 3)
		script := fmt.Sprintf("trap 'echo SIG TERM; sleep %d; exit 0' TERM; echo UP; while true; do sleep 0.1; done", d)
		g.c.Ephemeral = []corev1.EphemeralContainer{{EphemeralContainerCommon: corev1.EphemeralContainerCommon{Name: "debug",
			Image: image.Busybox, ImagePullPolicy: corev1.PullNever, Command: []string{"sh", "-c", script}}}}
		g.assume("debug", func(a *record.Container) { a.Stop, a.ExitCode = seconds(d), ptr(0) })
	case behindService:
		g.needsShell(app)
		app.ReadinessProbe = g.netProbe(app, "")
		app.ReadinessProbe.PeriodSeconds = 1
	case withImageSignal:
		g.imageSignal(app)
	case liveHTTPHook:
		g.needsShell(app)
		app.Command[2] = fmt.Sprintf("probed -http :%d & ", g.port) + app.Command[2]
		app.Lifecycle = &corev1.Lifecycle{PreStop: &corev1.LifecycleHandler{HTTPGet: &corev1.HTTPGetAction{Port: intstr.FromInt(g.port), Path: "/bye"}}}
		g.port++
		g.assume(app.Name, func(a *record.Container) { a.PreStop, a.PreStopFails = "0s", false })
	case zeroGrace:
		g.spec.TerminationGracePeriodSeconds = ptr(int64(0))
	case sharedProcesses:
		g.spec.ShareProcessNamespace = ptr(true)
		*app = container(app.Name, "sleep", "100000")
		g.c.Assumptions.Containers[app.Name] = record.Container{}
		g.endSleeps(g.spec.InitContainers)
		g.endSleeps(g.spec.Containers)
	case finishedApp:
		if g.spec.RestartPolicy == corev1.RestartPolicyAlways {
			g.spec.RestartPolicy = corev1.RestartPolicyOnFailure
		}
		g.spec.Containers = append(g.spec.Containers, shell("done", "sleep 1; exit 0"))
		g.assume("done", func(a *record.Container) { a.Runs, a.ExitCode = "1s", ptr(0) })
	}
}

// endSleeps corrects what is known of bare sleeps: where processes are shared
// they are not PID 1, and TERM ends them.
func (g *generator) endSleeps(list []corev1.Container) {
	for _, k := range list {
		if k.Command[0] == "sleep" {
			g.assume(k.Name, func(a *record.Container) { a.Stop, a.ExitCode = "0s", ptr(143) })
		}
	}
}

// needsShell makes sure that the container is a shell with a trap.
func (g *generator) needsShell(k *corev1.Container) {
	if len(k.Command) == 3 {
		return
	}
	lifecycle := k.Lifecycle
	*k = shell(k.Name, "trap 'echo SIG TERM; sleep 1; exit 0' TERM; echo UP; while true; do sleep 0.1; done")
	k.Lifecycle = lifecycle
	g.assume(k.Name, func(a *record.Container) { a.Stop, a.ExitCode = "1s", ptr(0) })
}

// imageSignal gives the container an image with a STOPSIGNAL of its own. One in
// three does not listen to it.
func (g *generator) imageSignal(k *corev1.Container) {
	g.needsShell(k)
	signal := pick(g, "QUIT", "USR1")
	k.Image = map[string]string{"QUIT": image.Quit, "USR1": image.Usr1}[signal]
	g.assume(k.Name, func(a *record.Container) { a.StopSignal = signal })
	if g.chance(33) {
		g.assume(k.Name, func(a *record.Container) { a.Stop, a.ExitCode = "never", nil })
		return
	}
	k.Command[2] = strings.ReplaceAll(k.Command[2], "TERM", signal)
}

// stopSignals lets some containers name their stop signal in the pod.
func (g *generator) stopSignals() {
	g.spec.OS = &corev1.PodOS{Name: corev1.Linux}
	for i := range g.spec.Containers {
		k := &g.spec.Containers[i]
		if !g.chance(60) && i > 0 || k.Image != image.Busybox { // an image with a signal of its own is told of as it is
			continue
		}
		g.needsShell(k)
		signal := pick(g, "USR1", "QUIT", "INT")
		if k.Lifecycle == nil {
			k.Lifecycle = &corev1.Lifecycle{}
		}
		k.Lifecycle.StopSignal = ptr(corev1.Signal("SIG" + signal))
		// Both traps: the recording shows which of the signals came.
		own := k.Command[2]
		k.Command[2] = strings.Replace(own, "echo UP;", "", 1)
		trap, rest, _ := strings.Cut(own, "echo UP;")
		if strings.Contains(trap, "TERM") {
			k.Command[2] = trap + strings.ReplaceAll(trap[strings.Index(trap, "trap "):], "TERM", signal) + "echo UP;" + rest
		} else {
			k.Command[2] = own
		}
	}
}

// triggerOf says what ends the pod, with the plugin's flags for the same.
func (g *generator) triggerOf(feature int) {
	t := &record.Trigger{Type: "delete"}
	g.c.Trigger = t
	ask := func(grace int64) {
		t.GracePeriodSeconds = &grace
	}
	switch feature {
	case graceDelete:
		ask(pick(g, int64(1), 2, 4, 7))
		g.c.Flags = []string{"--grace-period", fmt.Sprint(*t.GracePeriodSeconds)}
	case nowDelete:
		ask(1)
		t.Now = true
		g.c.Flags = []string{"--now"}
	case forceDelete:
		ask(0)
		t.Forced = true
		g.c.Flags = []string{"--force"}
	case secondDelete:
		g.spec.TerminationGracePeriodSeconds = ptr(int64(pick(g, 8, 12)))
		then := record.Then{GracePeriodSeconds: pick(g, int64(1), 2, 4), AfterSeconds: pick(g, 1.5, 2.5, 3.5)}
		t.Then = []record.Then{then}
		g.c.Flags = []string{"--then", fmt.Sprintf("%d@%gs", then.GracePeriodSeconds, then.AfterSeconds)}
	case evicted:
		t.Type = "evict"
		g.c.Flags = []string{"--on", "evict"}
		if g.chance(40) {
			ask(pick(g, int64(1), 3))
			g.c.Flags = append(g.c.Flags, "--grace-period", fmt.Sprint(*t.GracePeriodSeconds))
		}
	case deadlineHit:
		t.Type = "deadline"
		g.spec.ActiveDeadlineSeconds = ptr(int64(pick(g, 8, 10)))
		g.c.Flags = []string{"--on", "deadline"}
		return
	case livenessKill, startupKill:
		g.probeKill(feature)
		return
	}
	g.c.Delete = &record.Delete{GracePeriodSeconds: t.GracePeriodSeconds}
}

// probeKill makes the first app's liveness or startup probe fail, half of them
// with a grace of the probe's own.
func (g *generator) probeKill(feature int) {
	app := &g.spec.Containers[0]
	if app.Lifecycle != nil && app.Lifecycle.PreStop.Exec != nil || g.net {
		g.ownAddress(false) // an exec hook beside an exec probe could not be told apart
	}
	probe := &corev1.Probe{PeriodSeconds: int32(pick(g, 1, 2, 3)), FailureThreshold: int32(pick(g, 1, 2, 3))}
	if g.net {
		probe.ProbeHandler = corev1.ProbeHandler{TCPSocket: &corev1.TCPSocketAction{Port: intstr.FromInt(9)}}
	} else {
		probe.ProbeHandler = corev1.ProbeHandler{Exec: &corev1.ExecAction{Command: []string{"false"}}}
	}
	if g.chance(50) {
		probe.TerminationGracePeriodSeconds = ptr(int64(pick(g, 1, 2, 6)))
	}
	t := g.c.Trigger
	t.Container = app.Name
	if feature == livenessKill {
		t.Type = "liveness"
		probe.InitialDelaySeconds = 5
		app.LivenessProbe = probe
		g.assume(app.Name, func(a *record.Container) { a.LivenessFailsAfter = "0s" })
	} else {
		t.Type = "startup"
		probe.InitialDelaySeconds = 3
		app.StartupProbe = probe
		g.assume(app.Name, func(a *record.Container) { a.StartupFails = true })
	}
	g.spec.RestartPolicy = corev1.RestartPolicyAlways
	g.c.Flags = []string{"--on", t.Type}
}
