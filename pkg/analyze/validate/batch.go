package validate

import (
	"fmt"
	"slices"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Job refuses what is wrong with a Job around its pod template
// (pkg/apis/batch/validation/validation.go@v1.36.3).
func Job(j *batchv1.Job) field.ErrorList {
	var e errs
	p := field.NewPath("spec")
	e.job(p, &j.Spec)
	manual := j.Spec.ManualSelector != nil && *j.Spec.ManualSelector
	switch {
	case manual && j.Spec.Selector == nil:
		e.required(p.Child("selector"), "")
	case j.Spec.Selector == nil || empty(j.Spec.Selector):
	case manual:
		e.ownSelector(p, j.Spec.Selector, &j.Spec.Template, "job")
	default:
		before := len(e.list)
		e.selector(p.Child("selector"), j.Spec.Selector)
		if len(e.list) == before {
			// The server adds its own labels to the selector, and the pods of this
			// Job must be told by these alone.
			invalid(&e, p.Child("selector"), "", "`selector` not auto-generated")
		}
	}
	if indexed(&j.Spec) && j.Spec.Completions != nil && *j.Spec.Completions > 0 {
		last := fmt.Sprintf("%s-%d", j.Name, *j.Spec.Completions-1)
		if len(validation.IsDNS1123Label(last)) > 0 {
			invalid(&e, field.NewPath("metadata", "name"), j.Name, "will not able to create pod with invalid DNS label: "+last)
		}
	}
	return e.list
}

func indexed(s *batchv1.JobSpec) bool {
	return s.CompletionMode != nil && *s.CompletionMode == batchv1.IndexedCompletion
}

func (e *errs) job(p *field.Path, s *batchv1.JobSpec) {
	numberPtr(e, p.Child("parallelism"), s.Parallelism)
	numberPtr(e, p.Child("completions"), s.Completions)
	numberPtr(e, p.Child("activeDeadlineSeconds"), s.ActiveDeadlineSeconds)
	numberPtr(e, p.Child("backoffLimit"), s.BackoffLimit)
	numberPtr(e, p.Child("ttlSecondsAfterFinished"), s.TTLSecondsAfterFinished)
	numberPtr(e, p.Child("backoffLimitPerIndex"), s.BackoffLimitPerIndex)
	numberPtr(e, p.Child("maxFailedIndexes"), s.MaxFailedIndexes)
	if s.MaxFailedIndexes != nil && s.BackoffLimitPerIndex == nil {
		e.required(p.Child("backoffLimitPerIndex"), "when maxFailedIndexes is specified")
	}
	if s.ManagedBy != nil {
		e.add(validation.IsDomainPrefixedPath(p.Child("managedBy"), *s.ManagedBy)...)
	}
	optionalPtr(e, p.Child("completionMode"), s.CompletionMode, batchv1.NonIndexedCompletion, batchv1.IndexedCompletion)
	switch {
	case indexed(s):
		e.indexedJob(p, s)
	case s.CompletionMode == nil || *s.CompletionMode == batchv1.NonIndexedCompletion:
		if s.BackoffLimitPerIndex != nil {
			invalid(e, p.Child("backoffLimitPerIndex"), *s.BackoffLimitPerIndex, "requires indexed completion mode")
		}
		if s.MaxFailedIndexes != nil {
			invalid(e, p.Child("maxFailedIndexes"), *s.MaxFailedIndexes, "requires indexed completion mode")
		}
	}
	if s.PodFailurePolicy != nil {
		e.failurePolicy(p.Child("podFailurePolicy"), s)
	}
	if s.SuccessPolicy != nil {
		e.successPolicy(p.Child("successPolicy"), s)
	}
	if s.PodFailurePolicy != nil {
		optionalPtr(e, p.Child("podReplacementPolicy"), s.PodReplacementPolicy, batchv1.Failed)
	} else {
		optionalPtr(e, p.Child("podReplacementPolicy"), s.PodReplacementPolicy, batchv1.Failed, batchv1.TerminatingOrFailed)
	}
	e.jobRestart(p.Child("template", "spec", "restartPolicy"), s)
}

func (e *errs) indexedJob(p *field.Path, s *batchv1.JobSpec) {
	const maxParallel, many = 100_000, 100_000
	const maxFailed, maxWhenMany = 100_000, 10_000
	if s.Completions == nil && s.Parallelism != nil { // without either, both are 1 by default
		e.required(p.Child("completions"), "when completion mode is Indexed")
	}
	parallel, failed := or(s.Parallelism, 0), or(s.MaxFailedIndexes, 0)
	if parallel > maxParallel {
		invalid(e, p.Child("parallelism"), parallel, fmt.Sprintf("must be less than or equal to %d when completion mode is Indexed", maxParallel))
	}
	if s.Completions != nil && failed > *s.Completions {
		invalid(e, p.Child("maxFailedIndexes"), failed, "must be less than or equal to completions")
	}
	if failed > maxFailed {
		invalid(e, p.Child("maxFailedIndexes"), failed, fmt.Sprintf("must be less than or equal to %d", maxFailed))
	}
	if s.Completions == nil || *s.Completions <= many || s.BackoffLimitPerIndex == nil {
		return
	}
	detail := fmt.Sprintf("must be less than or equal to %d when completions are above %d and used with backoff limit per index", maxWhenMany, many)
	if s.MaxFailedIndexes == nil {
		e.required(p.Child("maxFailedIndexes"), fmt.Sprintf("must be specified when completions is above %d", many))
	}
	if parallel > maxWhenMany {
		invalid(e, p.Child("parallelism"), parallel, detail)
	}
	if failed > maxWhenMany {
		invalid(e, p.Child("maxFailedIndexes"), failed, detail)
	}
}

// jobRestart: nothing written means Always, which a Job may not have (C460).
func (e *errs) jobRestart(p *field.Path, s *batchv1.JobSpec) {
	switch r := s.Template.Spec.RestartPolicy; {
	case r == "" || r == corev1.RestartPolicyAlways:
		e.required(p, `valid values: "OnFailure", "Never"`)
	case r != corev1.RestartPolicyOnFailure && r != corev1.RestartPolicyNever:
		e.add(field.NotSupported(p, r, []corev1.RestartPolicy{corev1.RestartPolicyOnFailure, corev1.RestartPolicyNever}))
	case s.PodFailurePolicy != nil && r != corev1.RestartPolicyNever:
		invalid(e, p, r, `only "Never" is supported when podFailurePolicy is specified`)
	}
}

func (e *errs) failurePolicy(p *field.Path, s *batchv1.JobSpec) {
	rules := p.Child("rules")
	if n := len(s.PodFailurePolicy.Rules); n > 20 {
		e.add(field.TooMany(rules, n, 20))
	}
	var names []string
	for _, c := range s.Template.Spec.Containers {
		names = append(names, c.Name)
	}
	for _, c := range s.Template.Spec.InitContainers {
		names = append(names, c.Name)
	}
	for i, r := range s.PodFailurePolicy.Rules {
		at := rules.Index(i)
		switch r.Action {
		case "":
			e.required(at.Child("action"), "")
		case batchv1.PodFailurePolicyActionFailIndex:
			if s.BackoffLimitPerIndex == nil {
				invalid(e, at.Child("action"), r.Action, "requires the backoffLimitPerIndex to be set")
			}
		default:
			oneOf(e, at.Child("action"), r.Action, batchv1.PodFailurePolicyActionCount, batchv1.PodFailurePolicyActionFailIndex,
				batchv1.PodFailurePolicyActionFailJob, batchv1.PodFailurePolicyActionIgnore)
		}
		e.failureRule(at, r, names)
	}
}

func (e *errs) failureRule(p *field.Path, r batchv1.PodFailurePolicyRule, names []string) {
	if r.OnExitCodes != nil {
		e.exitCodes(p.Child("onExitCodes"), r.OnExitCodes, names)
	}
	conditions := p.Child("onPodConditions")
	if n := len(r.OnPodConditions); n > 20 {
		e.add(field.TooMany(conditions, n, 20))
	}
	for i, c := range r.OnPodConditions {
		e.qualified(conditions.Index(i).Child("type"), string(c.Type))
		// nothing written means "True"
		optional(e, conditions.Index(i).Child("status"), c.Status, corev1.ConditionFalse, corev1.ConditionTrue, corev1.ConditionUnknown)
	}
	switch {
	case r.OnExitCodes != nil && len(r.OnPodConditions) > 0:
		invalid(e, p, "", "specifying both OnExitCodes and OnPodConditions is not supported")
	case r.OnExitCodes == nil && len(r.OnPodConditions) == 0:
		invalid(e, p, "", "specifying one of OnExitCodes and OnPodConditions is required")
	}
}

func (e *errs) exitCodes(p *field.Path, r *batchv1.PodFailurePolicyOnExitCodesRequirement, names []string) {
	if r.Operator == "" {
		e.required(p.Child("operator"), "")
	} else {
		oneOf(e, p.Child("operator"), r.Operator, batchv1.PodFailurePolicyOnExitCodesOpIn, batchv1.PodFailurePolicyOnExitCodesOpNotIn)
	}
	if r.ContainerName != nil && !slices.Contains(names, *r.ContainerName) {
		invalid(e, p.Child("containerName"), *r.ContainerName, "must be one of the container or initContainer names in the pod template")
	}
	values := p.Child("values")
	switch n := len(r.Values); {
	case n == 0:
		invalid(e, values, "", "at least one value is required")
	case n > 255:
		e.add(field.TooMany(values, n, 255))
	}
	for i, v := range r.Values {
		if v == 0 && r.Operator == batchv1.PodFailurePolicyOnExitCodesOpIn {
			invalid(e, values.Index(i), v, "must not be 0 for the In operator")
		}
		if slices.Contains(r.Values[:i], v) {
			e.duplicate(values.Index(i), fmt.Sprint(v))
		}
	}
	if !slices.IsSorted(r.Values) {
		invalid(e, values, r.Values, "must be ordered")
	}
}

func (e *errs) successPolicy(p *field.Path, s *batchv1.JobSpec) {
	if !indexed(s) {
		invalid(e, p, "", "requires indexed completion mode")
		return
	}
	rules := p.Child("rules")
	switch n := len(s.SuccessPolicy.Rules); {
	case n == 0:
		e.required(rules, "at least one rules must be specified when the successPolicy is specified")
	case n > 20:
		e.add(field.TooMany(rules, n, 20))
	}
	for i, r := range s.SuccessPolicy.Rules {
		at := rules.Index(i)
		if r.SucceededCount == nil && r.SucceededIndexes == nil {
			e.required(at, "at least one of succeededCount or succeededIndexes must be specified")
		}
		completions := or(s.Completions, 0)
		total, bad := completions, ""
		if r.SucceededIndexes != nil {
			if total, bad = countIndexes(*r.SucceededIndexes, completions); bad != "" {
				invalid(e, at.Child("succeededIndexes"), *r.SucceededIndexes, "error parsing succeededIndexes: "+bad)
			}
		}
		if r.SucceededCount == nil {
			continue
		}
		number(e, at.Child("succeededCount"), *r.SucceededCount)
		if most := min(completions, total); *r.SucceededCount > most {
			invalid(e, at.Child("succeededCount"), *r.SucceededCount, fmt.Sprintf("must be less than or equal to %d", most))
		}
	}
}
