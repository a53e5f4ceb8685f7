package load

import (
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// A kind is an API kind and the ways to name it.
type kind struct {
	schema.GroupKind
	version     string
	resource    string // plural, lower case
	short       string // space separated
	clusterWide bool
	// custom kinds have no Go type and are read as JSON.
	custom bool
}

// knownKinds are the built-in kinds that users may name or questions need. A
// server lists its built-in groups before all others, so a word found here
// means the same as it means to kubectl, without asking for discovery.
func knownKinds() []kind {
	return []kind{
		{GroupKind: analyze.KindPod, version: "v1", resource: "pods", short: "po"},
		{GroupKind: analyze.KindDeployment, version: "v1", resource: "deployments", short: "deploy"},
		{GroupKind: analyze.KindReplicaSet, version: "v1", resource: "replicasets", short: "rs"},
		{GroupKind: analyze.KindStatefulSet, version: "v1", resource: "statefulsets", short: "sts"},
		{GroupKind: analyze.KindDaemonSet, version: "v1", resource: "daemonsets", short: "ds"},
		{GroupKind: analyze.KindJob, version: "v1", resource: "jobs"},
		{GroupKind: analyze.KindCronJob, version: "v1", resource: "cronjobs", short: "cj"},
		{GroupKind: analyze.KindRC, version: "v1", resource: "replicationcontrollers", short: "rc"},
		{GroupKind: analyze.KindNode, version: "v1", resource: "nodes", short: "no", clusterWide: true},
		{GroupKind: analyze.KindPDB, version: "v1", resource: "poddisruptionbudgets", short: "pdb"},
		{GroupKind: analyze.KindEvent, version: "v1", resource: "events", short: "ev"},
		{GroupKind: analyze.KindService, version: "v1", resource: "services", short: "svc"},
		{GroupKind: analyze.KindEndpoints, version: "v1", resource: "endpointslices"},
		{GroupKind: analyze.KindHPA, version: "v2", resource: "horizontalpodautoscalers", short: "hpa"},
		{GroupKind: analyze.KindPVC, version: "v1", resource: "persistentvolumeclaims", short: "pvc"},
		{GroupKind: analyze.KindPV, version: "v1", resource: "persistentvolumes", short: "pv", clusterWide: true},
		{GroupKind: analyze.KindStorage, version: "v1", resource: "storageclasses", short: "sc", clusterWide: true},
		{GroupKind: analyze.KindQuota, version: "v1", resource: "resourcequotas", short: "quota"},
		{GroupKind: analyze.KindPriority, version: "v1", resource: "priorityclasses", short: "pc", clusterWide: true},
		{GroupKind: analyze.KindNamespace, version: "v1", resource: "namespaces", short: "ns", clusterWide: true},
		{GroupKind: analyze.KindConfigMap, version: "v1", resource: "configmaps", short: "cm"},
		{GroupKind: kindSecret, version: "v1", resource: "secrets"},
		{GroupKind: schema.GroupKind{Kind: "PodTemplate"}, version: "v1", resource: "podtemplates"},
		{GroupKind: schema.GroupKind{Kind: "LimitRange"}, version: "v1", resource: "limitranges", short: "limits"},
		{GroupKind: schema.GroupKind{Kind: "ServiceAccount"}, version: "v1", resource: "serviceaccounts", short: "sa"},
		{GroupKind: schema.GroupKind{Group: "networking.k8s.io", Kind: "Ingress"}, version: "v1", resource: "ingresses", short: "ing"},
	}
}

var kindSecret = schema.GroupKind{Kind: "Secret"}

// workloadKinds are the kinds that own pods, directly or not, without Pod.
func workloadKinds() []schema.GroupKind {
	return []schema.GroupKind{
		analyze.KindDeployment, analyze.KindReplicaSet, analyze.KindStatefulSet, analyze.KindDaemonSet,
		analyze.KindJob, analyze.KindCronJob, analyze.KindRC,
	}
}

func isWorkload(gk schema.GroupKind) bool {
	for _, w := range workloadKinds() {
		if w == gk {
			return true
		}
	}
	return false
}

// kindOf finds a known kind; ok is false for custom ones.
func kindOf(gk schema.GroupKind) (kind, bool) {
	for _, k := range knownKinds() {
		if k.GroupKind == gk {
			return k, true
		}
	}
	return kind{}, false
}

// knownKind finds the kind that a word such as "po", "pods", "Deployment",
// "deployments.apps" or "deployments.v1.apps" names.
func knownKind(word string) (kind, bool) {
	for _, k := range knownKinds() {
		if k.named(word) {
			return k, true
		}
	}
	return kind{}, false
}

func (k kind) named(word string) bool {
	name, group, qualified := strings.Cut(strings.ToLower(word), ".")
	versioned := strings.TrimSuffix(k.version+"."+k.Group, ".")
	if qualified && group != k.Group && group != versioned {
		return false
	}
	if name == k.resource || name == strings.ToLower(k.Kind) {
		return true
	}
	for _, short := range strings.Fields(k.short) {
		if name == short {
			return true
		}
	}
	return false
}

// customKind guesses the names of a kind that only the input knows.
func customKind(gvk schema.GroupVersionKind) kind {
	plural, _ := meta.UnsafeGuessKindToResource(gvk)
	return kind{GroupKind: gvk.GroupKind(), version: gvk.Version, resource: plural.Resource, custom: true}
}

// String is the resource as kubectl writes it: "poddisruptionbudgets.policy".
func (k kind) String() string {
	if k.Group == "" {
		return k.resource
	}
	return k.resource + "." + k.Group
}

// singular is the word for one: "pod", "deployment.apps".
func (k kind) singular() string { return strings.ToLower(k.Kind) }

func (k kind) groupVersion() schema.GroupVersion {
	return schema.GroupVersion{Group: k.Group, Version: k.version}
}

func (k kind) gvk() schema.GroupVersionKind { return k.WithVersion(k.version) }
