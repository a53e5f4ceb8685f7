package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func surgeOnOneNode() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL314", Name: "daemonset-surge-host-port",
		Title:    "old and new pod of a node need the same port of it",
		Severity: analyze.Error,
		Kinds:    kinds(analyze.KindDaemonSet),
		Sources:  []analyze.Citation{behaviour("C14"), behaviour("C469"), page("tasks/manage-daemon/update-daemon-set/")},
		Check: func(p *analyze.Pass) {
			d, ok := p.Object.API.(*appsv1.DaemonSet)
			if !ok || d.Spec.UpdateStrategy.RollingUpdate == nil || d.Spec.UpdateStrategy.RollingUpdate.MaxSurge == nil {
				return
			}
			surge := d.Spec.UpdateStrategy.RollingUpdate.MaxSurge
			path, what := hostPort(p)
			if n, err := intstr.GetScaledValueFromIntOrPercent(surge, 100, true); err != nil || n == 0 || path == nil {
				return
			}
			p.Report(field.NewPath("spec", "updateStrategy", "rollingUpdate", "maxSurge"), "the new pod waits for ever beside the old one").
				Because(path, "%s only once on a node", what).
				Fix("use maxUnavailable instead of maxSurge")
		},
	}
}
