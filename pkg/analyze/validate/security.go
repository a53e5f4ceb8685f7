package validate

import (
	"regexp"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Security refuses the security contexts of a pod and its containers, and what
// does not go together with host namespaces.
func Security(t analyze.PodTemplate) field.ErrorList {
	var e errs
	s, p := t.Spec, t.SpecPath()
	isolated := s.HostUsers != nil && !*s.HostUsers
	if isolated {
		if s.HostNetwork {
			e.forbidden(p.Child("hostNetwork"), "when `hostUsers` is false")
		}
		if s.HostPID {
			e.forbidden(p.Child("HostPID"), "when `hostUsers` is false")
		}
		if s.HostIPC {
			e.forbidden(p.Child("HostIPC"), "when `hostUsers` is false")
		}
	}
	if s.ShareProcessNamespace != nil && *s.ShareProcessNamespace && s.HostPID {
		invalid(&e, p.Child("securityContext", "shareProcessNamespace"), true, "ShareProcessNamespace and HostPID cannot both be enabled")
	}
	if sc := s.SecurityContext; sc != nil {
		e.podSecurity(p.Child("securityContext"), sc)
	}
	for _, c := range t.Containers() {
		if c.SecurityContext != nil && c.Type != analyze.EphemeralContainer {
			e.containerSecurity(c.Path.Child("securityContext"), c.SecurityContext, isolated)
		}
	}
	return e.list
}

var sysctlName = regexp.MustCompile(`^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$`)

func (e *errs) podSecurity(p *field.Path, sc *corev1.PodSecurityContext) {
	e.ids(p, sc.RunAsUser, sc.RunAsGroup)
	if sc.FSGroup != nil {
		invalid(e, p.Child("fsGroup"), *sc.FSGroup, validation.IsValidGroupID(*sc.FSGroup)...)
	}
	for i, g := range sc.SupplementalGroups {
		invalid(e, p.Child("supplementalGroups").Index(i), g, validation.IsValidGroupID(g)...)
	}
	optionalPtr(e, p.Child("fsGroupChangePolicy"), sc.FSGroupChangePolicy, corev1.FSGroupChangeOnRootMismatch, corev1.FSGroupChangeAlways)
	optionalPtr(e, p.Child("supplementalGroupsPolicy"), sc.SupplementalGroupsPolicy, corev1.SupplementalGroupsPolicyMerge, corev1.SupplementalGroupsPolicyStrict)
	optionalPtr(e, p.Child("seLinuxChangePolicy"), sc.SELinuxChangePolicy, corev1.SELinuxChangePolicyRecursive, corev1.SELinuxChangePolicyMountOption)
	seen := map[string]bool{}
	for i, s := range sc.Sysctls {
		at := p.Child("sysctls").Index(i).Child("name")
		switch {
		case s.Name == "":
			e.required(at, "")
		case seen[s.Name]:
			e.duplicate(at, s.Name)
		case len(s.Name) > 253 || !sysctlName.MatchString(s.Name):
			invalid(e, at, s.Name, "must have at most 253 characters and match regex "+sysctlName.String())
		}
		seen[s.Name] = true
	}
	e.seccomp(p.Child("seccompProfile"), sc.SeccompProfile)
	e.appArmor(p.Child("appArmorProfile"), sc.AppArmorProfile)
}

func (e *errs) containerSecurity(p *field.Path, sc *corev1.SecurityContext, isolated bool) {
	e.ids(p, sc.RunAsUser, sc.RunAsGroup)
	if sc.ProcMount != nil {
		oneOf(e, p.Child("procMount"), *sc.ProcMount, corev1.DefaultProcMount, corev1.UnmaskedProcMount)
		if !isolated && *sc.ProcMount == corev1.UnmaskedProcMount {
			invalid(e, p.Child("procMount"), *sc.ProcMount, "`hostUsers` must be false to use `Unmasked`")
		}
	}
	if sc.AllowPrivilegeEscalation != nil && !*sc.AllowPrivilegeEscalation {
		if sc.Privileged != nil && *sc.Privileged {
			invalid(e, p, "", "cannot set `allowPrivilegeEscalation` to false and `privileged` to true")
		}
		if sc.Capabilities != nil {
			for _, c := range sc.Capabilities.Add {
				if c == "CAP_SYS_ADMIN" {
					invalid(e, p, "", "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN")
				}
			}
		}
	}
	e.seccomp(p.Child("seccompProfile"), sc.SeccompProfile)
	e.appArmor(p.Child("appArmorProfile"), sc.AppArmorProfile)
}

func (e *errs) ids(p *field.Path, user, group *int64) {
	if user != nil {
		invalid(e, p.Child("runAsUser"), *user, validation.IsValidUserID(*user)...)
	}
	if group != nil {
		invalid(e, p.Child("runAsGroup"), *group, validation.IsValidGroupID(*group)...)
	}
}

func (e *errs) seccomp(p *field.Path, s *corev1.SeccompProfile) {
	if s == nil {
		return
	}
	oneOf(e, p.Child("type"), s.Type, corev1.SeccompProfileTypeLocalhost, corev1.SeccompProfileTypeRuntimeDefault, corev1.SeccompProfileTypeUnconfined)
	at := p.Child("localhostProfile")
	switch local := s.Type == corev1.SeccompProfileTypeLocalhost; {
	case local && s.LocalhostProfile == nil:
		e.required(at, "must be set when seccomp type is Localhost")
	case local:
		e.relative(at, *s.LocalhostProfile)
	case s.LocalhostProfile != nil:
		invalid(e, at, *s.LocalhostProfile, "can only be set when seccomp type is Localhost")
	}
}

func (e *errs) appArmor(p *field.Path, a *corev1.AppArmorProfile) {
	if a == nil {
		return
	}
	if a.Type == "" {
		e.required(p.Child("type"), "type is required when appArmorProfile is set")
		return
	}
	oneOf(e, p.Child("type"), a.Type, corev1.AppArmorProfileTypeLocalhost, corev1.AppArmorProfileTypeRuntimeDefault, corev1.AppArmorProfileTypeUnconfined)
	at := p.Child("localhostProfile")
	switch local := a.Type == corev1.AppArmorProfileTypeLocalhost; {
	case local && (a.LocalhostProfile == nil || *a.LocalhostProfile == ""):
		e.required(at, "must be set when AppArmor type is Localhost")
	case !local && a.LocalhostProfile != nil:
		invalid(e, at, *a.LocalhostProfile, "can only be set when AppArmor type is Localhost")
	}
}
