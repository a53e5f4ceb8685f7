package validate

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Claim refuses a persistent volume claim.
func Claim(c *corev1.PersistentVolumeClaim) field.ErrorList {
	var e errs
	e.claim(field.NewPath("spec"), &c.Spec)
	return e.list
}

func (e *errs) claim(p *field.Path, s *corev1.PersistentVolumeClaimSpec) {
	if len(s.AccessModes) == 0 {
		e.required(p.Child("accessModes"), "at least 1 access mode is required")
	}
	once, other := false, false
	for _, m := range s.AccessModes {
		oneOf(e, p.Child("accessModes"), m, corev1.ReadOnlyMany, corev1.ReadWriteMany, corev1.ReadWriteOnce, corev1.ReadWriteOncePod)
		once = once || m == corev1.ReadWriteOncePod
		other = other || m != corev1.ReadWriteOncePod
	}
	if once && other {
		e.forbidden(p.Child("accessModes"), "may not use ReadWriteOncePod with other access modes")
	}
	if s.Selector != nil {
		e.selector(p.Child("selector"), s.Selector)
	}
	storage := p.Child("resources").Key(string(corev1.ResourceStorage))
	q, ok := s.Resources.Requests[corev1.ResourceStorage]
	switch {
	case !ok:
		e.required(storage, "")
	case q.Sign() <= 0:
		invalid(e, storage, q.String(), "must be greater than zero")
	}
	optionalPtr(e, p.Child("volumeMode"), s.VolumeMode, corev1.PersistentVolumeBlock, corev1.PersistentVolumeFilesystem)
	e.claimNames(p, s)
}

// claimNames refuses the names of other objects.
func (e *errs) claimNames(p *field.Path, s *corev1.PersistentVolumeClaimSpec) {
	if d := s.DataSource; d != nil && d.Name == "" {
		e.required(p.Child("dataSource", "name"), "")
	}
	if s.VolumeAttributesClassName != nil && *s.VolumeAttributesClassName != "" {
		e.subdomain(p.Child("volumeAttributesClassName"), *s.VolumeAttributesClassName)
	}
	if s.StorageClassName != nil && *s.StorageClassName != "" {
		e.subdomain(p.Child("storageClassName"), *s.StorageClassName)
	}
}
