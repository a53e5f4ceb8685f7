package simulate

import (
	"fmt"
	"strings"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// criticalPriority is that of pods which the kubelet never evicts (K62;
// pkg/apis/scheduling/types.go@v1.36.3: SystemCriticalPriority).
const criticalPriority = 2000000000

// reachGaps says why the trigger may never come to this pod, or not stop it, and
// what of the question has no effect.
func (p *termination) reachGaps() []analyze.Gap {
	out := p.triggerGaps()
	if p.sc.GracePeriod != nil && *p.sc.GracePeriod >= 0 && !p.takesGrace() {
		out = append(out, analyze.Gap{
			What: fmt.Sprintf("the grace period of %ds that is asked for", *p.sc.GracePeriod),
			Why:  fmt.Sprintf("nobody can ask for one with --on %s: it has no effect here", p.trigger),
		})
	}
	return out
}

func (p *termination) triggerGaps() []analyze.Gap {
	var out []analyze.Gap
	add := func(what, why string, args ...any) {
		out = append(out, analyze.Gap{What: what, Why: fmt.Sprintf(why, args...)})
	}
	_, mirror := p.t.Meta.Annotations[corev1.MirrorPodAnnotationKey]
	evicted := p.trigger == OnSoftEviction || p.trigger == OnHardEviction
	switch {
	case evicted && (mirror || critical(p.t.Spec)):
		add("whether it is evicted", "the kubelet never evicts static pods and pods of a critical priority (K62)")
	case mirror && !p.sc.byKubelet():
		add("what the deletion brings", "it is the mirror of a static pod: its deletion stops no container, and the kubelet makes it anew (K21)")
	case p.trigger == OnDeadline && p.t.Spec.ActiveDeadlineSeconds == nil:
		why := "the pod has no activeDeadlineSeconds"
		if job, ok := p.o.API.(*batchv1.Job); ok && job.Spec.ActiveDeadlineSeconds != nil {
			why += "; at that of its Job the controller deletes the pods, as --on delete shows"
		}
		add("whether the deadline ever comes", "%s", why)
	case p.trigger == OnDrain && p.ofDaemonSet():
		add("whether the drain takes it", "kubectl drain leaves the pods of a DaemonSet where they are (--ignore-daemonsets), or refuses")
	}
	return out
}

func critical(spec *corev1.PodSpec) bool {
	if spec.Priority != nil {
		return *spec.Priority >= criticalPriority
	}
	return strings.HasPrefix(spec.PriorityClassName, "system-") && strings.HasSuffix(spec.PriorityClassName, "-critical")
}

func (p *termination) ofDaemonSet() bool {
	if p.pod == nil {
		return p.o.Kind == "DaemonSet"
	}
	owner := metav1.GetControllerOfNoCopy(p.pod)
	return owner != nil && owner.Kind == "DaemonSet"
}

// takesGrace says whether --grace-period means something for the trigger.
func (p *termination) takesGrace() bool {
	switch p.trigger {
	case OnDelete, OnEvict, OnDrain, OnSoftEviction, OnNodeShutdown:
		return true
	}
	return false
}
