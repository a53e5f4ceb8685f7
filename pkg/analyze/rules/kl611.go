package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func storageBelowVolume() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL611", Name: "volume-larger-than-limit",
		Title:    "the pod is evicted before its volume is full",
		Severity: analyze.Warning,
		Kinds:    podHolders(),
		Sources:  []analyze.Citation{behaviour("K60"), behaviour("K64"), page("concepts/configuration/manage-resources-containers/#local-ephemeral-storage")},
		Check: func(p *analyze.Pass) {
			limit, at := podLimit(p, corev1.ResourceEphemeralStorage)
			if at == nil {
				return
			}
			for i, v := range p.Pod.Spec.Volumes {
				if v.EmptyDir == nil || v.EmptyDir.SizeLimit == nil || v.EmptyDir.Medium != corev1.StorageMediumDefault {
					continue
				}
				if v.EmptyDir.SizeLimit.Cmp(limit) <= 0 {
					continue
				}
				path := p.Pod.SpecPath().Child("volumes").Index(i).Child("emptyDir", "sizeLimit")
				p.Report(path, "%s may be written here, but the pod is evicted above %s", v.EmptyDir.SizeLimit.String(), limit.String()).
					Because(at, "the limits of all containers together count for the pod").
					Fix("raise the limit for ephemeral-storage above the size of the volumes")
			}
		},
	}
}

// podLimit is the sum of the limits of all app containers; at is nil if one of
// them has none.
func podLimit(p *analyze.Pass, name corev1.ResourceName) (sum resource.Quantity, at *field.Path) {
	for _, c := range p.Containers {
		if c.Type != analyze.AppContainer {
			continue
		}
		q, ok := c.Resources.Limits[name]
		if !ok {
			return sum, nil
		}
		sum.Add(q)
		at = c.Path.Child("resources", "limits").Key(string(name))
	}
	return sum, at
}
