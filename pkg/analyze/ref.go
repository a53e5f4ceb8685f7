package analyze

import (
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
)

// A Ref names one API object. UID is empty for objects that no server has seen.
type Ref struct {
	APIVersion string    `json:"apiVersion"`
	Kind       string    `json:"kind"`
	Namespace  string    `json:"namespace,omitempty"`
	Name       string    `json:"name"`
	UID        types.UID `json:"uid,omitempty"`
}

// GroupKind is the kind without its version; "Deployment" of extensions/v1beta1
// and of apps/v1 differ in their group.
func (r Ref) GroupKind() schema.GroupKind {
	gv, err := schema.ParseGroupVersion(r.APIVersion)
	if err != nil {
		return schema.GroupKind{Kind: r.Kind}
	}
	return schema.GroupKind{Group: gv.Group, Kind: r.Kind}
}

// String is how kubectl users write the object: "deployment/web".
func (r Ref) String() string { return strings.ToLower(r.Kind) + "/" + r.Name }

// Same says whether two refs name the same object of the same incarnation: equal
// kind, namespace and name, and equal UIDs where both have one (C2).
func (r Ref) Same(o Ref) bool {
	return r.GroupKind() == o.GroupKind() && r.Namespace == o.Namespace && r.Name == o.Name &&
		(r.UID == "" || o.UID == "" || r.UID == o.UID)
}

// The kinds that the engines know by name.
var (
	KindPod         = schema.GroupKind{Kind: "Pod"}
	KindNode        = schema.GroupKind{Kind: "Node"}
	KindEvent       = schema.GroupKind{Kind: "Event"}
	KindService     = schema.GroupKind{Kind: "Service"}
	KindConfigMap   = schema.GroupKind{Kind: "ConfigMap"}
	KindPVC         = schema.GroupKind{Kind: "PersistentVolumeClaim"}
	KindPV          = schema.GroupKind{Kind: "PersistentVolume"}
	KindQuota       = schema.GroupKind{Kind: "ResourceQuota"}
	KindNamespace   = schema.GroupKind{Kind: "Namespace"}
	KindRC          = schema.GroupKind{Kind: "ReplicationController"}
	KindDeployment  = schema.GroupKind{Group: "apps", Kind: "Deployment"}
	KindReplicaSet  = schema.GroupKind{Group: "apps", Kind: "ReplicaSet"}
	KindStatefulSet = schema.GroupKind{Group: "apps", Kind: "StatefulSet"}
	KindDaemonSet   = schema.GroupKind{Group: "apps", Kind: "DaemonSet"}
	KindJob         = schema.GroupKind{Group: "batch", Kind: "Job"}
	KindCronJob     = schema.GroupKind{Group: "batch", Kind: "CronJob"}
	KindPDB         = schema.GroupKind{Group: "policy", Kind: "PodDisruptionBudget"}
	KindHPA         = schema.GroupKind{Group: "autoscaling", Kind: "HorizontalPodAutoscaler"}
	KindEndpoints   = schema.GroupKind{Group: "discovery.k8s.io", Kind: "EndpointSlice"}
	KindPriority    = schema.GroupKind{Group: "scheduling.k8s.io", Kind: "PriorityClass"}
	KindStorage     = schema.GroupKind{Group: "storage.k8s.io", Kind: "StorageClass"}
)
