package simulate

import "github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"

func (p *termination) verdict(t trafficView) analyze.Verdict {
	return analyze.Verdict{Killed: []string{}, Advice: []analyze.Advice{}}
}
