package simulate

import (
	"cmp"
	"fmt"
	"math"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// budgets lists what the probes allow: how slow a start may be, and how long a
// dead application goes unnoticed.
func (f *forecast) budgets() []analyze.ProbeBudget {
	var out []analyze.ProbeBudget
	for i := range f.plan.containers {
		c := &f.plan.containers[i]
		if c.Type == analyze.InitContainer {
			continue
		}
		if p := c.StartupProbe; p != nil {
			b := ProbeKillBudget(TimingOf(p))
			out = append(out, analyze.ProbeBudget{
				Container: c.Name, Probe: probeStartup.String(), Budget: &b,
				Why: "a start that takes longer is killed " + killedAgain(f.plan, c),
			})
		}
		if p := c.LivenessProbe; p != nil {
			d := ProbeDetection(TimingOf(p))
			b := analyze.ProbeBudget{Container: c.Name, Probe: probeLiveness.String(), Detection: &d, Why: "then it is killed " + killedAgain(f.plan, c)}
			if c.StartupProbe == nil {
				budget := ProbeKillBudget(TimingOf(p))
				b.Budget = &budget
				b.Why = "without a startup probe the liveness probe counts from the start"
			}
			out = append(out, b)
		}
		if p := c.ReadinessProbe; p != nil {
			d := ProbeDetection(TimingOf(p))
			out = append(out, analyze.ProbeBudget{Container: c.Name, Probe: probeReadiness.String(), Detection: &d, Why: "then traffic stops"})
		}
	}
	return out
}

func killedAgain(p *startPlan, c *planned) string {
	if restartsAfterKill(p.version, p.spec, c.Container.Container) {
		return "and started again"
	}
	return "for good"
}

// probeAdvice is what to change about the probes, with the arithmetic.
func (f *forecast) probeAdvice() []analyze.Advice {
	var out []analyze.Advice
	for i := range f.plan.containers {
		c := &f.plan.containers[i]
		if c.Type == analyze.InitContainer {
			continue
		}
		needs := c.startupAfter
		probe := cmp.Or(c.StartupProbe, c.LivenessProbe)
		if probe != nil && needs.Latest > 0 {
			if a := killAdvice(c, needs); a != nil {
				out = append(out, *a)
			}
		}
		if a := delayAdvice(c); a != nil {
			out = append(out, *a)
		}
	}
	return out
}

// killAdvice compares what a start needs with what its startup probe allows, or
// without one its liveness probe, which then counts from the start.
func killAdvice(c *planned, needs analyze.Bounds) *analyze.Advice {
	t := TimingOf(cmp.Or(c.StartupProbe, c.LivenessProbe))
	budget := ProbeKillBudget(t)
	need := needs.Latest
	if math.IsInf(need, 1) {
		need = needs.Likely
	}
	if math.IsInf(need, 1) || need <= budget.Earliest {
		return nil
	}
	kills := "may kill"
	if needs.Earliest > budget.Latest {
		kills = "kills"
	}
	sum := fmt.Sprintf("initialDelaySeconds %.0f + periodSeconds %.0f × failureThreshold %d = %s at the latest, %s at the earliest, but %s needs %s",
		t.Delay, t.Period, t.Failures, secondsText(budget.Latest), secondsText(budget.Earliest), c.Name, needText(needs))
	if c.StartupProbe == nil {
		want := math.Ceil(need/t.Period) + 1
		return &analyze.Advice{
			Summary: fmt.Sprintf("give %s a startup probe, such as periodSeconds %.0f and failureThreshold %.0f: without one its liveness probe counts from the start and %s it before it is up", c.Name, t.Period, want, kills),
			Arithmetic: fmt.Sprintf("the liveness probe kills at %s; a startup probe needs failureThreshold ⌈%s / %s⌉ + 1 = %.0f, which surely allows (%.0f − 1) × %s = %s",
				sum, secondsText(need), secondsText(t.Period), want, want, secondsText(t.Period), secondsText((want-1)*t.Period)),
			Field: c.Path.Child("startupProbe").String(), Rule: "K139",
		}
	}
	delay := math.Max(0, t.Delay-1)
	want := math.Ceil((need-delay)/t.Period) + 1
	return &analyze.Advice{
		Summary: fmt.Sprintf("raise failureThreshold of the startup probe of %s to %.0f so that a start of %s survives: it %s it before it is up", c.Name, want, secondsText(need), kills),
		Arithmetic: fmt.Sprintf("it kills at %s; ⌈(%s − %s) / %s⌉ + 1 = %.0f", sum,
			secondsText(need), secondsText(delay), secondsText(t.Period), want),
		Field: c.Path.Child("startupProbe", "failureThreshold").String(), Rule: "K135",
	}
}

// delayAdvice is about an initial delay that is longer than the application needs.
func delayAdvice(c *planned) *analyze.Advice {
	if p := c.StartupProbe; p != nil {
		return wastedDelay(c, probeStartup, TimingOf(p), c.startupAfter)
	}
	if p := c.ReadinessProbe; p != nil {
		return wastedDelay(c, probeReadiness, TimingOf(p), c.readyAfter)
	}
	return nil
}

func wastedDelay(c *planned, kind probeKind, t Timing, needs analyze.Bounds) *analyze.Advice {
	if wasted := t.Delay - needs.Latest; wasted >= 2 {
		return &analyze.Advice{
			Summary:    fmt.Sprintf("lower initialDelaySeconds of the %s of %s: it is ready earlier than the probe looks", kind, c.Name),
			Arithmetic: fmt.Sprintf("%s of delay, but it passes after %s: %s lost", secondsText(t.Delay), secondsText(needs.Latest), secondsText(wasted)),
			Field:      c.Path.Child(kind.String(), "initialDelaySeconds").String(),
			Rule:       "K132",
		}
	}
	return nil
}

// ownerAdvice judges readiness against the object that makes the pods:
// minReadySeconds delays availability, and progressDeadlineSeconds is the time
// without progress after which a Deployment says so (C65). The verdict gets
// the moment the pod counts as available.
func (f *forecast) ownerAdvice(s *analyze.Snapshot, v *analyze.Verdict) *analyze.Advice {
	minReady, deadline := ownerNumbers(s, f.plan.object)
	if v.ReadyAt == nil || (minReady == 0 && deadline == nil) {
		return nil
	}
	available := v.ReadyAt.Plus(analyze.At(float64(minReady)))
	v.Extra = map[string]any{"availableAt": available, "minReadySeconds": minReady}
	if deadline == nil {
		return nil
	}
	limit := float64(*deadline)
	v.Extra["progressDeadlineSeconds"] = *deadline
	slowest := available.Latest
	if math.IsInf(slowest, 1) {
		slowest = available.Likely
	}
	// A container that is slow but allowed to be makes the pod slower still.
	patience := slowest
	for _, b := range v.Budgets {
		if b.Probe == probeStartup.String() && b.Budget != nil {
			patience = math.Max(patience, b.Budget.Latest+float64(minReady))
		}
	}
	switch {
	case slowest > limit:
		return &analyze.Advice{
			Summary:    fmt.Sprintf("raise progressDeadlineSeconds above %s: the rollout is called stuck before the pod is available", secondsText(slowest)),
			Arithmetic: fmt.Sprintf("ready after up to %s + minReadySeconds %s = %s > %s", secondsText(slowest-float64(minReady)), secondsText(float64(minReady)), secondsText(slowest), secondsText(limit)),
			Field:      "spec.progressDeadlineSeconds", Rule: "C65",
		}
	case patience > limit:
		return &analyze.Advice{
			Summary:    "the startup probe is more patient than the Deployment: raise progressDeadlineSeconds, or lower failureThreshold",
			Arithmetic: fmt.Sprintf("the startup probe waits up to %s (minReadySeconds included), progressDeadlineSeconds is %s", secondsText(patience), secondsText(limit)),
			Field:      "spec.progressDeadlineSeconds", Rule: "C65",
		}
	}
	return nil
}

// ownerNumbers reads minReadySeconds and, of a Deployment, the progress
// deadline (600s where nothing is written, C438) from the object or from those
// that own it.
func ownerNumbers(s *analyze.Snapshot, o *analyze.Object) (minReady int32, deadline *int32) {
	for range 4 {
		switch api := o.API.(type) {
		case *appsv1.Deployment:
			seconds := int32(600)
			if api.Spec.ProgressDeadlineSeconds != nil {
				seconds = *api.Spec.ProgressDeadlineSeconds
			}
			if seconds == math.MaxInt32 {
				return api.Spec.MinReadySeconds, nil
			}
			return api.Spec.MinReadySeconds, &seconds
		case *appsv1.ReplicaSet:
			minReady = api.Spec.MinReadySeconds
		case *appsv1.StatefulSet:
			return api.Spec.MinReadySeconds, nil
		case *appsv1.DaemonSet:
			return api.Spec.MinReadySeconds, nil
		case *corev1.ReplicationController:
			return api.Spec.MinReadySeconds, nil
		}
		owner, _, ok := s.Controller(o)
		if !ok || owner == nil {
			break
		}
		o = owner
	}
	return minReady, deadline
}
