package validate

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// foreignFields refuses what the operating system of the pod does not have
// (validateOS in pkg/apis/core/validation/validation.go@v1.36.3).
func (e *errs) foreignFields(t analyze.PodTemplate) {
	p, sc := t.SpecPath().Child("securityContext"), t.Spec.SecurityContext
	switch t.Spec.OS.Name {
	case corev1.Linux:
		if sc != nil && sc.WindowsOptions != nil {
			e.forbidden(p.Child("windowsOptions"), notLinux)
		}
		for _, c := range t.Containers() {
			if c.SecurityContext != nil && c.SecurityContext.WindowsOptions != nil {
				e.forbidden(c.Path.Child("securityContext", "windowsOptions"), notLinux)
			}
		}
	case corev1.Windows:
		e.windowsPod(t.SpecPath(), t.Spec)
		if sc != nil {
			e.windowsPodSecurity(p, sc)
		}
		for _, c := range t.Containers() {
			if c.SecurityContext != nil {
				e.windowsContainer(c.Path.Child("securityContext"), c.SecurityContext)
			}
		}
	}
}

const (
	notLinux   = "windows options cannot be set for a linux pod"
	notWindows = "cannot be set for a windows pod"
)

// A foreign field is one that pods of another system have.
type foreignField struct {
	name string
	set  bool
}

func (e *errs) notOnWindows(p *field.Path, fields []foreignField) {
	for _, f := range fields {
		if f.set {
			e.forbidden(p.Child(f.name), notWindows)
		}
	}
}

func (e *errs) windowsPod(p *field.Path, s *corev1.PodSpec) {
	e.notOnWindows(p, []foreignField{
		{"hostUsers", s.HostUsers != nil}, {"hostPID", s.HostPID}, {"hostIPC", s.HostIPC}, {"shareProcessNamespace", s.ShareProcessNamespace != nil},
	})
}

func (e *errs) windowsPodSecurity(p *field.Path, sc *corev1.PodSecurityContext) {
	e.notOnWindows(p, []foreignField{
		{"appArmorProfile", sc.AppArmorProfile != nil},
		{"seLinuxOptions", sc.SELinuxOptions != nil},
		{"seccompProfile", sc.SeccompProfile != nil},
		{"fsGroup", sc.FSGroup != nil},
		{"fsGroupChangePolicy", sc.FSGroupChangePolicy != nil},
		{"sysctls", len(sc.Sysctls) > 0},
		{"runAsUser", sc.RunAsUser != nil},
		{"runAsGroup", sc.RunAsGroup != nil},
		{"supplementalGroups", sc.SupplementalGroups != nil},
		{"supplementalGroupsPolicy", sc.SupplementalGroupsPolicy != nil},
		{"seLinuxChangePolicy", sc.SELinuxChangePolicy != nil},
	})
}

func (e *errs) windowsContainer(p *field.Path, sc *corev1.SecurityContext) {
	e.notOnWindows(p, []foreignField{
		{"appArmorProfile", sc.AppArmorProfile != nil},
		{"seLinuxOptions", sc.SELinuxOptions != nil},
		{"seccompProfile", sc.SeccompProfile != nil},
		{"capabilities", sc.Capabilities != nil},
		{"readOnlyRootFilesystem", sc.ReadOnlyRootFilesystem != nil},
		{"privileged", sc.Privileged != nil},
		{"allowPrivilegeEscalation", sc.AllowPrivilegeEscalation != nil},
		{"procMount", sc.ProcMount != nil},
		{"runAsUser", sc.RunAsUser != nil},
		{"runAsGroup", sc.RunAsGroup != nil},
	})
}
