package simulate

import (
	"fmt"

	"k8s.io/apimachinery/pkg/util/validation/field"

	corev1 "k8s.io/api/core/v1"

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
	// stopsMain: it makes the container's own process end: begins that long
	// after the hook's start and takes mainTakes.
	stopsMain *analyze.Bounds
	mainTakes analyze.Bounds
}

// anyTime is the bounds of a time about which nothing is known; likely is a guess.
func anyTime(likely float64) analyze.Bounds {
	return analyze.Bounds{Earliest: 0, Likely: likely, Latest: analyze.Never}
}

// likelyStop and likelyHook are the guesses for what nothing tells, in seconds.
const (
	likelyStop = 1
	likelyHook = 1
)

func (p *termination) reactionOf(m *member) reaction {
	r := inferReaction(p.t, m.Container, p.v)
	said := p.sc.Assumptions.For(p.o.Name, m.Name)
	general := p.sc.Assumptions.Default(p.o.Name)
	if r.basis == analyze.Assumed {
		said = said.over(general)
	}
	if said.StopSignal != nil {
		r.signal = *said.StopSignal
	}
	if said.Stop != nil {
		r.takes, r.basis, r.why = *said.Stop, analyze.Assumed, "given by --assume"
	}
	if code := first(said.StopExitCode, said.ExitCode); code != nil {
		r.codes = []int32{*code}
	}
	p.note(m.Name, "stop", r.takes, r.basis, r.why)
	return r
}

func inferReaction(t analyze.PodTemplate, c analyze.Container, v analyze.Version) reaction {
	return reaction{
		signal: sigTerm, takes: anyTime(likelyStop), codes: []int32{143, 0}, basis: analyze.Assumed,
		why: "how its image reacts to the stop signal is not in the manifest",
	}
}

func (p *termination) hookOf(m *member) *hook {
	if m.Lifecycle == nil || m.Lifecycle.PreStop == nil || m.Type == analyze.EphemeralContainer {
		return nil
	}
	h := inferHook(p.t, m.Container, m.Lifecycle.PreStop, m.Path.Child("lifecycle", "preStop"))
	said := p.sc.Assumptions.For(p.o.Name, m.Name)
	if h.basis == analyze.Assumed {
		said = said.over(p.sc.Assumptions.Default(p.o.Name))
	}
	if said.PreStop != nil && h.kind != "sleep" && h.kind != "tcpSocket" {
		h.takes, h.basis, h.why = *said.PreStop, analyze.Assumed, "given by --assume"
	}
	if said.PreStopFails != nil {
		h.fails = *said.PreStopFails
	}
	p.note(m.Name, "preStop", h.takes, h.basis, h.why)
	return h
}

func inferHook(t analyze.PodTemplate, c analyze.Container, handler *corev1.LifecycleHandler, path *field.Path) *hook {
	switch {
	case handler.Sleep != nil:
		return &hook{kind: "sleep", takes: analyze.At(float64(handler.Sleep.Seconds)), basis: analyze.Written, path: path.Child("sleep", "seconds")}
	case handler.HTTPGet != nil:
		return &hook{kind: "httpGet", takes: anyTime(likelyHook), basis: analyze.Assumed, path: path.Child("httpGet"), startsAfter: latHookError, why: "how long the server takes is not in the manifest"}
	case handler.TCPSocket != nil:
		return &hook{kind: "tcpSocket", takes: analyze.At(0), fails: true, basis: analyze.Default, path: path.Child("tcpSocket"), startsAfter: latHookError}
	}
	return &hook{
		kind: "exec", takes: anyTime(likelyHook), basis: analyze.Assumed, path: path.Child("exec"), diesWithMain: true,
		startsAfter: latExec, returnsAfter: latHookReturn, why: "how long the command takes is not in the manifest",
	}
}

func (p *termination) note(container, key string, b analyze.Bounds, basis analyze.Basis, why string) {
	if basis != analyze.Assumed && basis != analyze.Inferred {
		return
	}
	p.assumed = append(p.assumed, analyze.Assumption{
		Container: container, Key: key, Value: rangeText(b), Basis: basis, Why: why,
		Flag: fmt.Sprintf("--assume %s.%s=%s", container, key, rangeExample(b)),
	})
}
