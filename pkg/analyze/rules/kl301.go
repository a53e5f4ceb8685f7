package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func rwoRollingUpdate() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL301", Name: "rwo-volume-rolling-update",
		Title:    "old and new pods fight for a volume that only one node can mount",
		Severity: analyze.Warning,
		Kinds:    kinds(analyze.KindDeployment),
		Sources:  []analyze.Citation{behaviour("C50"), page("concepts/storage/persistent-volumes/#access-modes")},
		Check: func(p *analyze.Pass) {
			n, replicasPath, _ := replicas(p.Object)
			surge := 0
			if d, ok := rollingDeployment(p); ok {
				surge, _ = rolling(d, n)
			}
			for _, claim := range claims(p) {
				peer := p.Find(analyze.KindPVC, claim.name)
				if peer == nil || n == 0 || (surge == 0 && n < 2) {
					continue
				}
				c, ok := peer.API.(*corev1.PersistentVolumeClaim)
				if !ok || !singleNode(c) {
					continue
				}
				if n > 1 {
					p.Report(claim.path, "%d pods share it, and only those on one node can mount it", n).
						Because(replicasPath, "%s", count(int(n), "replica")).
						BecauseOf(peer, field.NewPath("spec", "accessModes"), "only one node at a time").
						Fix("use a StatefulSet with a claim per pod, or a ReadWriteMany volume")
					continue
				}
				p.Report(claim.path, "an update starts a second pod, which waits for this volume on any other node").
					BecauseOf(peer, field.NewPath("spec", "accessModes"), "only one node at a time").
					Fix("set strategy.type: Recreate, or use a StatefulSet or a ReadWriteMany volume")
			}
		},
	}
}
