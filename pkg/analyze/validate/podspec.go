package validate

import (
	"math"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Pod refuses the fields of a pod's spec that belong to no container and to no
// other function of this package.
//
// ownNames says that the controller overwrites hostname and subdomain, as a
// StatefulSet does.
func Pod(t analyze.PodTemplate, ownNames bool) field.ErrorList {
	var e errs
	s, p := t.Spec, t.SpecPath()
	if !ownNames {
		e.hostNames(s, p)
	}
	if t.Path == nil {
		podAnnotations(&e, t.MetaPath().Child("annotations"), t.Meta.Annotations, s)
	} else {
		templateMeta(&e, t.Path, t.Meta, s)
	}
	optional(&e, p.Child("restartPolicy"), s.RestartPolicy, corev1.RestartPolicyAlways, corev1.RestartPolicyOnFailure, corev1.RestartPolicyNever)
	optional(&e, p.Child("dnsPolicy"), s.DNSPolicy, corev1.DNSClusterFirstWithHostNet, corev1.DNSClusterFirst, corev1.DNSDefault, corev1.DNSNone)
	optionalPtr(&e, p.Child("preemptionPolicy"), s.PreemptionPolicy, corev1.PreemptLowerPriority, corev1.PreemptNever)
	if d := s.ActiveDeadlineSeconds; d != nil && (*d < 1 || *d > math.MaxInt32) {
		invalid(&e, p.Child("activeDeadlineSeconds"), *d, validation.InclusiveRangeError(1, math.MaxInt32))
	}
	e.podNames(s, p)
	e.fullName(s, p)
	e.dns(s, p)
	e.hostNetwork(s, p)
	if s.OS != nil {
		if s.OS.Name == "" {
			e.required(p.Child("os", "name"), "")
		} else {
			oneOf(&e, p.Child("os"), s.OS.Name, corev1.Linux, corev1.Windows)
			e.foreignFields(t)
		}
	}
	return e.list
}

func (e *errs) podNames(s *corev1.PodSpec, p *field.Path) {
	if s.ServiceAccountName != "" {
		e.subdomain(p.Child("serviceAccountName"), s.ServiceAccountName)
	}
	if s.NodeName != "" {
		invalid(e, p.Child("nodeName"), s.NodeName, nodeName(s.NodeName)...)
		if len(s.SchedulingGates) > 0 && p.Root() == p {
			e.forbidden(p.Child("nodeName"), "cannot be set until all schedulingGates have been cleared")
		}
	}
	if s.PriorityClassName != "" {
		e.subdomain(p.Child("priorityClassName"), s.PriorityClassName)
	}
	if s.RuntimeClassName != nil {
		e.subdomain(p.Child("runtimeClassName"), *s.RuntimeClassName)
	}
	for i, a := range s.HostAliases {
		at := p.Child("hostAliases").Index(i)
		if !legacyIP(a.IP) {
			invalid(e, at.Child("ip"), a.IP, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")
		}
		for j, name := range a.Hostnames {
			e.subdomain(at.Child("hostnames").Index(j), name)
		}
	}
}

// fullName refuses a name that replaces the pod's host name.
func (e *errs) fullName(s *corev1.PodSpec, p *field.Path) {
	if s.HostnameOverride == nil {
		return
	}
	at := p.Child("hostnameOverride")
	if s.SetHostnameAsFQDN != nil && *s.SetHostnameAsFQDN {
		e.forbidden(at, "may not be specified when setHostnameAsFQDN is true")
	}
	if s.HostNetwork {
		e.forbidden(at, "may not be specified when hostNetwork is true")
	}
	e.subdomain(at, *s.HostnameOverride)
}

func (e *errs) hostNames(s *corev1.PodSpec, p *field.Path) {
	if s.Hostname != "" {
		e.label1123(p.Child("hostname"), s.Hostname)
	}
	if s.Subdomain != "" {
		e.label1123(p.Child("subdomain"), s.Subdomain)
	}
}

func (e *errs) dns(s *corev1.PodSpec, p *field.Path) {
	p = p.Child("dnsConfig")
	c := s.DNSConfig
	if s.DNSPolicy == corev1.DNSNone {
		switch {
		case c == nil:
			e.required(p, "must provide `dnsConfig` when `dnsPolicy` is None")
		case len(c.Nameservers) == 0:
			e.required(p.Child("nameservers"), "must provide at least one DNS nameserver when `dnsPolicy` is None")
		}
	}
	if c == nil {
		return
	}
	if len(c.Nameservers) > 3 {
		invalid(e, p.Child("nameservers"), c.Nameservers, "must not have more than 3 nameservers")
	}
	for i, ns := range c.Nameservers {
		if !legacyIP(ns) {
			invalid(e, p.Child("nameservers").Index(i), ns, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")
		}
	}
	if len(c.Searches) > 32 {
		invalid(e, p.Child("searches"), c.Searches, "must not have more than 32 search paths")
	}
	if len(strings.Join(c.Searches, " ")) > 2048 {
		invalid(e, p.Child("searches"), c.Searches, "must not have more than 2048 characters (including spaces) in the search list")
	}
	for i, search := range c.Searches {
		if search != "." {
			invalid(e, p.Child("searches").Index(i), search, validation.IsDNS1123SubdomainWithUnderscore(strings.TrimSuffix(search, "."))...)
		}
	}
	for i, o := range c.Options {
		if o.Name == "" {
			e.required(p.Child("options").Index(i), "must not be empty")
		}
	}
}

func (e *errs) hostNetwork(s *corev1.PodSpec, p *field.Path) {
	if !s.HostNetwork {
		return
	}
	for i, c := range s.Containers {
		for j, port := range c.Ports {
			if port.HostPort != 0 && port.HostPort != port.ContainerPort {
				invalid(e, p.Child("containers").Index(i).Child("ports").Index(j).Child("hostPort"), port.HostPort,
					"must match `containerPort` when `hostNetwork` is true")
			}
		}
	}
}

// legacyIP accepts what the API takes for an IP address in old fields, leading
// zeroes included.
func legacyIP(ip string) bool {
	trimmed := strings.Split(ip, ".")
	for i, part := range trimmed {
		if len(trimmed) == 4 && len(part) > 1 {
			if t := strings.TrimLeft(part, "0"); t != "" {
				trimmed[i] = t
			} else {
				trimmed[i] = "0"
			}
		}
	}
	return len(validation.IsValidIP(field.NewPath("ip"), strings.Join(trimmed, "."))) == 0
}
