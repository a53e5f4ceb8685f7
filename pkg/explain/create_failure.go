package explain

import (
	"fmt"
	"regexp"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

var (
	podNamed   = regexp.MustCompile(`pods "[^"]*"`)
	quotaText  = regexp.MustCompile(`exceeded quota: ([^,]+), requested: (.+), used: (.+), limited: (.+)$`)
	quotaWants = regexp.MustCompile(`failed quota: ([^:]+): must specify (.+)$`)
	inBrackets = regexp.MustCompile(`\s*\([^()]*\)`)
	webhook    = regexp.MustCompile(`admission webhook "([^"]+)"`)
	callFailed = regexp.MustCompile(`failed calling webhook "([^"]+)": (?:failed to call webhook: )?(?:(?:Post|Put) "[^"]*": )?(.+)$`)
	podSec     = regexp.MustCompile(`violates PodSecurity "([^"]+)": (.+)`)
)

// createError is a FailedCreate message without what differs from pod to pod.
func createError(message string) string {
	message = strings.TrimPrefix(message, "(combined from similar events): ")
	message = strings.TrimPrefix(message, "Error creating: ")
	return podNamed.ReplaceAllString(message, "pods")
}

// failedCreate explains why a controller cannot create its pods: the owner is a
// ReplicaSet, StatefulSet, DaemonSet, Job or ReplicationController (pain 25, 75,
// 79; C67, C68). says is only the clause.
func (w *world) failedCreate(owner *analyze.Object, want, have int32, condition string) (finding, bool) {
	if have >= want {
		return finding{}, false
	}
	message, ev := condition, []Evidence{}
	if condition != "" {
		ev = append(ev, proof(owner.Ref, "status.conditions[ReplicaFailure].message", condition))
	}
	last := w.lastEvent(owner.Ref, "FailedCreate")
	if last != nil {
		// The condition keeps the first message, the event has the newest (C67).
		message, ev = last.Message, append(ev, event(last))
	}
	made := w.lastEvent(owner.Ref, "SuccessfulCreate")
	if message == "" || last != nil && made != nil && condition == "" && analyze.EventTime(made).After(analyze.EventTime(last)) {
		return finding{}, false
	}
	f := finding{Reason: Reason{
		Severity: analyze.Error, Certainty: Certain, Rule: "C68", Evidence: ev, Object: &owner.Ref,
	}, state: Stuck, folds: []string{idProgressing, idRolloutProgressing, idDegraded}}
	what := w.classifyCreate(&f, createError(message), owner.Namespace)
	f.Summary = fmt.Sprintf("%s cannot create pods: %s", owner.Ref, what)
	f.says = what
	f.Detail = joinDetail(f.Detail, "pods that cannot be created do not exist as objects, so kubectl get pods does not list them; the controller tries again, in the end only every 16 minutes")
	f.actions = append(f.actions, look("kubectl describe "+shell(owner.String())+inNamespace(owner.Namespace), "the FailedCreate events"))
	return f, true
}

// theRest is what is missing of the wanted pods, in a sentence.
func theRest(have, want int32) string {
	switch {
	case have > 0:
		return "the rest"
	case want == 1:
		return "it"
	}
	return "they"
}

func (w *world) lastEvent(r analyze.Ref, reason string) *corev1.Event {
	events := w.s.Events(r)
	for i := len(events) - 1; i >= 0; i-- {
		if events[i].Reason == reason {
			return events[i]
		}
	}
	return nil
}

func (w *world) classifyCreate(f *finding, m, namespace string) string {
	ns := inNamespace(namespace)
	switch {
	case quotaText.MatchString(m):
		g := quotaText.FindStringSubmatch(m)
		f.ID = idQuota
		f.actions = append(f.actions, look("kubectl describe resourcequota "+shell(g[1])+ns, "what the quota allows and what is used"))
		if o, _ := w.find(analyze.KindQuota, namespace, g[1]); o != nil {
			f.Evidence = append(f.Evidence, proof(o.Ref, "status.hard", g[4]), proof(o.Ref, "status.used", g[3]))
		}
		return fmt.Sprintf("quota %q is used up (requested %s, used %s of %s)", g[1], g[2], g[3], g[4])
	case strings.Contains(m, "failed quota"):
		f.ID = idQuota
		return demandedByQuota(m)
	case podSec.MatchString(m):
		g := podSec.FindStringSubmatch(m)
		f.ID = idPodSecurity
		f.actions = append(f.actions, look("kubectl get namespace "+shell(namespace)+" --show-labels", "the Pod Security level of the namespace"))
		f.Detail = "in detail: " + shorten(g[2], 400)
		return fmt.Sprintf("Pod Security level %q of the namespace forbids it (violates PodSecurity): %s", g[1], shorten(inBrackets.ReplaceAllString(g[2], ""), 200))
	case webhook.MatchString(m), strings.Contains(m, "failed calling webhook"):
		f.ID = idWebhook
		if strings.Contains(m, "failed calling webhook") {
			return unreachableWebhook(m)
		}
		return fmt.Sprintf("admission webhook %q refuses it: %s", webhook.FindStringSubmatch(m)[1], shorten(afterDenied(m), 160))
	case strings.Contains(m, "serviceaccount") && strings.Contains(m, "not found"):
		f.ID = idNoServiceAccount
		return "its service account does not exist: " + shorten(afterForbidden(m), 140)
	case containsAny(m, "maximum cpu usage", "maximum memory usage", "minimum cpu usage", "minimum memory usage", "LimitRange", "max limit to request ratio"):
		f.ID = idLimitRange
		return "a LimitRange of the namespace forbids it: " + shorten(afterForbidden(m), 160)
	case strings.Contains(m, "PriorityClass"):
		f.ID = idNoPriorityClass
		return shorten(afterForbidden(m), 160)
	case strings.Contains(m, "being terminated"):
		f.ID = idNamespaceGoing
		return fmt.Sprintf("namespace %q is being deleted", namespace)
	case strings.Contains(m, "is invalid"):
		f.ID = idInvalidPod
		return "the API server refuses the pod as invalid: " + shorten(afterForbidden(m), 200)
	}
	f.ID = idCreateRefused
	return shorten(afterForbidden(m), 200)
}

// unreachableWebhook is a webhook whose call fails and whose failurePolicy is Fail.
func unreachableWebhook(m string) string {
	if g := callFailed.FindStringSubmatch(m); g != nil {
		return fmt.Sprintf("admission webhook %q cannot be reached: %s", g[1], shorten(g[2], 160))
	}
	return "an admission webhook cannot be reached: " + shorten(m, 180)
}

// demandedByQuota is a quota of cpu or memory, for which each container must name
// its request or limit.
func demandedByQuota(m string) string {
	if g := quotaWants.FindStringSubmatch(m); g != nil {
		return fmt.Sprintf("quota %q demands that the pod names its requests or limits: it must specify %s", g[1], shorten(g[2], 160))
	}
	return "a quota demands requests or limits that the pod does not name: " + shorten(afterForbidden(m), 160)
}

// afterDenied is what a webhook says itself.
func afterDenied(m string) string {
	if _, rest, ok := strings.Cut(m, "denied the request: "); ok {
		return rest
	}
	return afterForbidden(m)
}

func afterForbidden(m string) string {
	for _, cut := range []string{"is forbidden: ", "is invalid: "} {
		if _, rest, ok := strings.Cut(m, cut); ok {
			return rest
		}
	}
	return m
}
