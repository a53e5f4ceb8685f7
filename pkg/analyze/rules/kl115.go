package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func longGrace() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL115", Name: "grace-longer-than-nodes-wait",
		Title:    "the pod may need longer to stop than its node waits",
		Severity: analyze.Info,
		Kinds:    podHolders(),
		Sources:  []analyze.Citation{behaviour("K61"), behaviour("K67"), {Text: "Cluster Autoscaler FAQ", URL: "https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/FAQ.md"}},
		Params:   []analyze.Param{{Name: "seconds", Default: 600, Help: "how long nodes wait for a pod when they are removed"}},
		Check: func(p *analyze.Pass) {
			grace := p.Pod.GracePeriod()
			if most := int64(p.Param("seconds")); grace.V > most {
				p.Report(grace.At, "up to %s; removed nodes are often gone after %s", span(float64(grace.V)), span(float64(most))).
					Fix("make the work shorter or resumable, or raise what the autoscaler and the cloud give a node")
			}
		},
	}
}
