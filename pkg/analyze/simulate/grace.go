package simulate

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// A grace is the period that a termination has, and where it comes from.
type grace struct {
	// kubelet is what the kubelet counts with, at least 1 (K15, K16).
	kubelet int64
	// shown is the number of the trigger: what the API records, or the override.
	shown int64
	// asked says that the object of the API goes by this grace (else the kubelet acts alone).
	forced bool
	basis  analyze.Basis
	path   *field.Path
	rule   string
	why    string
}

// spec is the pod's own grace.
func specGrace(t analyze.PodTemplate, rule string) grace {
	v := t.GracePeriod()
	g := grace{kubelet: max(v.V, 1), shown: v.V, basis: v.Basis, path: v.At, rule: rule}
	if v.Basis == analyze.Default {
		g.why = "nothing is written"
	}
	return g
}

// uncappedGrace is the pod's own grace where no override is passed: a written 0
// stays 0, so that no hook runs and nobody waits for a turn (K17, K30.4, K31).
func uncappedGrace(t analyze.PodTemplate, rule string) grace {
	g := specGrace(t, rule)
	g.kubelet = g.shown
	return g
}

// graceOf resolves the grace period of the scenario (K1–K3, K15–K16, K31–K32, K60–K69).
func graceOf(t analyze.PodTemplate, sc Scenario, v analyze.Version) grace {
	switch sc.trigger() {
	case OnSoftEviction, OnHardEviction, OnNodeShutdown:
		return overrideGrace(t, sc, v)
	case OnDeadline:
		return uncappedGrace(t, "K73")
	case OnLiveness, OnStartup:
		return uncappedGrace(t, "K31")
	case OnPreempt:
		return specGrace(t, "K9")
	}
	return apiGrace(t, sc, v)
}

// apiGrace is that of a delete or eviction through the API.
func apiGrace(t analyze.PodTemplate, sc Scenario, v analyze.Version) grace {
	g := specGrace(t, "K2")
	asked, ok := sc.askedGrace()
	if ok {
		g = grace{shown: asked, basis: analyze.Written, rule: "K1", why: "asked for"}
	}
	if g.shown < 0 {
		g.shown = 1 // K2
	}
	g.kubelet = g.shown
	if g.shown == 0 {
		g.forced = true
		g.kubelet = zeroGrace(t, v)
		g.rule = "K16"
	}
	return g
}

// askedGrace is the period that the request carries; ok is false when it
// carries none and the pod's own counts (K1).
func (sc Scenario) askedGrace() (asked int64, ok bool) {
	switch {
	case sc.Now:
		return 1, true
	case sc.GracePeriod != nil && *sc.GracePeriod >= 0:
		if *sc.GracePeriod == 0 && !sc.Force && sc.trigger() == OnDelete {
			return 1, true // kubectl delete turns a bare 0 into 1
		}
		return *sc.GracePeriod, true
	case sc.Force:
		return 0, true
	}
	return 0, false
}

// zeroGrace is what the kubelet makes of a grace of 0 (K16).
func zeroGrace(t analyze.PodTemplate, v analyze.Version) int64 {
	if forcedGraceIsOne(v) {
		return 1
	}
	return max(t.GracePeriod().V, 1)
}

// overrideGrace is that of evictions by the kubelet and of a node's shutdown.
func overrideGrace(t analyze.PodTemplate, sc Scenario, v analyze.Version) grace {
	own := t.GracePeriod().V
	g := grace{basis: analyze.Default}
	limit := int64(0)
	switch sc.trigger() {
	case OnHardEviction:
		g.rule, g.why, limit = "K60", "hard evictions leave 1s", 1
		if !forcedGraceIsOne(v) {
			limit = 0
		}
	case OnSoftEviction:
		g.rule, g.why = "K61", "the node's evictionMaxPodGracePeriod is 0 by default"
		if n := first(sc.EvictionMaxGrace, sc.GracePeriod); n != nil {
			limit, g.basis, g.why = max(*n, 0), analyze.Written, "asked for"
		}
		if softEvictionCapped(v) && own < limit {
			limit, g.basis, g.path = own, t.GracePeriod().Basis, t.GracePeriod().At
		}
	case OnNodeShutdown:
		g.rule = "K67"
		n := first(sc.ShutdownGrace, sc.GracePeriod)
		if n == nil {
			own := specGrace(t, "K67")
			own.basis, own.why = analyze.Assumed, "the node's shutdown is assumed to last at least as long as the pod's own grace period"
			return own
		}
		limit, g.basis, g.why = max(*n, 0), analyze.Written, "asked for"
		if own < limit {
			limit, g.basis, g.path = own, t.GracePeriod().Basis, t.GracePeriod().At
		}
	}
	g.kubelet, g.shown = limit, limit
	if limit == 0 {
		g.kubelet = zeroGrace(t, v)
		g.shown = g.kubelet
	}
	return g
}

// probeGrace is that of a container which a liveness or startup probe kills
// while the pod lives on (K31); wholePod is the KillPod branch, in which the
// probe's own grace is not used (K222).
func probeGrace(t analyze.PodTemplate, c analyze.Container, probe *corev1.Probe, name string, wholePod bool) grace {
	if !wholePod && probe != nil && probe.TerminationGracePeriodSeconds != nil {
		n := *probe.TerminationGracePeriodSeconds
		return grace{
			kubelet: n, shown: n, basis: analyze.Written, rule: "K31",
			path: c.Path.Child(name, "terminationGracePeriodSeconds"), why: "the probe's own",
		}
	}
	g := uncappedGrace(t, "K31")
	if wholePod {
		g.rule = "K222"
	}
	return g
}

func (g grace) String() string {
	if g.why == "" {
		return fmt.Sprintf("%ds", g.shown)
	}
	return fmt.Sprintf("%ds (%s)", g.shown, g.why)
}
