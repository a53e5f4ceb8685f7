package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func partitionUpdatesNothing() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL307", Name: "partition-updates-nothing",
		Title:    "no pod is ever updated",
		Severity: analyze.Warning,
		Kinds:    kinds(analyze.KindStatefulSet),
		Sources:  []analyze.Citation{behaviour("C119"), behaviour("C125"), page("concepts/workloads/controllers/statefulset/#partitions")},
		Check: func(p *analyze.Pass) {
			s, ok := p.Object.API.(*appsv1.StatefulSet)
			if !ok || s.Spec.UpdateStrategy.RollingUpdate == nil || s.Spec.UpdateStrategy.RollingUpdate.Partition == nil {
				return
			}
			partition := *s.Spec.UpdateStrategy.RollingUpdate.Partition
			n, replicasPath, _ := replicas(p.Object)
			first := int32(0)
			if s.Spec.Ordinals != nil {
				first = s.Spec.Ordinals.Start
			}
			if partition == 0 || n == 0 || partition < first+n {
				return
			}
			p.Report(field.NewPath("spec", "updateStrategy", "rollingUpdate", "partition"), "only ordinals from %d on are updated, the last one is %d", partition, first+n-1).
				Because(replicasPath, "%s", count(int(n), "replica")).
				Fix("lower the partition to the first ordinal that is to be updated")
		},
	}
}
