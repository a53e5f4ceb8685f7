package simulate

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// chooseProbed picks what a failed liveness or startup probe stops: the
// container alone, or the whole pod when nothing is kept or restarted (K221,
// K222).
func (p *termination) chooseProbed() error {
	name := p.trigger + "Probe"
	failed, err := p.probed()
	if err != nil {
		return err
	}
	keeps := restartsAfterKill(p.v, p.t.Spec, failed.Container)
	if failed.Type == analyze.AppContainer && !keeps {
		for _, c := range p.lanes() {
			if c.Type == analyze.AppContainer && c.Name != failed.Name && (p.runs(c) || restartsAfterKill(p.v, p.t.Spec, c.Container)) {
				keeps = true
			}
		}
	}
	p.wholePod = failed.Type == analyze.AppContainer && !keeps
	p.grace = probeGrace(p.t, failed, probeOf(failed, p.trigger), name, p.wholePod)
	if !p.wholePod {
		p.add(failed, p.grace)
		return nil
	}
	for _, c := range p.lanes() {
		if p.runs(c) {
			p.add(c, p.grace)
		}
	}
	return nil
}

// probed finds the container whose probe fails: the one asked for, the one an
// assumption is about, or the first that has such a probe.
func (p *termination) probed() (analyze.Container, error) {
	var with []analyze.Container
	for _, c := range p.lanes() {
		if probeOf(c, p.trigger) != nil {
			with = append(with, c)
		}
	}
	if p.sc.Container != "" {
		i := slices.IndexFunc(with, func(c analyze.Container) bool { return c.Name == p.sc.Container })
		if i < 0 {
			return analyze.Container{}, fmt.Errorf("container %q has no %s probe", p.sc.Container, p.trigger)
		}
		return with[i], nil
	}
	if len(with) == 0 {
		return analyze.Container{}, fmt.Errorf("no container has a %s probe", p.trigger)
	}
	for _, c := range with {
		said := p.sc.Assumptions.For(p.o.Name, c.Name)
		fails := said.LivenessFailsAfter != nil && said.LivenessFailsAfter.Likely != analyze.Never
		if p.trigger == OnStartup {
			fails = said.StartupFails != nil && *said.StartupFails ||
				said.StartupAfter != nil && said.StartupAfter.Likely == analyze.Never
		}
		if fails {
			return c, nil
		}
	}
	if len(with) > 1 {
		p.gaps = append(p.gaps, analyze.Gap{
			What: "which container's " + p.trigger + " probe fails",
			Why:  fmt.Sprintf("%d containers have one; %s is taken, the first", len(with), with[0].Name),
		})
	}
	return with[0], nil
}

func probeOf(c analyze.Container, trigger string) *corev1.Probe {
	if c.Type != analyze.AppContainer && c.Type != analyze.SidecarContainer {
		return nil
	}
	if trigger == OnStartup {
		return c.StartupProbe
	}
	return c.LivenessProbe
}
