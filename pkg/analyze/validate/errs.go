package validate

import (
	"k8s.io/apimachinery/pkg/api/validate/content"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	unversioned "k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Options are what the version and feature gates decide.
type Options struct {
	// ZeroSleep allows hooks that sleep 0 seconds (PodLifecycleSleepActionAllowZero).
	ZeroSleep bool
	// RestartRules allows restartPolicy and restartPolicyRules on every container
	// (ContainerRestartRules).
	RestartRules bool
	// RestartAll allows the action RestartAllContainers.
	RestartAll bool
	// StrictTarget wants an API group in the target of an autoscaler (1.36).
	StrictTarget bool
	// StopSignals takes lifecycle.stopSignal seriously (ContainerStopSignals).
	StopSignals bool
	// AnyEnvName allows nearly all characters in names of environment variables.
	AnyEnvName bool
	// AnyServiceName allows Services whose names begin with a digit
	// (RelaxedServiceNameValidation).
	AnyServiceName bool
}

// errs collects what is wrong. The methods say what the API server says, in the
// form field.Error gives them.
type errs struct{ list field.ErrorList }

func (e *errs) add(more ...*field.Error) { e.list = append(e.list, more...) }

func (e *errs) required(p *field.Path, detail string) { e.add(field.Required(p, detail)) }

func (e *errs) forbidden(p *field.Path, detail string) { e.add(field.Forbidden(p, detail)) }

func (e *errs) duplicate(p *field.Path, value string) { e.add(field.Duplicate(p, value)) }

func (e *errs) notFound(p *field.Path, value string) { e.add(field.NotFound(p, value)) }

func invalid[T any](e *errs, p *field.Path, value T, details ...string) {
	for _, d := range details {
		e.add(field.Invalid(p, value, d))
	}
}

// oneOf refuses a value that is not in the list.
func oneOf[T ~string](e *errs, p *field.Path, value T, supported ...T) {
	for _, s := range supported {
		if value == s {
			return
		}
	}
	e.add(field.NotSupported(p, value, supported))
}

// optional refuses a written value that is not in the list; nothing written is
// the default.
func optional[T ~string](e *errs, p *field.Path, value T, supported ...T) {
	if value != "" {
		oneOf(e, p, value, supported...)
	}
}

// optionalPtr is optional for pointers; an empty text that is written is refused.
func optionalPtr[T ~string](e *errs, p *field.Path, value *T, supported ...T) {
	if value != nil {
		oneOf(e, p, *value, supported...)
	}
}

func number[T ~int32 | ~int64](e *errs, p *field.Path, value T) {
	if value < 0 {
		invalid(e, p, value, "must be greater than or equal to 0")
	}
}

func numberPtr[T ~int32 | ~int64](e *errs, p *field.Path, value *T) {
	if value != nil {
		number(e, p, *value)
	}
}

// label1123 refuses what is no DNS label; subdomain, what is no DNS name.
func (e *errs) label1123(p *field.Path, value string) {
	invalid(e, p, value, validation.IsDNS1123Label(value)...)
}

func (e *errs) subdomain(p *field.Path, value string) {
	invalid(e, p, value, validation.IsDNS1123Subdomain(value)...)
}

func (e *errs) qualified(p *field.Path, value string) {
	invalid(e, p, value, content.IsLabelKey(value)...)
}

func (e *errs) labelName(p *field.Path, value string) {
	e.add(unversioned.ValidateLabelName(value, p)...)
}

func (e *errs) labels(p *field.Path, labels map[string]string) {
	e.add(unversioned.ValidateLabels(labels, p)...)
}

func (e *errs) selector(p *field.Path, s *metav1.LabelSelector) {
	e.add(unversioned.ValidateLabelSelector(s, unversioned.LabelSelectorValidationOptions{}, p)...)
}

// portNumber refuses what is no TCP or UDP port.
func (e *errs) portNumber(p *field.Path, port int32) {
	invalid(e, p, port, validation.IsValidPortNum(int(port))...)
}

// port refuses what is neither the number nor the name of a port.
func (e *errs) port(p *field.Path, port intstr.IntOrString) {
	if port.Type == intstr.Int {
		e.portNumber(p, port.IntVal)
		return
	}
	invalid(e, p, port.StrVal, validation.IsValidPortName(port.StrVal)...)
}

// share refuses what is neither a number from 0 nor a percentage.
func (e *errs) share(p *field.Path, v intstr.IntOrString) {
	if v.Type == intstr.Int {
		number(e, p, v.IntVal)
		return
	}
	invalid(e, p, v, validation.IsValidPercent(v.StrVal)...)
}

// upTo100 refuses more than 100 %.
func (e *errs) upTo100(p *field.Path, v intstr.IntOrString) {
	if v.Type == intstr.String && len(validation.IsValidPercent(v.StrVal)) == 0 && percent(v) > 100 {
		invalid(e, p, v, "must not be greater than 100%")
	}
}

// percent is the number in front of the percent sign, or the number itself; 0
// for text that is neither.
func percent(v intstr.IntOrString) int {
	if v.Type == intstr.Int {
		return int(v.IntVal)
	}
	n, digits := 0, 0
	for _, r := range v.StrVal {
		if r < '0' || r > '9' {
			break
		}
		n, digits = n*10+int(r-'0'), digits+1
		if n > 1<<30 {
			break
		}
	}
	if rest := v.StrVal[digits:]; rest != "%" && rest != "" {
		return 0
	}
	return n
}
