package validate

import (
	"slices"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// env refuses environment variables: names, and where their values come from.
func (e *errs) env(c analyze.Container, o Options) {
	for i, v := range c.Env {
		p := c.Path.Child("env").Index(i)
		if v.Name == "" {
			e.required(p.Child("name"), "")
		} else {
			invalid(e, p.Child("name"), v.Name, envName(v.Name, o)...)
		}
		if v.ValueFrom != nil {
			e.valueFrom(p.Child("valueFrom"), v)
		}
	}
	for i, v := range c.EnvFrom {
		p := c.Path.Child("envFrom").Index(i)
		if v.Prefix != "" {
			invalid(e, p.Child("prefix"), v.Prefix, envName(v.Prefix, o)...)
		}
		switch {
		case v.ConfigMapRef == nil && v.SecretRef == nil:
			invalid(e, c.Path.Child("envFrom"), "", "must specify one of: `configMapRef` or `secretRef`")
		case v.ConfigMapRef != nil && v.SecretRef != nil:
			invalid(e, c.Path.Child("envFrom"), "", "may not have more than one field specified at a time")
		}
		if v.ConfigMapRef != nil {
			e.refName(p.Child("configMapRef", "name"), v.ConfigMapRef.Name)
		}
		if v.SecretRef != nil {
			e.refName(p.Child("secretRef", "name"), v.SecretRef.Name)
		}
	}
}

func envName(name string, o Options) []string {
	if o.AnyEnvName {
		return validation.IsRelaxedEnvVarName(name)
	}
	return validation.IsEnvVarName(name)
}

func (e *errs) refName(p *field.Path, name string) {
	if name == "" {
		e.required(p, "")
		return
	}
	e.subdomain(p, strings.TrimSuffix(name, "-"))
}

func (e *errs) valueFrom(p *field.Path, v corev1.EnvVar) {
	from, n := v.ValueFrom, 0
	if from.FieldRef != nil {
		n++
		e.fieldRef(p.Child("fieldRef"), from.FieldRef, envFields())
	}
	if from.ResourceFieldRef != nil {
		n++
		e.resourceRef(p.Child("resourceFieldRef"), from.ResourceFieldRef, false)
	}
	if r := from.ConfigMapKeyRef; r != nil {
		n++
		e.keyRef(p.Child("configMapKeyRef"), r.Name, r.Key)
	}
	if r := from.SecretKeyRef; r != nil {
		n++
		e.keyRef(p.Child("secretKeyRef"), r.Name, r.Key)
	}
	if from.FileKeyRef != nil {
		n++
	}
	switch {
	case n == 0:
		invalid(e, p, "", "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`")
	case v.Value != "":
		invalid(e, p, "", "may not be specified when `value` is not empty")
	case n > 1:
		invalid(e, p, "", "may not have more than one field specified at a time")
	}
}

func (e *errs) keyRef(p *field.Path, name, key string) {
	invalid(e, p.Child("name"), name, validation.IsDNS1123Subdomain(name)...)
	if key == "" {
		e.required(p.Child("key"), "")
		return
	}
	invalid(e, p.Child("key"), key, validation.IsConfigMapKey(key)...)
}

// envFields are the fields of a pod that an environment variable may show,
// volumeFields those that a file of a downward API volume may.
func envFields() []string {
	return []string{
		"metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName",
		"status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs", "spec.host",
	}
}

func volumeFields() []string {
	return []string{"metadata.name", "metadata.namespace", "metadata.labels", "metadata.annotations", "metadata.uid"}
}

func (e *errs) fieldRef(p *field.Path, r *corev1.ObjectFieldSelector, allowed []string) {
	switch {
	case r.FieldPath == "":
		e.required(p.Child("fieldPath"), "")
		return
	case r.APIVersion != "" && r.APIVersion != "v1":
		invalid(e, p.Child("fieldPath"), r.FieldPath, "error converting fieldPath: unsupported pod version: "+r.APIVersion)
		return
	}
	if i := strings.Index(r.FieldPath, "['"); i > 0 && strings.HasSuffix(r.FieldPath, "']") {
		key := r.FieldPath[i+2 : len(r.FieldPath)-2]
		switch r.FieldPath[:i] {
		case "metadata.annotations":
			e.qualified(p, strings.ToLower(key))
		case "metadata.labels":
			e.qualified(p, key)
		default:
			invalid(e, p.Child("fieldPath"), r.FieldPath, "does not support subscript")
		}
		return
	}
	if !slices.Contains(allowed, r.FieldPath) {
		e.add(field.NotSupported(p.Child("fieldPath"), r.FieldPath, allowed))
	}
}

func (e *errs) resourceRef(p *field.Path, r *corev1.ResourceFieldSelector, volume bool) {
	allowed := []string{
		"limits.cpu", "limits.memory", "limits.ephemeral-storage",
		"requests.cpu", "requests.memory", "requests.ephemeral-storage",
	}
	huge := strings.HasPrefix(r.Resource, "requests.hugepages-") || strings.HasPrefix(r.Resource, "limits.hugepages-")
	switch {
	case volume && r.ContainerName == "":
		e.required(p.Child("containerName"), "")
	case r.Resource == "":
		e.required(p.Child("resource"), "")
	case !huge && !slices.Contains(allowed, r.Resource):
		e.add(field.NotSupported(p.Child("resource"), r.Resource, allowed))
	}
	if r.Divisor.IsZero() {
		return
	}
	divisors := []string{"1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"}
	if strings.HasSuffix(r.Resource, ".cpu") {
		divisors = []string{"1m", "1"}
	}
	if d := r.Divisor.String(); (huge || slices.Contains(allowed, r.Resource)) && !slices.Contains(divisors, d) {
		invalid(e, p.Child("divisor"), d, "only the divisors "+strings.Join(divisors, ", ")+" are supported with this resource")
	}
}
