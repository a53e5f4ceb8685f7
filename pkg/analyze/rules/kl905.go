package rules

import (
	"reflect"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func tooNew() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL905", Name: "field-too-new",
		Title:        "this version of Kubernetes does not know the field yet",
		Severity:     analyze.Error,
		Kinds:        append(podHolders(), analyze.KindHPA),
		SkipRecorded: true,
		Partial:      true,
		Sources:      []analyze.Citation{{Text: "the API types, k8s.io/api v0.30 to v0.37, compared"}},
		Check: func(p *analyze.Pass) {
			walk(reflect.ValueOf(p.Object.API), nil, func(owner, name string, path *field.Path) {
				if since := fieldSince(owner, name); since > p.Snapshot.Version.Minor {
					d := p.Report(path, "new in Kubernetes 1.%d; this is %s", since, p.Snapshot.Version).
						Fix("leave it out, or say with --kubernetes-version what the cluster has")
					d.Container = containerAt(p, path.String())
				}
			})
		},
	}
}

// fieldSince is the minor that brought a field of the API; 0 for those that were
// always there (as far as versions are modelled).
func fieldSince(owner, name string) int {
	switch owner + "." + name {
	case "VolumeSource.image", "PodSecurityContext.supplementalGroupsPolicy", "ResourceClaim.request":
		return 31
	case "PodSecurityContext.seLinuxChangePolicy", "PodSpec.resources":
		return 32
	case "Lifecycle.stopSignal", "HPAScalingRules.tolerance":
		return 33
	case "Container.restartPolicyRules", "EphemeralContainerCommon.restartPolicyRules", "EnvVarSource.fileKeyRef",
		"PodSpec.hostnameOverride", "VolumeProjection.podCertificate":
		return 34
	case "PodSpec.workloadRef", "PodCertificateProjection.userAnnotations":
		return 35
	case "PodSpec.schedulingGroup":
		return 36
	case "PodSpec.evictionResponders", "JobSpec.scheduling", "VolumeMount.bindMountOptions", "EmptyDirVolumeSource.mode",
		"GRPCAction.mode", "HTTPGetAction.protocol", "KeyToPath.user", "DownwardAPIVolumeFile.user", "ServiceAccountTokenProjection.user",
		"ClusterTrustBundleProjection.user", "PodCertificateProjection.user", "ConfigMapVolumeSource.defaultUser",
		"SecretVolumeSource.defaultUser", "DownwardAPIVolumeSource.defaultUser", "ProjectedVolumeSource.defaultUser":
		return 37
	}
	return 0
}

// walk calls visit for each field that is set, with the name of its Go type.
func walk(v reflect.Value, path *field.Path, visit func(owner, name string, path *field.Path)) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			walk(v.Elem(), path, visit)
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 || path == nil {
			return
		}
		for i := range v.Len() {
			walk(v.Index(i), path.Index(i), visit)
		}
	case reflect.Struct:
		walkFields(v, path, visit)
	default:
	}
}

func walkFields(v reflect.Value, path *field.Path, visit func(owner, name string, path *field.Path)) {
	t := v.Type()
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !f.IsExported() || name == "metadata" || name == "status" || v.Field(i).IsZero() {
			continue
		}
		if f.Anonymous && name == "" {
			walk(v.Field(i), path, visit)
			continue
		}
		at := field.NewPath(name)
		if path != nil {
			at = path.Child(name)
		}
		visit(t.Name(), name, at)
		walk(v.Field(i), at, visit)
	}
}
