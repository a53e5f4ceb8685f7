package rules

import (
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
			problems(p, "unknown-kind", "check apiVersion and kind: `kubectl api-resources` lists what there is")
			removed, use := removedIn(p.Object.APIVersion, p.Object.Kind)
			if removed == 0 || !p.Snapshot.Version.AtLeast(removed) {
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

// removedIn tells the minor that no longer serves the version of a built-in
// kind, and the version to use; 0 if it is served.
func removedIn(apiVersion, kind string) (minor int, use string) {
	switch apiVersion {
	case "extensions/v1beta1":
		switch kind {
		case "Deployment", "DaemonSet", "ReplicaSet":
			return 16, "apps/v1"
		case "Ingress":
			return 22, "networking.k8s.io/v1"
		case "NetworkPolicy":
			return 16, "networking.k8s.io/v1"
		case "PodSecurityPolicy":
			return 16, ""
		}
	case "apps/v1beta1", "apps/v1beta2":
		return 16, "apps/v1"
	case "policy/v1beta1":
		if kind == "PodSecurityPolicy" {
			return 25, ""
		}
		return 25, "policy/v1"
	case "batch/v1beta1":
		return 25, "batch/v1"
	case "batch/v2alpha1":
		return 21, "batch/v1"
	case "autoscaling/v2beta1":
		return 25, "autoscaling/v2"
	case "autoscaling/v2beta2":
		return 26, "autoscaling/v2"
	case "networking.k8s.io/v1beta1":
		if kind == "Ingress" || kind == "IngressClass" {
			return 22, "networking.k8s.io/v1"
		}
	}
	return removedElsewhere(apiVersion, kind)
}

func removedElsewhere(apiVersion, kind string) (minor int, use string) {
	switch apiVersion {
	case "rbac.authorization.k8s.io/v1beta1", "rbac.authorization.k8s.io/v1alpha1":
		return 22, "rbac.authorization.k8s.io/v1"
	case "apiextensions.k8s.io/v1beta1":
		return 22, "apiextensions.k8s.io/v1"
	case "admissionregistration.k8s.io/v1beta1":
		if kind == "MutatingWebhookConfiguration" || kind == "ValidatingWebhookConfiguration" {
			return 22, "admissionregistration.k8s.io/v1"
		}
	case "scheduling.k8s.io/v1beta1":
		return 22, "scheduling.k8s.io/v1"
	case "apiregistration.k8s.io/v1beta1":
		return 22, "apiregistration.k8s.io/v1"
	case "coordination.k8s.io/v1beta1":
		if kind == "Lease" {
			return 22, "coordination.k8s.io/v1"
		}
	case "discovery.k8s.io/v1beta1":
		return 25, "discovery.k8s.io/v1"
	case "events.k8s.io/v1beta1":
		return 25, "events.k8s.io/v1"
	case "node.k8s.io/v1beta1":
		return 25, "node.k8s.io/v1"
	}
	return 0, ""
}
