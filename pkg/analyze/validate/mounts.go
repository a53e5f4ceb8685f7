package validate

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func (e *errs) mounts(c analyze.Container, volumes map[string]*corev1.VolumeSource) {
	taken := map[string]bool{}
	for i, m := range c.VolumeMounts {
		p := c.Path.Child("volumeMounts").Index(i)
		if m.Name == "" {
			e.required(p.Child("name"), "")
		}
		if volumes[m.Name] == nil {
			e.notFound(p.Child("name"), m.Name)
		}
		if m.MountPath == "" {
			e.required(p.Child("mountPath"), "")
		}
		if taken[m.MountPath] {
			invalid(e, p.Child("mountPath"), m.MountPath, "must be unique")
		}
		taken[m.MountPath] = true
		for _, d := range c.VolumeDevices {
			if d.Name == m.Name {
				invalid(e, p.Child("name"), m.Name, "must not already exist in volumeDevices")
			}
		}
		if m.SubPath != "" {
			e.relative(p.Child("subPath"), m.SubPath)
		}
		if m.SubPathExpr != "" {
			if m.SubPath != "" {
				invalid(e, p.Child("subPathExpr"), m.SubPathExpr, "subPathExpr and subPath are mutually exclusive")
			}
			e.relative(p.Child("subPathExpr"), m.SubPathExpr)
		}
		e.propagation(p, m, c)
	}
}

func (e *errs) propagation(p *field.Path, m corev1.VolumeMount, c analyze.Container) {
	if m.MountPropagation != nil {
		at := p.Child("mountPropagation")
		oneOf(e, at, *m.MountPropagation, corev1.MountPropagationBidirectional, corev1.MountPropagationHostToContainer, corev1.MountPropagationNone)
		privileged := c.SecurityContext != nil && c.SecurityContext.Privileged != nil && *c.SecurityContext.Privileged
		if *m.MountPropagation == corev1.MountPropagationBidirectional && !privileged {
			e.forbidden(at, "Bidirectional mount propagation is available only to privileged containers")
		}
	}
	if m.RecursiveReadOnly == nil || *m.RecursiveReadOnly == corev1.RecursiveReadOnlyDisabled {
		return
	}
	at := p.Child("recursiveReadOnly")
	oneOf(e, at, *m.RecursiveReadOnly, corev1.RecursiveReadOnlyDisabled, corev1.RecursiveReadOnlyEnabled, corev1.RecursiveReadOnlyIfPossible)
	if !m.ReadOnly {
		e.forbidden(at, "may only be specified when readOnly is true")
	}
}

func (e *errs) devices(c analyze.Container, volumes map[string]*corev1.VolumeSource) {
	names, paths := map[string]bool{}, map[string]bool{}
	for i, d := range c.VolumeDevices {
		p := c.Path.Child("volumeDevices").Index(i)
		v := volumes[d.Name]
		switch {
		case d.Name == "":
			e.required(p.Child("name"), "")
		case names[d.Name]:
			invalid(e, p.Child("name"), d.Name, "must be unique")
		case v == nil:
			e.notFound(p.Child("name"), d.Name)
		case v.PersistentVolumeClaim == nil && v.Ephemeral == nil:
			invalid(e, p.Child("name"), d.Name, "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode")
		}
		switch {
		case d.DevicePath == "":
			e.required(p.Child("devicePath"), "")
		case paths[d.DevicePath]:
			invalid(e, p.Child("devicePath"), d.DevicePath, "must be unique")
		}
		names[d.Name], paths[d.DevicePath] = true, true
	}
}
