package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// A usedClaim is a volume claim that a pod mounts.
type usedClaim struct {
	name string
	path *field.Path
}

func claims(p *analyze.Pass) []usedClaim {
	var out []usedClaim
	for i, v := range p.Pod.Spec.Volumes {
		if v.PersistentVolumeClaim != nil && v.PersistentVolumeClaim.ClaimName != "" {
			at := p.Pod.SpecPath().Child("volumes").Index(i).Child("persistentVolumeClaim", "claimName")
			out = append(out, usedClaim{v.PersistentVolumeClaim.ClaimName, at})
		}
	}
	return out
}

// singleNode says whether every access mode of the claim is for one node or pod.
func singleNode(c *corev1.PersistentVolumeClaim) bool {
	for _, m := range c.Spec.AccessModes {
		if m != corev1.ReadWriteOnce && m != corev1.ReadWriteOncePod {
			return false
		}
	}
	return len(c.Spec.AccessModes) > 0
}
