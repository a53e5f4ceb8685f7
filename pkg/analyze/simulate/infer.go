package simulate

import (
	"fmt"
	"net/netip"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// A reaction is what a container's process does on its stop signal.
type reaction struct {
	signal string
	takes  analyze.Bounds
	codes  []int32
	basis  analyze.Basis
	why    string
	path   *field.Path
	// ends is how long the process runs at most if nobody stops it, where the
	// manifest tells; codes are then those of that end, and takes the rest of it.
	ends *analyze.Bounds
	// deaf: the signal changes nothing, it only ends when its own work is done.
	deaf bool
	// endless: the manifest tells that the process never ends by itself.
	endless bool
	// armed is when a script has set the trap for the signal that ends it, from
	// its start; nil without one.
	armed *analyze.Bounds
}

// A hook is what is known about a preStop handler.
type hook struct {
	kind  string // exec, httpGet, sleep, tcpSocket
	takes analyze.Bounds
	// fails: it ends with an error; codes are an exec's exit codes.
	fails bool
	codes []int32
	basis analyze.Basis
	why   string
	path  *field.Path
	// startsAfter and returnsAfter are the node's part.
	startsAfter, returnsAfter latency
	// diesWithMain: the container's end cuts it short.
	diesWithMain bool
	// stopsMain: it signals the container's own process that long after its
	// start; mainTakes is how long that then takes.
	stopsMain *analyze.Bounds
	mainTakes analyze.Bounds
	signal    string
}

// likelyTime is the guess for a duration that nothing tells, in seconds.
const likelyTime = 1

// anyTime is the bounds of a time about which nothing is known.
func anyTime() analyze.Bounds {
	return analyze.Bounds{Earliest: 0, Likely: likelyTime, Latest: analyze.Never}
}

const saidByUser = givenByUser

// HookDuration is how long the container's preStop hook takes by itself, in
// seconds, as far as the manifest tells: written for sleep, 0 for handlers
// that cannot run, inferred from a script, or assumed. ok is false without a
// hook. The grace period is not applied: KillTimes does that.
func HookDuration(c analyze.Container) (v analyze.Value[analyze.Bounds], ok bool) {
	if c.Lifecycle == nil || c.Lifecycle.PreStop == nil {
		return v, false
	}
	h := inferHook(c, c.Lifecycle.PreStop, c.Path.Child("lifecycle", "preStop"))
	return analyze.Value[analyze.Bounds]{V: h.takes, Basis: h.basis, At: h.path, Why: h.why}, true
}

// HandlerDuration is HookDuration for any handler, such as postStart; at is
// the handler's place.
func HandlerDuration(c analyze.Container, handler *corev1.LifecycleHandler, at *field.Path) (v analyze.Value[analyze.Bounds], fails bool) {
	h := inferHook(c, handler, at)
	return analyze.Value[analyze.Bounds]{V: h.takes, Basis: h.basis, At: h.path, Why: h.why}, h.fails
}

// StopDuration is how long the container's process takes from its stop signal
// to its own exit, in seconds, as far as the manifest tells: Never for one
// that ignores the signal. The signal is SIGTERM unless lifecycle.stopSignal
// says otherwise (K45, K47).
func StopDuration(t analyze.PodTemplate, c analyze.Container, v analyze.Version) analyze.Value[analyze.Bounds] {
	r := inferReaction(t, c, stopSignalOf(c, v))
	return analyze.Value[analyze.Bounds]{V: r.takes, Basis: r.basis, At: r.path, Why: r.why}
}

// reactionOf is what the member does on its signal: as the user says, as the
// manifest tells, or as is assumed.
func (p *termination) reactionOf(m *member) reaction {
	said := p.sc.Assumptions.For(p.o.Name, m.Name)
	general := p.sc.Assumptions.Default(p.o.Name)
	signal, open := p.signalOf(m)
	r := p.inferred(m.Container, signal)
	r.signal = signal
	m.ownCodes = r.codes
	if said.ExitCode != nil {
		m.ownCodes = []int32{*said.ExitCode}
	}
	if r.deaf && p.young != nil {
		r.takes, r.codes = analyze.At(analyze.Never), nil // its own end is counted from its start
	}
	if r.basis == analyze.Assumed {
		said = said.over(general)
	}
	if open && said.Stop == nil {
		p.mayHaveOtherSignal(m, &r)
	}
	if said.Stop != nil && signal != sigKill {
		r.takes, r.basis, r.why, r.path, r.deaf = *said.Stop, analyze.Assumed, saidByUser, nil, false
	}
	if code := first(said.StopExitCode, said.ExitCode); code != nil && signal != sigKill {
		r.codes = []int32{*code}
	}
	if len(r.codes) == 0 {
		r.codes = []int32{signalExitCode(signal), 0}
	}
	p.note(m.Name, "stop", r.takes, r.basis, r.why)
	return r
}

// inferred is inferReaction, remembered for the length of one forecast.
func (p *termination) inferred(c analyze.Container, signal string) reaction {
	key := c.Name + "\x00" + signal
	r, ok := p.reactions[key]
	if !ok {
		r = inferReaction(p.t, c, signal)
		p.reactions[key] = r
	}
	return r
}

// hookOf is the member's preStop hook; nil without one.
func (p *termination) hookOf(m *member) *hook {
	if m.Lifecycle == nil || m.Lifecycle.PreStop == nil || m.Type == analyze.EphemeralContainer || m.Type == analyze.InitContainer {
		return nil
	}
	h := inferHook(m.Container, m.Lifecycle.PreStop, m.Path.Child("lifecycle", "preStop"))
	if sleepOff(p.v, m.Lifecycle.PreStop) {
		return p.sleepHookOff(m, h)
	}
	p.assumeHook(m, h)
	if h.stopsMain != nil {
		p.hookStopsMain(m, h)
	}
	p.note(m.Name, "preStop", h.takes, h.basis, h.why)
	return h
}

// assumeHook applies what the user says about the hook.
func (p *termination) assumeHook(m *member, h *hook) {
	said := p.sc.Assumptions.For(p.o.Name, m.Name)
	if h.basis == analyze.Assumed {
		said = said.over(p.sc.Assumptions.Default(p.o.Name))
	}
	if said.PreStop != nil && h.kind != "sleep" && h.kind != "tcpSocket" {
		h.takes, h.basis, h.why, h.stopsMain = *said.PreStop, analyze.Assumed, saidByUser, nil
	}
	if said.PreStopFails != nil && h.kind != "tcpSocket" {
		h.fails = *said.PreStopFails
		if h.fails && slices.Contains(h.codes, 0) {
			h.codes = nil
		}
	}
}

// hookStopsMain finds what the main process does on the signal of its own hook (K474).
func (p *termination) hookStopsMain(m *member, h *hook) {
	r := p.inferred(m.Container, h.signal)
	said := p.sc.Assumptions.For(p.o.Name, m.Name)
	if r.basis == analyze.Assumed {
		said = said.over(p.sc.Assumptions.Default(p.o.Name))
	}
	h.mainTakes = r.takes
	if said.Stop != nil {
		h.mainTakes = *said.Stop
	}
	if h.mainTakes.Earliest == analyze.Never {
		h.stopsMain = nil
	}
}

// inferHook reads out of the manifest what a hook does and how long that takes (K38).
func inferHook(c analyze.Container, handler *corev1.LifecycleHandler, at *field.Path) *hook {
	switch {
	case handler.Sleep != nil:
		return &hook{
			kind: "sleep", takes: analyze.At(max(0, float64(handler.Sleep.Seconds))), basis: analyze.Written,
			path: at.Child("sleep", "seconds"),
		}
	case handler.Exec != nil:
		return inferExec(c, handler.Exec.Command, at.Child("exec", "command"))
	case handler.HTTPGet != nil:
		return inferHTTP(handler.HTTPGet, at.Child("httpGet"))
	case handler.TCPSocket != nil:
		return &hook{
			kind: "tcpSocket", takes: analyze.At(0), fails: true, basis: analyze.Default, path: at.Child("tcpSocket"),
			startsAfter: latHookError, why: "the kubelet cannot run tcpSocket hooks",
		}
	}
	return &hook{kind: "empty", takes: analyze.At(0), fails: true, basis: analyze.Default, path: at, startsAfter: latHookError}
}

func inferExec(c analyze.Container, command []string, at *field.Path) *hook {
	h := &hook{kind: "exec", path: at, diesWithMain: true, startsAfter: latExec, returnsAfter: latHookReturn, basis: analyze.Inferred}
	if len(command) == 0 {
		h.takes, h.fails = analyze.At(0), true
		return h
	}
	args, _ := unwrap(command, false)
	var e effect
	if script, rest, ok := shellScript(args); ok {
		sh := newShell(literalEnv(c.Container), rest)
		e = sh.wholeEffect(script)
		h.why = "read out of the script"
		if sh.kill != nil {
			h.stopsMain, h.signal = sh.kill, sh.killSignal
		}
		if !e.known {
			h.why = sh.why
		}
	} else {
		e = programEffect(args)
		h.why = fmt.Sprintf("how long %q takes is not in the manifest", args[0])
		if e.known {
			h.why = fmt.Sprintf("%q is a known program", args[0])
		}
		if e.signals1 {
			now := analyze.At(0)
			h.stopsMain, h.signal = &now, e.signal
		}
	}
	h.takes, h.codes = e.takes, e.codes
	h.fails = len(e.codes) > 0 && !slices.Contains(e.codes, 0)
	if !e.known {
		h.basis = analyze.Assumed
		if h.why == "" {
			h.why = "how long the command takes is not in the manifest"
		}
	}
	return h
}

// inferHTTP knows one thing: the kubelet asks from the node, so a loopback
// address is the node's own, and answers or refuses at once (K38).
func inferHTTP(get *corev1.HTTPGetAction, at *field.Path) *hook {
	h := &hook{
		kind: "httpGet", takes: anyTime(), basis: analyze.Assumed, path: at, startsAfter: latHookError,
		why: "how long the server takes is not in the manifest, and the kubelet sets no limit",
	}
	addr, err := netip.ParseAddr(get.Host)
	if get.Host == "localhost" || (err == nil && addr.IsLoopback()) {
		h.takes, h.basis, h.fails = analyze.Bounds{Earliest: 0, Likely: 0, Latest: 0.5}, analyze.Inferred, true
		h.why = fmt.Sprintf("%s is the node itself, not the pod: most likely nothing listens there", get.Host)
	}
	return h
}

func (p *termination) note(container, key string, b analyze.Bounds, basis analyze.Basis, why string) {
	if basis != analyze.Assumed && basis != analyze.Inferred {
		return
	}
	p.assumed = append(p.assumed, analyze.Assumption{
		Container: container, Key: key, Value: rangeText(b), Basis: basis, Why: why,
		Flag: assumeFlag(container, key, b, why),
	})
}
