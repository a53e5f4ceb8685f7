package validate

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Resources refuses requests and limits of the containers of a pod.
func Resources(t analyze.PodTemplate) field.ErrorList {
	var e errs
	claims := e.resourceClaims(t)
	if r := t.Spec.Resources; r != nil && r.Claims != nil {
		e.forbidden(t.SpecPath().Child("resources", "claims"), "claims may not be set for Resources at pod-level")
	}
	e.podLevel(t)
	for _, c := range t.Containers() {
		if c.Type == analyze.EphemeralContainer {
			continue
		}
		p := c.Path.Child("resources")
		e.resources(p, c.Resources)
		for i, claim := range c.Resources.Claims {
			switch at := p.Child("claims").Index(i); {
			case claim.Name == "":
				e.required(at, "")
			case !claims[claim.Name]:
				e.notFound(at, claim.Name)
			}
		}
	}
	return e.list
}

// resourceClaims refuses the claims of the pod, and returns their names.
func (e *errs) resourceClaims(t analyze.PodTemplate) map[string]bool {
	claims := map[string]bool{}
	for i, c := range t.Spec.ResourceClaims {
		at := t.SpecPath().Child("resourceClaims").Index(i)
		switch {
		case c.Name == "":
			e.required(at.Child("name"), "")
		case claims[c.Name]:
			e.duplicate(at.Child("name"), c.Name)
		default:
			e.label1123(at.Child("name"), c.Name)
		}
		claims[c.Name] = true
		switch {
		case c.ResourceClaimName != nil && c.ResourceClaimTemplateName != nil:
			invalid(e, at, "", "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified")
		case c.ResourceClaimName == nil && c.ResourceClaimTemplateName == nil:
			invalid(e, at, "", "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`")
		}
	}
	return claims
}

// podLevel refuses resources of the pod as a whole that do not exist there, or that a
// container exceeds.
func (e *errs) podLevel(t analyze.PodTemplate) {
	r, p := t.Spec.Resources, t.SpecPath().Child("resources")
	if r == nil {
		return
	}
	for _, part := range []struct {
		name string
		list corev1.ResourceList
	}{{"limits", r.Limits}, {"requests", r.Requests}} {
		for _, name := range slices.Sorted(maps.Keys(part.list)) {
			if name != corev1.ResourceCPU && name != corev1.ResourceMemory && !isHuge(name) {
				e.add(field.NotSupported(p.Child(part.name).Key(string(name)), name, []string{"cpu", corev1.ResourceHugePagesPrefix, "memory"}))
			}
		}
	}
	for _, name := range []corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory} {
		limit, limited := r.Limits[name]
		if !limited {
			continue
		}
		if request, ok := r.Requests[name]; ok && request.Cmp(limit) > 0 {
			invalid(e, p.Child("requests"), request.String(), fmt.Sprintf("must be less than or equal to %s limit of %s", name, limit.String()))
		}
		for _, c := range t.Containers() {
			if own, ok := c.Resources.Limits[name]; ok && c.Type == analyze.AppContainer && own.Cmp(limit) > 0 {
				invalid(e, c.Path.Child("resources", "limits").Key(string(name)), own.String(), fmt.Sprintf("must be less than or equal to pod limits of %s", limit.String()))
			}
		}
	}
}

func (e *errs) resources(p *field.Path, r corev1.ResourceRequirements) {
	plain, huge := false, false
	note := func(name corev1.ResourceName) {
		huge = huge || isHuge(name)
		plain = plain || name == corev1.ResourceCPU || name == corev1.ResourceMemory
	}
	for _, name := range slices.Sorted(maps.Keys(r.Limits)) {
		note(name)
		e.quantity(p.Child("limits").Key(string(name)), name, r.Limits[name])
	}
	for _, name := range slices.Sorted(maps.Keys(r.Requests)) {
		note(name)
		request := r.Requests[name]
		e.quantity(p.Child("requests").Key(string(name)), name, request)
		limit, limited := r.Limits[name]
		e.within(p, name, request, limit, limited)
	}
	if huge && !plain {
		e.forbidden(p, "HugePages require cpu or memory")
	}
}

// within refuses a request above its limit, or different from it where the
// resource cannot be overcommitted.
func (e *errs) within(p *field.Path, name corev1.ResourceName, request, limit resource.Quantity, limited bool) {
	exact := !isNative(name) || isHuge(name)
	switch {
	case !limited && exact:
		e.required(p.Child("limits"), "Limit must be set for non overcommitable resources")
	case limited && exact && request.Cmp(limit) != 0:
		invalid(e, p.Child("requests"), request.String(), fmt.Sprintf("must be equal to %s limit of %s", name, limit.String()))
	case limited && request.Cmp(limit) > 0:
		invalid(e, p.Child("requests"), request.String(), fmt.Sprintf("must be less than or equal to %s limit of %s", name, limit.String()))
	}
}

func (e *errs) quantity(p *field.Path, name corev1.ResourceName, q resource.Quantity) {
	e.resourceName(p, name)
	if q.Sign() < 0 {
		invalid(e, p, q.String(), "must be greater than or equal to 0")
	}
	if isExtended(name) && q.MilliValue()%1000 != 0 {
		invalid(e, p, q.String(), "must be an integer")
	}
	if isHuge(name) {
		size, err := resource.ParseQuantity(strings.TrimPrefix(string(name), corev1.ResourceHugePagesPrefix))
		if err != nil || size.Sign() <= 0 || size.MilliValue()%1000 != 0 || q.Value()%size.Value() != 0 {
			invalid(e, p, q.String(), fmt.Sprintf("%s is not positive integer multiple of %s", q.String(), name))
		}
	}
}

func (e *errs) resourceName(p *field.Path, name corev1.ResourceName) {
	if bad := validation.IsQualifiedName(string(name)); len(bad) > 0 {
		invalid(e, p, name, bad...)
		return
	}
	switch {
	case !strings.Contains(string(name), "/"):
		if name != corev1.ResourceCPU && name != corev1.ResourceMemory && name != corev1.ResourceEphemeralStorage && !isHuge(name) {
			invalid(e, p, name, "must be a standard resource for containers")
		}
	case !isNative(name) && !isExtended(name):
		invalid(e, p, name, "doesn't follow extended resource name standard")
	}
}

func isHuge(name corev1.ResourceName) bool {
	return strings.HasPrefix(string(name), corev1.ResourceHugePagesPrefix)
}

// isNative says whether Kubernetes itself knows the resource.
func isNative(name corev1.ResourceName) bool {
	return !strings.Contains(string(name), "/") || strings.Contains(string(name), corev1.ResourceDefaultNamespacePrefix)
}

func isExtended(name corev1.ResourceName) bool {
	return !isNative(name) && !strings.HasPrefix(string(name), corev1.DefaultResourceRequestsPrefix) &&
		len(validation.IsQualifiedName(corev1.DefaultResourceRequestsPrefix+string(name))) == 0
}
