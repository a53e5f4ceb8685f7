package simulate

import "github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"

// trafficView is what the Services of the pod see.
type trafficView struct {
	lane   bool
	events []analyze.Event
	spans  []analyze.Span
	gaps   []analyze.Gap
}

func (p *termination) traffic() trafficView          { return trafficView{} }
func (p *termination) liveView(tl *analyze.Timeline) {}
func (p *termination) allGaps() []analyze.Gap        { return p.gaps }
func (p *termination) chooseProbed() error           { return nil }
