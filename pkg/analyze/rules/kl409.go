package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	corev1 "k8s.io/api/core/v1"
)

func toleratesLostNode() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL409", Name: "never-leaves-a-lost-node",
		Title:    "the pod stays on a node that is lost",
		Severity: analyze.Warning,
		Kinds:    kinds(analyze.KindDeployment, analyze.KindStatefulSet, analyze.KindReplicaSet, analyze.KindRC),
		Sources:  []analyze.Citation{behaviour("C338"), behaviour("C609"), page("concepts/scheduling-eviction/taint-and-toleration/#taint-based-evictions")},
		Check: func(p *analyze.Pass) {
			for i, t := range p.Pod.Spec.Tolerations {
				if t.TolerationSeconds != nil || (t.Effect != "" && t.Effect != corev1.TaintEffectNoExecute) {
					continue
				}
				all := t.Key == "" && t.Operator == corev1.TolerationOpExists
				if !all && t.Key != corev1.TaintNodeUnreachable && t.Key != corev1.TaintNodeNotReady {
					continue
				}
				what := t.Key
				if all {
					what = "every taint"
				}
				p.Report(p.Pod.SpecPath().Child("tolerations").Index(i), "tolerates %s for ever: no replacement when the node dies", what).
					Fix("add effect: NoSchedule, or tolerationSeconds for the time to wait")
			}
		},
	}
}
