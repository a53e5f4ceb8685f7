package simulate

import (
	"fmt"
	"math"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// trafficView is what the Services of the pod see.
type trafficView struct {
	lane   bool
	events []analyze.Event
	spans  []analyze.Span
	gaps   []analyze.Gap
	// out is when nobody sends new requests any more; stops when the first
	// process that gets them begins to stop; lost the time between.
	out, stops, lost analyze.Bounds
	services         []string
	known            bool // out and stops are set
}

// proxyLag is how long the proxies take to follow an EndpointSlice: about the
// second between two syncs of kube-proxy, more in a large cluster (C257).
var proxyLag = analyze.Bounds{Earliest: 0, Likely: 1, Latest: 5}

// traffic finds the Services of the pod and when they stop sending to it (K89, C250–C259).
func (p *termination) traffic() trafficView {
	var v trafficView
	services := p.s.ServicesOf(p.o.Namespace, p.t.Meta.Labels)
	listed := p.endpointSlices()
	if len(services) == 0 && len(listed) == 0 {
		if !p.s.Sees(analyze.KindService, p.o.Namespace) {
			why := "no Service in the input; add them to see when requests stop coming"
			if len(p.s.Of(analyze.KindService, p.o.Namespace)) > 0 {
				why = "none in the input does, and there may be others; --complete says that the input is all there is"
			}
			v.gaps = append(v.gaps, analyze.Gap{
				What: "traffic: Services that select the pod", Why: why,
				Kind: analyze.KindService, Namespace: p.o.Namespace,
			})
		}
		return v
	}
	if p.live.immediate || (p.trigger == OnStartup && !p.wholePod) {
		return v // a finished pod, or one that never got ready, is in no endpoint
	}
	v.lane = true
	always := len(services) > 0
	for _, svc := range services {
		v.services = append(v.services, "service/"+svc.Name)
		always = always && svc.Spec.PublishNotReadyAddresses
	}
	for _, name := range listed {
		v.services = append(v.services, "endpointslice/"+name)
	}
	p.rotation(&v, services, always)
	return v
}

// endpointSlices are those that list the pod though no Service's selector in
// the input does.
func (p *termination) endpointSlices() []string {
	if p.pod == nil {
		return nil
	}
	var out []string
	for _, o := range p.s.SlicesOf(p.o.Namespace, p.o.Name) {
		out = append(out, o.Name)
	}
	return out
}

// notReady is when the endpoint stops being ready; ok is false when it does not.
func (p *termination) notReady() (at moment, rule string, ok bool) {
	switch {
	case !p.wholePod:
		return moment{}, "", false
	case !p.sc.byKubelet():
		return exactly(0).after(latEndpoint), "C252", true
	case p.trigger == OnDeadline:
		return exactly(0).after(latEndpoint).from(p.begin), "K73", true
	}
	return p.done.after(latTerminal).from(p.begin), "K80", true
}

func (p *termination) rotation(v *trafficView, services []*corev1.Service, always bool) {
	at, rule, ok := p.notReady()
	switch {
	case !ok:
		v.gaps = append(v.gaps, analyze.Gap{What: "traffic while the container restarts", Why: "whether readiness turns false in between depends on its readiness probe (K146)"})
		return
	case always:
		v.gaps = append(v.gaps, analyze.Gap{
			What: "traffic: the endpoint stays ready while the pod stops",
			Why:  listText(v.services) + " publishes addresses that are not ready (C253), so requests keep coming until the pod is gone",
		})
		at, rule = p.done.after(latTerminal).from(p.begin), "C253"
	}
	e := analyze.Event{
		ID: eventID("traffic", analyze.EndpointNotReady), Type: analyze.EndpointNotReady, At: at.bounds(),
		Rule: rule, Basis: analyze.Default, Note: "for " + listText(v.services),
	}
	v.events = append(v.events, e)
	lag, basis, why := proxyLag, analyze.Assumed, "proxies and load balancers follow the EndpointSlice with a lag that no manifest tells"
	if said, _ := p.sc.Assumptions.PodLevel(p.o.Name); said != nil {
		lag, why = *said, saidByUser
	} else if behindBalancer(p.s, services, p.o.Namespace) {
		lag.Latest = analyze.Never
		why = "a load balancer or ingress takes the pod out after a lag that no manifest tells"
	}
	flag := assumeFlag(defaultsName, "lbLag", lag, why)
	p.assumed = append(p.assumed, analyze.Assumption{Key: "lbLag", Value: rangeText(lag), Basis: basis, Why: why, Flag: flag})
	v.out, v.known = at.plus(lag).bounds(), true
	v.spans = append(v.spans, analyze.Span{
		ID: spanID("traffic", "rotation"), Lane: "traffic", What: "out of rotation", Kind: analyze.SpanTraffic,
		Start: e.At, End: v.out, Because: []string{e.ID}, Basis: basis, Flag: flagHint(defaultsName, "lbLag", lag, why),
	})
	p.lossWindow(v, services)
}

// behindBalancer says that something outside the cluster's proxies sends to
// the Services: a load balancer, or an Ingress.
func behindBalancer(s *analyze.Snapshot, services []*corev1.Service, namespace string) bool {
	for _, svc := range services {
		if svc.Spec.Type == corev1.ServiceTypeLoadBalancer {
			return true
		}
	}
	for _, gk := range routeKinds() {
		if slices.ContainsFunc(s.Of(gk, namespace), func(o *analyze.Object) bool { return o.Namespace == namespace }) {
			return true
		}
	}
	return false
}

func routeKinds() []schema.GroupKind {
	return []schema.GroupKind{
		{Group: "networking.k8s.io", Kind: "Ingress"},
		{Group: "extensions", Kind: "Ingress"},
		{Group: "gateway.networking.k8s.io", Kind: "HTTPRoute"},
	}
}

// lossWindow is the time in which new requests still reach a process that has
// begun to stop (C259).
func (p *termination) lossWindow(v *trafficView, services []*corev1.Service) {
	stops, found := analyze.At(analyze.Never), false
	for _, m := range p.members {
		if p.serves(m, services) {
			begins := p.at(m.signal)
			if m.hooked && m.hook.stopsMain != nil {
				begins = begins.Min(p.at(m.starts.plus(*m.hook.stopsMain)))
			}
			stops, found = stops.Min(begins), true
		}
	}
	if !found {
		return
	}
	v.stops = stops
	v.lost = analyze.Bounds{
		Earliest: positive(v.out.Earliest - stops.Latest), Likely: positive(v.out.Likely - stops.Likely),
		Latest: positive(v.out.Latest - stops.Earliest),
	}
	if v.lost.Likely > 0 {
		v.spans = append(v.spans, analyze.Span{
			ID: spanID("traffic", "loss"), Lane: "traffic", What: "new requests may reach a stopping process", Kind: analyze.SpanServing,
			Start: stops, End: v.out.Max(stops), Basis: analyze.Assumed, Because: []string{spanID("traffic", "rotation")}, Note: secondsText(v.lost.Likely),
		})
	}
}

// serves says whether requests of the Services go to the container: it
// declares a target port, or nobody does.
func (p *termination) serves(m *member, services []*corev1.Service) bool {
	if m.Type != analyze.AppContainer && m.Type != analyze.SidecarContainer {
		return false
	}
	declared := false
	for _, other := range p.members {
		if targeted(other.Container, services) {
			declared = true
		}
	}
	if declared {
		return targeted(m.Container, services)
	}
	return m.Type == analyze.AppContainer
}

func targeted(c analyze.Container, services []*corev1.Service) bool {
	for _, svc := range services {
		for _, port := range svc.Spec.Ports {
			target := port.TargetPort
			if target == (intstr.IntOrString{}) {
				target = intstr.FromInt32(port.Port)
			}
			for _, cp := range c.Ports {
				if target.Type == intstr.String && target.StrVal == cp.Name || target.Type == intstr.Int && target.IntVal == cp.ContainerPort {
					return true
				}
			}
		}
	}
	return false
}

// advice says how long a preStop hook covers the loss window.
func (v trafficView) advice(p *termination) []analyze.Advice {
	if !v.known || v.lost.Likely < 0.05 || math.IsInf(v.lost.Likely, 1) {
		return nil
	}
	need := math.Ceil(v.out.Likely)
	longest := 0.0
	for _, m := range p.members {
		longest = math.Max(longest, positive(m.react.takes.Likely))
	}
	a := analyze.Advice{
		Summary: fmt.Sprintf("a preStop hook of %s would keep the process serving until no new requests come", secondsText(need)),
		Arithmetic: fmt.Sprintf("out of rotation at %s, begins to stop at %s: %s of new requests may fail",
			secondsText(v.out.Likely), secondsText(v.stops.Likely), secondsText(v.lost.Likely)),
		Field: strings.TrimPrefix(p.t.SpecPath().String()+".containers[*].lifecycle.preStop.sleep.seconds", "."), Rule: "C259",
	}
	if !math.IsInf(longest, 1) {
		a.Arithmetic += fmt.Sprintf("; with the hook the pod needs %s + %s = %s of grace", secondsText(need), secondsText(longest), secondsText(need+longest))
	}
	return []analyze.Advice{a}
}
