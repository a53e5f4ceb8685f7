package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func missingReference() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL608", Name: "missing-config",
		Title:    "the pod cannot start without an object that does not exist",
		Severity: analyze.Error,
		Kinds:    podHolders(),
		Needs:    kinds(analyze.KindConfigMap, analyze.KindPVC),
		Sources:  []analyze.Citation{behaviour("K107"), behaviour("K120"), behaviour("K430")},
		Check: func(p *analyze.Pass) {
			seen := map[string]bool{}
			missing := func(gk schema.GroupKind, name string, optional *bool, at *field.Path, what string) {
				if name == "" || (optional != nil && *optional) || seen[gk.Kind+name] || find(p, gk, name) != nil {
					return
				}
				seen[gk.Kind+name] = true
				p.Report(at, "there is no %s %q: %s", gk.Kind, name, what).Fix("create it first, correct the name, or mark it optional")
			}
			for i, v := range p.Pod.Spec.Volumes {
				at := p.Pod.SpecPath().Child("volumes").Index(i)
				if v.ConfigMap != nil {
					missing(analyze.KindConfigMap, v.ConfigMap.Name, v.ConfigMap.Optional, at.Child("configMap", "name"), "FailedMount, ContainerCreating for ever")
				}
				if v.PersistentVolumeClaim != nil {
					missing(analyze.KindPVC, v.PersistentVolumeClaim.ClaimName, nil, at.Child("persistentVolumeClaim", "claimName"), "the pod stays Pending")
				}
			}
			for _, c := range p.Containers {
				const result = "CreateContainerConfigError"
				for i, e := range c.Env {
					if e.ValueFrom != nil && e.ValueFrom.ConfigMapKeyRef != nil {
						r := e.ValueFrom.ConfigMapKeyRef
						missing(analyze.KindConfigMap, r.Name, r.Optional, c.Path.Child("env").Index(i).Child("valueFrom", "configMapKeyRef", "name"), result)
					}
				}
				for i, e := range c.EnvFrom {
					if r := e.ConfigMapRef; r != nil {
						missing(analyze.KindConfigMap, r.Name, r.Optional, c.Path.Child("envFrom").Index(i).Child("configMapRef", "name"), result)
					}
				}
			}
		},
	}
}
