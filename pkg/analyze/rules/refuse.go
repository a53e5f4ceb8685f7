package rules

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/simulate"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/validate"
)

func validateOptions(p *analyze.Pass) validate.Options {
	v := p.Snapshot.Version
	return validate.Options{
		ZeroSleep:      simulate.GateOn(v, simulate.GateSleepZero),
		RestartRules:   simulate.GateOn(v, simulate.GateRestartRules),
		RestartAll:     simulate.GateOn(v, simulate.GateRestartAll),
		StrictTarget:   v.AtLeast(36),
		StopSignals:    simulate.GateOn(v, simulate.GateStopSignals),
		AnyEnvName:     v.AtLeast(32), // RelaxedEnvironmentVariableValidation
		AnyServiceName: v.AtLeast(36), // RelaxedServiceNameValidation
	}
}

// refuse reports what the API would say, once per field and complaint. Like the
// API server it says nothing about an object that cannot be decoded: what is
// missing may be there under a misspelt name.
func refuse(p *analyze.Pass, list field.ErrorList) {
	if undecodable(p.Object) {
		return
	}
	seen := map[string]bool{}
	for _, err := range list {
		value, isText := err.BadValue.(string)
		template := isText && templateMark.MatchString(value)
		key := err.Field + "\x00" + err.Detail + "\x00" + string(err.Type)
		if template {
			key = err.Field // once it is filled in, other words may fit
		}
		if seen[key] {
			continue
		}
		seen[key] = true
		path := parsePath(named(err))
		d := p.Report(path, "%s", refusal(err)).Fix("see `kubectl explain %s`", explainPath(p.Object.Kind, err.Field))
		d.Pos, _ = p.Object.At(parsePath(realPath(err.Field)))
		d.Container = containerAt(p, err.Field)
		if template {
			d.At(analyze.Warning).Fix(fillIn)
		}
	}
}

func undecodable(o *analyze.Object) bool {
	for _, problem := range o.Problems {
		if problem.Kind != "unknown-kind" {
			return true
		}
	}
	return false
}

// named is the path as the API writes it: for some fields without an index.
func named(err *field.Error) string {
	if strings.Contains(err.Detail, "mutually exclusive") {
		return err.Field
	}
	return indexInMounts.ReplaceAllString(err.Field, "volumeMounts.$1")
}

var indexInMounts = regexp.MustCompile(`volumeMounts\[\d+\]\.(subPath|subPathExpr|mountPropagation|recursiveReadOnly)$`)

// refusal is the complaint in the words of a label.
func refusal(err *field.Error) string {
	name := lastName(err.Field)
	detail := ""
	if err.Detail != "" {
		detail = ": " + err.Detail
	}
	switch err.Type {
	case field.ErrorTypeRequired:
		return name + ": required" + detail
	case field.ErrorTypeDuplicate:
		return fmt.Sprintf("%q is taken already", fmt.Sprint(err.BadValue))
	case field.ErrorTypeNotFound:
		return fmt.Sprintf("there is no %q%s", fmt.Sprint(err.BadValue), detail)
	case field.ErrorTypeNotSupported:
		return fmt.Sprintf("%q is not one of the %s", fmt.Sprint(err.BadValue), err.Detail)
	default:
		return err.Detail
	}
}

// lastName is the name of the field, or the key of a map: "tls.key" of data[tls.key].
func lastName(path string) string {
	if i := strings.LastIndexByte(path, '['); i >= 0 && strings.HasSuffix(path, "]") {
		if key := path[i+1 : len(path)-1]; strings.ContainsRune(key, '.') {
			return key
		}
	}
	return path[strings.LastIndexByte(path, '.')+1:]
}

// realPath is where a field stands that the API calls by another path.
func realPath(path string) string {
	path = strings.Replace(path, "template.labels", "template.metadata.labels", 1)
	path = strings.Replace(path, "template.annotations", "template.metadata.annotations", 1)
	path = strings.Replace(path, ".clusterIPs[0]", ".clusterIP", 1)
	path = strings.Replace(path, "securityContext.shareProcessNamespace", "shareProcessNamespace", 1)
	path = strings.Replace(path, ".downwarAPI", ".downwardAPI", 1)
	return strings.Replace(path, "LoadBalancerSourceRanges", "loadBalancerSourceRanges", 1)
}

// explainPath is what `kubectl explain` wants: the kind and the names of fields.
func explainPath(kind, path string) string {
	var b strings.Builder
	b.WriteString(strings.ToLower(kind))
	depth := 0
	for _, r := range "." + path {
		switch {
		case r == '[':
			depth++
		case r == ']':
			depth--
		case depth == 0:
			b.WriteRune(r)
		}
	}
	return strings.TrimSuffix(b.String(), ".")
}

// parsePath is the inverse of field.Path.String.
func parsePath(text string) *field.Path {
	var p *field.Path
	name := func(s string) {
		if s == "" {
			return
		}
		if p == nil {
			p = field.NewPath(s)
		} else {
			p = p.Child(s)
		}
	}
	for text != "" {
		i := strings.IndexAny(text, ".[")
		if i < 0 {
			name(text)
			break
		}
		name(text[:i])
		if text[i] == '.' {
			text = text[i+1:]
			continue
		}
		j := strings.IndexByte(text[i:], ']')
		if j < 0 || p == nil {
			break
		}
		key := text[i+1 : i+j]
		if n, err := strconv.Atoi(key); err == nil {
			p = p.Index(n)
		} else {
			p = p.Key(key)
		}
		text = text[i+j+1:]
	}
	return p
}

// containerAt names the container that a path leads into.
func containerAt(p *analyze.Pass, path string) string {
	for _, c := range p.Containers {
		if strings.HasPrefix(path, c.Path.String()) {
			return c.Name
		}
	}
	return ""
}

func claimNames(api runtime.Object) []string {
	s, ok := api.(*appsv1.StatefulSet)
	if !ok {
		return nil
	}
	var names []string
	for _, t := range s.Spec.VolumeClaimTemplates {
		names = append(names, t.Name)
	}
	return names
}

func jobErrors(api runtime.Object) field.ErrorList {
	if o, ok := api.(*batchv1.Job); ok {
		return validate.Job(o)
	}
	return nil
}

func cronJobErrors(api runtime.Object) field.ErrorList {
	if o, ok := api.(*batchv1.CronJob); ok {
		return validate.CronJob(o)
	}
	return nil
}

func budgetErrors(api runtime.Object) field.ErrorList {
	if o, ok := api.(*policyv1.PodDisruptionBudget); ok {
		return validate.Budget(o)
	}
	return nil
}

func autoscalerErrors(api runtime.Object, options validate.Options) field.ErrorList {
	switch o := api.(type) {
	case *autoscalingv2.HorizontalPodAutoscaler:
		return validate.Autoscaler(o, options)
	case *autoscalingv1.HorizontalPodAutoscaler:
		return validate.AutoscalerV1(o, options)
	}
	return nil
}

func serviceErrors(api runtime.Object) field.ErrorList {
	if o, ok := api.(*corev1.Service); ok {
		return validate.Service(o)
	}
	return nil
}

func configErrors(api runtime.Object) field.ErrorList {
	switch o := api.(type) {
	case *corev1.ConfigMap:
		return validate.ConfigMap(o)
	case *corev1.Secret:
		return validate.Secret(o)
	}
	return nil
}

func claimErrors(api runtime.Object) field.ErrorList {
	if o, ok := api.(*corev1.PersistentVolumeClaim); ok {
		return validate.Claim(o)
	}
	return nil
}
