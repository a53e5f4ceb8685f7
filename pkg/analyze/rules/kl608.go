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
		Applies:  func(p *analyze.Pass) bool { return len(references(p)) > 0 },
		Check: func(p *analyze.Pass) {
			seen := map[string]bool{}
			for _, r := range references(p) {
				if seen[r.kind.Kind+r.name] || p.Find(r.kind, r.name) != nil {
					continue
				}
				seen[r.kind.Kind+r.name] = true
				p.Report(r.at, "there is no %s %q: %s", r.kind.Kind, r.name, r.without).Fix("create it first, correct the name, or mark it optional")
			}
		},
	}
}

// A reference is an object that a pod cannot start without.
type reference struct {
	kind    schema.GroupKind
	name    string
	at      *field.Path
	without string // what happens if it is missing
}

// references lists the ConfigMaps and claims that the pod needs.
func references(p *analyze.Pass) []reference {
	var out []reference
	add := func(kind schema.GroupKind, name string, optional *bool, at *field.Path, without string) {
		if name != "" && name != "kube-root-ca.crt" && (optional == nil || !*optional) {
			out = append(out, reference{kind, name, at, without})
		}
	}
	for i, v := range p.Pod.Spec.Volumes {
		at := p.Pod.SpecPath().Child("volumes").Index(i)
		if v.ConfigMap != nil {
			add(analyze.KindConfigMap, v.ConfigMap.Name, v.ConfigMap.Optional, at.Child("configMap", "name"), "FailedMount, ContainerCreating for ever")
		}
		if v.PersistentVolumeClaim != nil {
			add(analyze.KindPVC, v.PersistentVolumeClaim.ClaimName, nil, at.Child("persistentVolumeClaim", "claimName"), "the pod stays Pending")
		}
	}
	for _, c := range p.Containers {
		const result = "CreateContainerConfigError"
		for i, e := range c.Env {
			if e.ValueFrom != nil && e.ValueFrom.ConfigMapKeyRef != nil {
				r := e.ValueFrom.ConfigMapKeyRef
				add(analyze.KindConfigMap, r.Name, r.Optional, c.Path.Child("env").Index(i).Child("valueFrom", "configMapKeyRef", "name"), result)
			}
		}
		for i, e := range c.EnvFrom {
			if r := e.ConfigMapRef; r != nil {
				add(analyze.KindConfigMap, r.Name, r.Optional, c.Path.Child("envFrom").Index(i).Child("configMapRef", "name"), result)
			}
		}
	}
	return out
}
