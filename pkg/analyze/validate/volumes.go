package validate

import (
	"cmp"
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

const badMode = "must be a number between 0 and 0777 (octal), both inclusive"

// Volumes refuses the volumes of a pod and how its containers mount them.
// claims are the names of a StatefulSet's volume claim templates, which take the
// place of volumes of the same name.
func Volumes(t analyze.PodTemplate, inPod bool, claims []string) field.ErrorList {
	var e errs
	usable := map[string]*corev1.VolumeSource{}
	for _, name := range claims {
		usable[name] = &corev1.VolumeSource{PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: name}}
	}
	for i := range t.Spec.Volumes {
		v := &t.Spec.Volumes[i]
		if slices.Contains(claims, v.Name) {
			continue
		}
		p := t.SpecPath().Child("volumes").Index(i)
		before := len(e.list)
		e.volume(p, v, inPod)
		if v.Name == "" {
			e.required(p.Child("name"), "")
		} else {
			e.label1123(p.Child("name"), v.Name)
		}
		if usable[v.Name] != nil {
			e.duplicate(p.Child("name"), v.Name)
		}
		if len(e.list) == before {
			usable[v.Name] = &v.VolumeSource
		}
	}
	for _, c := range t.Containers() {
		if c.Type == analyze.EphemeralContainer {
			continue
		}
		e.mounts(c, usable)
		e.devices(c, usable)
	}
	return e.list
}

// volume refuses several sources in one volume and what is wrong with the usual
// ones. No source at all means emptyDir (C435).
func (e *errs) volume(p *field.Path, v *corev1.Volume, inPod bool) {
	s := &v.VolumeSource
	written := sources(s)
	for _, name := range written[min(1, len(written)):] {
		if name == "downwardAPI" {
			name = "downwarAPI" // as the server spells it
		}
		e.forbidden(p.Child(name), "may not specify more than 1 volume type")
	}
	if len(written) > 1 { // the server looks at the first one only
		s = only(s, written[0])
	}
	switch {
	case s.EmptyDir != nil:
		if q := s.EmptyDir.SizeLimit; q != nil && q.Sign() < 0 {
			e.forbidden(p.Child("emptyDir", "sizeLimit"), "SizeLimit field must be a valid resource quantity")
		}
	case s.HostPath != nil:
		e.hostPath(p.Child("hostPath"), s.HostPath)
	case s.Secret != nil:
		e.requiredName(p.Child("secret", "secretName"), s.Secret.SecretName)
		e.mode(p.Child("secret", "defaultMode"), s.Secret.DefaultMode)
		e.items(p.Child("secret", "items"), s.Secret.Items)
	case s.ConfigMap != nil:
		e.requiredName(p.Child("configMap", "name"), s.ConfigMap.Name)
		e.mode(p.Child("configMap", "defaultMode"), s.ConfigMap.DefaultMode)
		e.items(p.Child("configMap", "items"), s.ConfigMap.Items)
	case s.PersistentVolumeClaim != nil:
		e.requiredName(p.Child("persistentVolumeClaim", "claimName"), s.PersistentVolumeClaim.ClaimName)
	default:
		e.otherVolume(p, s, inPod)
	}
}

func (e *errs) otherVolume(p *field.Path, s *corev1.VolumeSource, inPod bool) {
	switch {
	case s.NFS != nil:
		e.nfs(p.Child("nfs"), s.NFS)
	case s.DownwardAPI != nil:
		e.mode(p.Child("downwardAPI", "defaultMode"), s.DownwardAPI.DefaultMode)
		for _, f := range s.DownwardAPI.Items {
			e.downward(p.Child("downwardAPI"), f)
		}
	case s.Projected != nil:
		e.projected(p.Child("projected"), s.Projected)
	case s.CSI != nil:
		e.requiredName(p.Child("csi", "driver"), s.CSI.Driver)
		if s.CSI.Driver != "" {
			e.subdomain(p.Child("csi", "driver"), strings.ToLower(s.CSI.Driver))
		}
		if r := s.CSI.NodePublishSecretRef; r != nil {
			e.requiredName(p.Child("csi", "nodePublishSecretRef", "name"), r.Name)
		}
	case s.Ephemeral != nil:
		if s.Ephemeral.VolumeClaimTemplate == nil {
			e.required(p.Child("ephemeral", "volumeClaimTemplate"), "")
			return
		}
		e.claim(p.Child("ephemeral", "volumeClaimTemplate", "spec"), &s.Ephemeral.VolumeClaimTemplate.Spec)
	case s.Image != nil && inPod:
		e.requiredName(p.Child("image", "reference"), s.Image.Reference)
		optional(e, p.Child("image", "pullPolicy"), s.Image.PullPolicy, corev1.PullAlways, corev1.PullIfNotPresent, corev1.PullNever)
	}
}

func (e *errs) hostPath(p *field.Path, s *corev1.HostPathVolumeSource) {
	if s.Path == "" {
		e.required(p.Child("path"), "")
		return
	}
	e.noBacksteps(p.Child("path"), s.Path)
	optionalPtr(e, p.Child("type"), s.Type, corev1.HostPathUnset, corev1.HostPathDirectoryOrCreate, corev1.HostPathDirectory,
		corev1.HostPathFileOrCreate, corev1.HostPathFile, corev1.HostPathSocket, corev1.HostPathCharDev, corev1.HostPathBlockDev)
}

// sources names the sources that are written, in the order in which the server
// looks at them.
func sources(s *corev1.VolumeSource) []string {
	var out []string
	v := reflect.ValueOf(*s)
	for i := range v.NumField() {
		if !v.Field(i).IsNil() {
			name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
			out = append(out, name)
		}
	}
	order := []string{
		"emptyDir", "hostPath", "gitRepo", "gcePersistentDisk", "awsElasticBlockStore", "secret", "nfs", "iscsi", "glusterfs", "flocker",
		"persistentVolumeClaim", "rbd", "cinder", "cephfs", "quobyte", "downwardAPI", "fc", "flexVolume", "configMap",
	}
	slices.SortStableFunc(out, func(a, b string) int {
		i, j := slices.Index(order, a), slices.Index(order, b)
		if i < 0 || j < 0 {
			return cmp.Compare(uint(i), uint(j)) // -1 comes last
		}
		return cmp.Compare(i, j)
	})
	return out
}

// only is the source without all others than the named one.
func only(s *corev1.VolumeSource, name string) *corev1.VolumeSource {
	out := *s
	v := reflect.ValueOf(&out).Elem()
	for i := range v.NumField() {
		if tag, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ","); tag != name {
			v.Field(i).SetZero()
		}
	}
	return &out
}

func (e *errs) requiredName(p *field.Path, name string) {
	if name == "" {
		e.required(p, "")
	}
}

func (e *errs) mode(p *field.Path, mode *int32) {
	if mode != nil && (*mode < 0 || *mode > 0o777) {
		invalid(e, p, *mode, badMode)
	}
}

func (e *errs) items(p *field.Path, items []corev1.KeyToPath) {
	for i, item := range items {
		at := p.Index(i)
		e.requiredName(at.Child("key"), item.Key)
		e.requiredName(at.Child("path"), item.Path)
		e.unreserved(at.Child("path"), item.Path)
		e.mode(at.Child("mode"), item.Mode)
	}
}

func (e *errs) nfs(p *field.Path, s *corev1.NFSVolumeSource) {
	e.requiredName(p.Child("server"), s.Server)
	e.requiredName(p.Child("path"), s.Path)
	if !path.IsAbs(s.Path) {
		invalid(e, p.Child("path"), s.Path, "must be an absolute path")
	}
}

func (e *errs) downward(p *field.Path, f corev1.DownwardAPIVolumeFile) {
	e.requiredName(p.Child("path"), f.Path)
	e.unreserved(p.Child("path"), f.Path)
	switch {
	case f.FieldRef != nil:
		e.fieldRef(p.Child("fieldRef"), f.FieldRef, volumeFields())
		if f.ResourceFieldRef != nil {
			invalid(e, p, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously")
		}
	case f.ResourceFieldRef != nil:
		e.resourceRef(p.Child("resourceFieldRef"), f.ResourceFieldRef, true)
	default:
		e.required(p, "one of fieldRef and resourceFieldRef is required")
	}
	e.mode(p.Child("mode"), f.Mode)
}

func (e *errs) projected(p *field.Path, s *corev1.ProjectedVolumeSource) {
	e.mode(p.Child("defaultMode"), s.DefaultMode)
	for i, src := range s.Sources {
		at, n := p.Child("sources").Index(i), 0
		if src.Secret != nil {
			n++
			e.requiredName(at.Child("secret", "name"), src.Secret.Name)
			e.items(at.Child("secret", "items"), src.Secret.Items)
		}
		if src.ConfigMap != nil {
			n++
			e.requiredName(at.Child("configMap", "name"), src.ConfigMap.Name)
			e.items(at.Child("configMap", "items"), src.ConfigMap.Items)
		}
		if src.DownwardAPI != nil {
			n++
			for _, f := range src.DownwardAPI.Items {
				e.downward(at.Child("downwardAPI"), f)
			}
		}
		if t := src.ServiceAccountToken; t != nil {
			n++
			if s := t.ExpirationSeconds; s != nil && *s < 600 {
				invalid(e, at.Child("serviceAccountToken", "expirationSeconds"), *s, "may not specify a duration less than 10 minutes")
			}
			e.requiredName(p.Child("path"), t.Path)
			e.unreserved(p.Child("path"), t.Path)
		}
		if n > 1 {
			e.forbidden(at, "may not specify more than 1 volume type per source")
		}
	}
}

// relative refuses absolute paths and steps back; unreserved also names that
// begin with two dots.
func (e *errs) relative(p *field.Path, target string) {
	if path.IsAbs(target) {
		invalid(e, p, target, "must be a relative path")
	}
	e.noBacksteps(p, target)
}

func (e *errs) unreserved(p *field.Path, target string) {
	e.relative(p, target)
	if strings.HasPrefix(target, "..") && !strings.HasPrefix(target, "../") && target != ".." {
		invalid(e, p, target, "must not start with '..'")
	}
}

func (e *errs) noBacksteps(p *field.Path, target string) {
	if slices.Contains(strings.Split(target, "/"), "..") {
		invalid(e, p, target, "must not contain '..'")
	}
}
