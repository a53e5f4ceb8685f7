package simulate

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// imageSignals are what images' STOPSIGNAL asks for instead of SIGTERM, such as
// those of nginx, PostgreSQL, HAProxy and Apache. SIGHUP is not among them: it
// is what a script reloads on.
var imageSignals = []string{"QUIT", "INT", "USR1", "USR2", "WINCH"}

// signalOf is the member's stop signal. open says that it is SIGTERM only
// because neither the manifest nor the user names one, and the image may (K45).
func (p *termination) signalOf(m *member) (signal string, open bool) {
	said := p.sc.Assumptions.For(p.o.Name, m.Name)
	general := p.sc.Assumptions.Default(p.o.Name)
	written := m.Lifecycle != nil && m.Lifecycle.StopSignal != nil && GateOn(p.v, GateStopSignals) && p.oldRuntime() == ""
	switch { // what the user says about this very container outranks what the runtime may not honour
	case said.StopSignal != nil:
		return *said.StopSignal, false
	case written:
		return stopSignalOf(m.Container, p.v), false
	case general.StopSignal != nil:
		return *general.StopSignal, false
	}
	return sigTerm, true
}

// mayHaveOtherSignal is for a script that does not heed SIGTERM, but ends on
// another signal that images stop with: if its image does, it ends on that.
func (p *termination) mayHaveOtherSignal(m *member, r *reaction) {
	if r.basis != analyze.Inferred || !(math.IsInf(r.takes.Likely, 1) || r.deaf) {
		return
	}
	if args, _ := commandOf(m.Container.Container); !strings.Contains(strings.Join(args, " "), "trap") {
		return // not worth walking through it
	}
	var signals []string
	for _, signal := range imageSignals {
		other := p.inferred(m.Container, signal)
		if other.armed == nil || other.basis != analyze.Inferred || math.IsInf(other.takes.Likely, 1) {
			continue
		}
		signals = append(signals, signal)
		r.takes.Earliest = math.Min(r.takes.Earliest, other.takes.Earliest)
		r.codes = union(r.codes, other.codes)
	}
	if len(signals) == 0 {
		return
	}
	names := strings.Join(signals, " or SIG")
	r.why += fmt.Sprintf("; on SIG%s, if its image asks for that, it ends", names)
	p.gaps = append(p.gaps, analyze.Gap{
		What: "which signal stops " + m.Name,
		Why: fmt.Sprintf("its script ends on SIG%s and not on SIGTERM: if that is its image's STOPSIGNAL, it ends long before SIGKILL (--assume %s.stopSignal=%s)",
			names, m.Name, signals[0]),
	})
}

// oldRuntime is the pod's container runtime if it is known to know nothing of
// lifecycle.stopSignal: containerd before 2.3
// (internal/cri/server/container_create.go@v2.3.0 reads it, that of v2.2.1 does not).
func (p *termination) oldRuntime() string {
	if p.pod == nil || p.pod.Spec.NodeName == "" {
		return ""
	}
	o := p.s.Get(analyze.Ref{APIVersion: "v1", Kind: "Node", Name: p.pod.Spec.NodeName})
	if o == nil {
		return ""
	}
	node, ok := o.API.(*corev1.Node)
	if !ok {
		return ""
	}
	version, ok := strings.CutPrefix(node.Status.NodeInfo.ContainerRuntimeVersion, "containerd://")
	parts := strings.SplitN(version, ".", 3)
	if !ok || len(parts) < 2 {
		return ""
	}
	major, errMajor := strconv.Atoi(parts[0])
	minor, errMinor := strconv.Atoi(parts[1])
	if errMajor != nil || errMinor != nil || slices.Compare([]int{major, minor}, []int{2, 3}) >= 0 {
		return ""
	}
	return fmt.Sprintf("containerd %d.%d", major, minor)
}

// stopSignalGaps is what is open about a signal that the manifest names.
func (p *termination) stopSignalGaps(m *member) []analyze.Gap {
	if m.Lifecycle == nil || m.Lifecycle.StopSignal == nil {
		return nil
	}
	signal := stopSignalOf(m.Container, p.v)
	switch {
	case !GateOn(p.v, GateStopSignals):
		return []analyze.Gap{{
			What: m.Name + ": lifecycle.stopSignal",
			Why:  fmt.Sprintf("feature gate %s is off in Kubernetes %s, so the image's stop signal counts", GateStopSignals, p.v),
		}}
	case p.sc.Assumptions.For(p.o.Name, m.Name).StopSignal != nil:
		return nil
	case p.oldRuntime() != "":
		return []analyze.Gap{{
			What: m.Name + ": lifecycle.stopSignal",
			Why:  fmt.Sprintf("its node runs %s, which does not know the field: the image's stop signal comes instead of SIG%s", p.oldRuntime(), signal),
		}}
	}
	return []analyze.Gap{{
		What: m.Name + ": whether it gets SIG" + signal,
		Why:  "lifecycle.stopSignal needs a container runtime that honours it; older ones, such as containerd before 2.3, send the image's stop signal",
	}}
}
