package rules

import (
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func removedAPI() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL904", Name: "removed-api",
		Title:    "the API server does not serve this kind in this version",
		Severity: analyze.Error,
		Partial:  true,
		Sources:  []analyze.Citation{page("reference/using-api/deprecation-guide/")},
		Check: func(p *analyze.Pass) {
			removed, use := removedIn(p.Object.APIVersion, p.Object.Kind)
			if removed == 0 || !p.Snapshot.Version.AtLeast(removed) {
				problems(p, "unknown-kind", "check apiVersion and kind: `kubectl api-resources` lists what there is")
				return
			}
			d := p.Report(field.NewPath("apiVersion"), "%s %s was removed in Kubernetes 1.%d", p.Object.APIVersion, p.Object.Kind, removed)
			if use == "" {
				d.Fix("there is no successor with the same fields")
				return
			}
			d.Fix("write apiVersion: %s, and check the fields that changed", use)
		},
	}
}

// A removal is a minor that no longer serves a version of a built-in kind, and
// the version to use.
type removal struct {
	minor int
	use   string
}

// removedIn looks the version up: with the kind first, then for all kinds of it.
// The minor is 0 for what is served.
func removedIn(apiVersion, kind string) (minor int, use string) {
	if !strings.Contains(apiVersion, "beta") && !strings.Contains(apiVersion, "alpha") {
		return 0, ""
	}
	r, ok := removals()[apiVersion+" "+kind]
	if !ok {
		r = removals()[apiVersion]
	}
	return r.minor, r.use
}

func removals() map[string]removal {
	const apps, net, admission = "apps/v1", "networking.k8s.io/v1", "admissionregistration.k8s.io/v1"
	return map[string]removal{
		"extensions/v1beta1 Deployment":          {16, apps},
		"extensions/v1beta1 DaemonSet":           {16, apps},
		"extensions/v1beta1 ReplicaSet":          {16, apps},
		"extensions/v1beta1 NetworkPolicy":       {16, net},
		"extensions/v1beta1 PodSecurityPolicy":   {16, ""},
		"extensions/v1beta1 Ingress":             {22, net},
		"apps/v1beta1":                           {16, apps},
		"apps/v1beta2":                           {16, apps},
		"policy/v1beta1":                         {25, "policy/v1"},
		"policy/v1beta1 PodSecurityPolicy":       {25, ""},
		"batch/v1beta1":                          {25, "batch/v1"},
		"batch/v2alpha1":                         {21, "batch/v1"},
		"autoscaling/v2beta1":                    {25, "autoscaling/v2"},
		"autoscaling/v2beta2":                    {26, "autoscaling/v2"},
		"networking.k8s.io/v1beta1 Ingress":      {22, net},
		"networking.k8s.io/v1beta1 IngressClass": {22, net},
		"rbac.authorization.k8s.io/v1beta1":      {22, "rbac.authorization.k8s.io/v1"},
		"rbac.authorization.k8s.io/v1alpha1":     {22, "rbac.authorization.k8s.io/v1"},
		"apiextensions.k8s.io/v1beta1":           {22, "apiextensions.k8s.io/v1"},
		"admissionregistration.k8s.io/v1beta1 MutatingWebhookConfiguration":   {22, admission},
		"admissionregistration.k8s.io/v1beta1 ValidatingWebhookConfiguration": {22, admission},
		"scheduling.k8s.io/v1beta1":         {22, "scheduling.k8s.io/v1"},
		"apiregistration.k8s.io/v1beta1":    {22, "apiregistration.k8s.io/v1"},
		"coordination.k8s.io/v1beta1 Lease": {22, "coordination.k8s.io/v1"},
		"discovery.k8s.io/v1beta1":          {25, "discovery.k8s.io/v1"},
		"events.k8s.io/v1beta1":             {25, "events.k8s.io/v1"},
		"node.k8s.io/v1beta1":               {25, "node.k8s.io/v1"},
	}
}
