package validate

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/validate/content"
	"k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	utilvalidation "k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// A name rule says what is wrong with a name; prefix is true for generateName.
type nameRule = validation.ValidateNameFunc

// Metadata refuses names, labels, annotations, owner references and finalizers.
// kind decides the form of the name.
func Metadata(meta metav1.Object, kind string, o Options) field.ErrorList {
	var e errs
	path := field.NewPath("metadata")
	namespace, namespaced := meta.GetNamespace(), !clusterWide(kind)
	if namespaced && namespace == "" {
		namespace = "default" // the request fills it in
	}
	if !namespaced {
		namespace = "" // the request drops it
	}
	m := metav1.ObjectMeta{
		Name: meta.GetName(), GenerateName: meta.GetGenerateName(), Namespace: namespace,
		Labels: meta.GetLabels(), Annotations: meta.GetAnnotations(),
		OwnerReferences: meta.GetOwnerReferences(), Finalizers: meta.GetFinalizers(), Generation: 1,
	}
	if m.Name == "" && m.GenerateName != "" {
		m.Name = strings.TrimRight(m.GenerateName, "-") + "-x5k2q" // what the server would make of it
	}
	e.add(validation.ValidateObjectMeta(&m, namespaced, names(kind, o), path)...)
	for i, f := range m.Finalizers {
		if !strings.Contains(f, "/") && f != "" && ownFinalizers(kind) && f != metav1.FinalizerOrphanDependents && f != metav1.FinalizerDeleteDependents && f != string(corev1.FinalizerKubernetes) {
			invalid(&e, path.Child("finalizers").Index(i), f, "name is neither a standard finalizer name nor is it fully qualified")
		}
	}
	return e.list
}

// ownFinalizers are the kinds whose finalizers must have a domain
// (ValidateObjectMeta in pkg/apis/core/validation/validation.go@v1.36.3).
func ownFinalizers(kind string) bool {
	switch kind {
	case "Pod", "ReplicationController", "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job", "CronJob",
		"Service", "PersistentVolumeClaim", "ConfigMap", "Secret":
		return true
	}
	return false
}

// names is the rule for the names of a kind (pkg/apis/*/validation@v1.36.3).
func names(kind string, o Options) nameRule {
	switch kind {
	case "StatefulSet", "Namespace":
		return validation.NameIsDNSLabel
	case "Service":
		if o.AnyServiceName {
			return validation.NameIsDNSLabel
		}
		return validation.NameIsDNS1035Label
	case "PodDisruptionBudget": // only what every name must be (BeforeCreate of the registry)
		return func(name string, _ bool) []string { return content.IsPathSegmentName(name) }
	case "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding":
		return func(string, bool) []string { return nil }
	}
	return validation.NameIsDNSSubdomain
}

// clusterWide says whether objects of a built-in kind have no namespace.
func clusterWide(kind string) bool {
	switch kind {
	case "Namespace", "Node", "PersistentVolume", "StorageClass", "ClusterRole", "ClusterRoleBinding", "PriorityClass",
		"CustomResourceDefinition", "IngressClass", "CSIDriver", "CSINode", "RuntimeClass", "APIService", "VolumeAttachment",
		"MutatingWebhookConfiguration", "ValidatingWebhookConfiguration", "ValidatingAdmissionPolicy",
		"ValidatingAdmissionPolicyBinding", "MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding", "FlowSchema",
		"PriorityLevelConfiguration", "CertificateSigningRequest", "VolumeAttributesClass", "ClusterTrustBundle",
		"DeviceClass", "ResourceSlice", "IPAddress", "ServiceCIDR":
		return true
	}
	return false
}

// podAnnotations refuses annotations of pods that the API reads.
func podAnnotations(e *errs, p *field.Path, annotations map[string]string, spec *corev1.PodSpec) {
	if v, ok := annotations[corev1.MirrorPodAnnotationKey]; ok && spec.NodeName == "" {
		invalid(e, p.Key(corev1.MirrorPodAnnotationKey), v, "must set spec.nodeName if mirror pod annotation is set")
	}
	if v, ok := annotations[corev1.PodDeletionCost]; ok && !validCost(v) {
		invalid(e, p.Key(corev1.PodDeletionCost), v, "must be a 32bit integer")
	}
}

// validCost accepts a 32-bit integer without plus sign or leading zeroes
// (pkg/apis/core/helper/helpers.go@v1.36.3).
func validCost(v string) bool {
	if v == "0" {
		return true
	}
	digits := strings.TrimPrefix(v, "-")
	if digits == "" || digits[0] == '0' || len(digits) > 10 {
		return false
	}
	var n int64
	for _, r := range digits {
		if r < '0' || r > '9' {
			return false
		}
		n = n*10 + int64(r-'0')
	}
	if v[0] == '-' {
		return n <= 1<<31
	}
	return n < 1<<31
}

// templateMeta refuses labels and annotations of a pod template. The API names
// them without "metadata".
func templateMeta(e *errs, p *field.Path, meta *metav1.ObjectMeta, spec *corev1.PodSpec) {
	e.labels(p.Child("labels"), meta.Labels)
	e.add(validation.ValidateAnnotations(meta.Annotations, p.Child("annotations"))...)
	podAnnotations(e, p.Child("annotations"), meta.Annotations, spec)
}

// nodeName refuses what cannot name a node.
func nodeName(name string) []string { return utilvalidation.IsDNS1123Subdomain(name) }
