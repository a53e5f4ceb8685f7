package validate

import (
	"fmt"
	"net/netip"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Service refuses what is wrong with a Service
// (pkg/apis/core/validation/validation.go@v1.36.3, validateService).
func Service(svc *corev1.Service) field.ErrorList {
	var e errs
	s, p := &svc.Spec, field.NewPath("spec")
	e.serviceAddresses(p, s)
	headless := s.ClusterIP == corev1.ClusterIPNone
	external := s.Type == corev1.ServiceTypeExternalName
	if len(s.Ports) == 0 && !headless && !external {
		e.required(p.Child("ports"), "")
	}
	if headless && (s.Type == corev1.ServiceTypeLoadBalancer || s.Type == corev1.ServiceTypeNodePort) {
		invalid(&e, p.Child("clusterIPs").Index(0), s.ClusterIP, fmt.Sprintf("may not be set to 'None' for %s services", s.Type))
	}
	if external {
		if name := strings.TrimSuffix(s.ExternalName, "."); name == "" {
			e.required(p.Child("externalName"), "")
		} else {
			e.subdomain(p.Child("externalName"), name)
		}
		if s.ClusterIP != "" {
			e.forbidden(p.Child("clusterIPs"), "may not be set for ExternalName services")
		}
	}
	optional(&e, p.Child("type"), s.Type, corev1.ServiceTypeClusterIP, corev1.ServiceTypeExternalName, corev1.ServiceTypeLoadBalancer, corev1.ServiceTypeNodePort)
	e.labels(p.Child("selector"), s.Selector)
	e.servicePorts(p.Child("ports"), s)
	e.affinityOf(p, s)
	optionalPtr(&e, p.Child("internalTrafficPolicy"), s.InternalTrafficPolicy, corev1.ServiceInternalTrafficPolicyCluster, corev1.ServiceInternalTrafficPolicyLocal)
	optionalPtr(&e, p.Child("ipFamilyPolicy"), s.IPFamilyPolicy, corev1.IPFamilyPolicySingleStack, corev1.IPFamilyPolicyPreferDualStack, corev1.IPFamilyPolicyRequireDualStack)
	optionalPtr(&e, p.Child("trafficDistribution"), s.TrafficDistribution, corev1.ServiceTrafficDistributionPreferClose,
		corev1.ServiceTrafficDistributionPreferSameZone, corev1.ServiceTrafficDistributionPreferSameNode)
	for i, f := range s.IPFamilies {
		oneOf(&e, p.Child("ipFamilies").Index(i), f, corev1.IPv4Protocol, corev1.IPv6Protocol)
	}
	e.outside(p, s)
	return e.list
}

func (e *errs) servicePorts(p *field.Path, s *corev1.ServiceSpec) {
	names, ports := map[string]bool{}, map[string]bool{}
	for i, port := range s.Ports {
		at := p.Index(i)
		switch {
		case port.Name == "" && len(s.Ports) > 1:
			e.required(at.Child("name"), "")
		case port.Name != "":
			e.label1123(at.Child("name"), port.Name)
			if names[port.Name] {
				e.duplicate(at.Child("name"), port.Name)
			}
			names[port.Name] = true
		}
		e.portNumber(at.Child("port"), port.Port)
		if port.AppProtocol != nil {
			e.qualified(at.Child("appProtocol"), *port.AppProtocol)
		}
		optional(e, at.Child("protocol"), port.Protocol, corev1.ProtocolSCTP, corev1.ProtocolTCP, corev1.ProtocolUDP)
		if port.TargetPort != (intstr.IntOrString{}) && port.TargetPort != intstr.FromString("") {
			e.port(at.Child("targetPort"), port.TargetPort)
		}
		if port.NodePort != 0 && (s.Type == "" || s.Type == corev1.ServiceTypeClusterIP) {
			e.forbidden(at.Child("nodePort"), "may not be used when `type` is 'ClusterIP'")
		}
		protocol := port.Protocol
		if protocol == "" {
			protocol = corev1.ProtocolTCP
		}
		key := fmt.Sprintf("%s/%d", protocol, port.Port)
		if ports[key] {
			e.duplicate(at, key)
		}
		ports[key] = true
	}
}

func (e *errs) affinityOf(p *field.Path, s *corev1.ServiceSpec) {
	optional(e, p.Child("sessionAffinity"), s.SessionAffinity, corev1.ServiceAffinityClientIP, corev1.ServiceAffinityNone)
	c := s.SessionAffinityConfig
	switch {
	case c == nil:
	case s.SessionAffinity != corev1.ServiceAffinityClientIP: // dropped by the defaults
	case c.ClientIP != nil && c.ClientIP.TimeoutSeconds != nil:
		if t := *c.ClientIP.TimeoutSeconds; t <= 0 || t > 86400 {
			invalid(e, p.Child("sessionAffinityConfig", "clientIP", "timeoutSeconds"), t, "must be greater than 0 and less than 86400")
		}
	}
}

// outside refuses fields that only make sense for traffic from outside.
func (e *errs) outside(p *field.Path, s *corev1.ServiceSpec) {
	balanced := s.Type == corev1.ServiceTypeLoadBalancer
	reachable := balanced || s.Type == corev1.ServiceTypeNodePort || len(s.ExternalIPs) > 0
	const only = "may only be used when `type` is 'LoadBalancer'"
	if s.AllocateLoadBalancerNodePorts != nil && !balanced {
		e.forbidden(p.Child("allocateLoadBalancerNodePorts"), only)
	}
	if s.LoadBalancerClass != nil && !balanced {
		e.forbidden(p.Child("loadBalancerClass"), only)
	}
	if len(s.LoadBalancerSourceRanges) > 0 && !balanced {
		e.forbidden(p.Child("LoadBalancerSourceRanges"), only)
	}
	if s.HealthCheckNodePort != 0 && (!balanced || s.ExternalTrafficPolicy != corev1.ServiceExternalTrafficPolicyLocal) {
		invalid(e, p.Child("healthCheckNodePort"), s.HealthCheckNodePort, "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'")
	}
	if s.ExternalTrafficPolicy == "" {
		return
	}
	if !reachable {
		invalid(e, p.Child("externalTrafficPolicy"), s.ExternalTrafficPolicy, "may only be set for externally-accessible services")
		return
	}
	oneOf(e, p.Child("externalTrafficPolicy"), s.ExternalTrafficPolicy, corev1.ServiceExternalTrafficPolicyCluster, corev1.ServiceExternalTrafficPolicyLocal)
}

// serviceAddresses refuses what is no address. Ranges and old fields may have leading zeroes
// and spaces, which is for the server to judge.
func (e *errs) serviceAddresses(p *field.Path, s *corev1.ServiceSpec) {
	const noIP = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
	if ip := s.ClusterIP; ip != "" && ip != corev1.ClusterIPNone && s.Type != corev1.ServiceTypeExternalName && !legacyIP(ip) {
		invalid(e, p.Child("clusterIPs").Index(0), ip, noIP)
	}
	for i, ip := range s.ExternalIPs {
		at := p.Child("externalIPs").Index(i)
		if !legacyIP(ip) {
			invalid(e, at, ip, noIP)
			continue
		}
		switch a, err := netip.ParseAddr(ip); {
		case err != nil:
		case a.IsUnspecified():
			invalid(e, at, ip, "may not be unspecified (0.0.0.0 or ::)")
		case a.IsLoopback():
			invalid(e, at, ip, "may not be in the loopback range (127.0.0.0/8, ::1/128)")
		}
	}
	if s.Type != corev1.ServiceTypeLoadBalancer {
		return
	}
	for i, r := range s.LoadBalancerSourceRanges {
		if !strings.Contains(r, "/") {
			invalid(e, p.Child("LoadBalancerSourceRanges").Index(i), r, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)")
		}
	}
}
