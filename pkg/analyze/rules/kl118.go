package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/simulate"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func shortWait() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL118", Name: "short-wait-for-endpoints",
		Title:    "the hook waits shorter than load balancers need",
		Severity: analyze.Info,
		Kinds:    kinds(analyze.KindDeployment, analyze.KindStatefulSet),
		Sources:  []analyze.Citation{behaviour("K408"), page("concepts/workloads/pods/pod-lifecycle/#pod-termination-flow")},
		Params:   []analyze.Param{{Name: "seconds", Default: 5, Help: "how long endpoints may take to reach every load balancer"}},
		Check: func(p *analyze.Pass) {
			service, c := servedBy(p)
			if service == nil {
				return
			}
			d, ok := simulate.HookDuration(c)
			if !ok || d.Basis == analyze.Assumed || d.V.Latest >= float64(p.Param("seconds")) || c.Lifecycle.PreStop.TCPSocket != nil {
				return
			}
			at := d.At
			if at == nil {
				at = c.Path.Child("lifecycle", "preStop")
			}
			finding := p.ReportIn(c, at, "%s are over before every load balancer has left the pod out", span(d.V.Latest)).
				BecauseOf(service, field.NewPath("spec", "selector"), "this Service sends requests").
				Fix("wait %d seconds or more", p.Param("seconds"))
			if n, _, _, _ := fewest(p, p.Object); n > 1 && d.V.Latest < 1 {
				finding.At(analyze.Warning) // as good as no hook
			}
		},
	}
}
