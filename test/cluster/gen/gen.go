// Package gen invents random pods whose fate is worth recording: from a seed,
// always the same ones. With each pod comes what its containers will do, in the
// shape of the plugin's --assumptions.
//
// Every feature takes its turn by the case's number, so that twenty cases cover
// most of them; their combination and the figures are random. It starts nothing
// (package record does).
package gen

import (
	"fmt"
	"math/rand/v2"
	"strconv"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/image"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/record"
)

// Options choose what is generated.
type Options struct {
	Seed  uint64
	Count int
	// StopSignals lets pods name their stop signal themselves, which takes the
	// feature gate ContainerStopSignals.
	StopSignals bool
}

// Cases generates the cases of one kind.
func Cases(kind record.Kind, opts Options) []*record.Case {
	cases := make([]*record.Case, 0, opts.Count)
	for i := range opts.Count {
		g := &generator{r: rand.New(rand.NewPCG(opts.Seed, uint64(i))), i: i, opts: opts}
		g.begin(kind)
		switch kind {
		case record.Termination:
			g.termination()
		case record.EarlyDelete:
			g.earlyDelete()
		case record.Startup:
			g.startup()
		case record.Restarts:
			g.restarts()
		}
		cases = append(cases, g.c)
	}
	return cases
}

type generator struct {
	r    *rand.Rand
	i    int
	opts Options
	c    *record.Case
	spec *corev1.PodSpec
	net  bool // the pod has an address of its own
	port int  // the next free one in the pod
}

func (g *generator) begin(kind record.Kind) {
	name := fmt.Sprintf("%c%d-%d", kind[0], g.opts.Seed, g.i)
	pod := &corev1.Pod{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"}, ObjectMeta: metav1.ObjectMeta{Name: name}}
	off := false
	pod.Spec = corev1.PodSpec{HostNetwork: true, DNSPolicy: corev1.DNSDefault, AutomountServiceAccountToken: &off, EnableServiceLinks: &off}
	g.c = &record.Case{Name: name, Kind: kind, Pod: pod, Assumptions: record.Assumptions{Containers: map[string]record.Container{}}}
	g.spec = &pod.Spec
	g.port = 8080
}

// ownAddress gives the pod a network of its own, and with a Service endpoints.
func (g *generator) ownAddress(service bool) {
	g.net = true
	g.spec.HostNetwork = false
	g.spec.DNSPolicy = corev1.DNSClusterFirst
	if service {
		g.c.Service = true
		g.c.Pod.Labels = map[string]string{"app": g.c.Name}
	}
}

func pick[T any](g *generator, from ...T) T { return from[g.r.IntN(len(from))] }

func (g *generator) chance(percent int) bool { return g.r.IntN(100) < percent }

func ptr[T any](v T) *T { return &v }

func seconds(n int) string { return strconv.Itoa(n) + "s" }

func container(name string, command ...string) corev1.Container {
	return corev1.Container{Name: name, Image: image.Busybox, ImagePullPolicy: corev1.PullNever, Command: command}
}

func shell(name, script string) corev1.Container { return container(name, "sh", "-c", script) }

func execHandler(command ...string) *corev1.LifecycleHandler {
	return &corev1.LifecycleHandler{Exec: &corev1.ExecAction{Command: command}}
}

// assume merges what is known of a container.
func (g *generator) assume(name string, change func(*record.Container)) {
	a := g.c.Assumptions.Containers[name]
	change(&a)
	g.c.Assumptions.Containers[name] = a
}

// netProbe adds a program to the container's script that answers a probe from
// "after" on, and returns the probe.
func (g *generator) netProbe(k *corev1.Container, flags string) *corev1.Probe {
	port := g.port
	g.port++
	kind := pick(g, "http", "tcp", "grpc")
	k.Command[2] = fmt.Sprintf("probed -%s :%d %s & ", kind, port, flags) + k.Command[2]
	switch kind {
	case "http":
		return &corev1.Probe{ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Path: "/", Port: intstr.FromInt(port)}}}
	case "tcp":
		return &corev1.Probe{ProbeHandler: corev1.ProbeHandler{TCPSocket: &corev1.TCPSocketAction{Port: intstr.FromInt(port)}}}
	default:
		return &corev1.Probe{ProbeHandler: corev1.ProbeHandler{GRPC: &corev1.GRPCAction{Port: int32(port)}}}
	}
}
