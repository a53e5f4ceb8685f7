package explain

import (
	"fmt"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// oomKilled is a container the kernel killed for memory: at its own limit
// (pain 6), or, without a limit, because the node ran out (pain 70). An OOM
// event at any time in the container's life sets the reason (K287).
func oomKilled(k crash) (finding, bool) {
	if k.t.Reason != "OOMKilled" {
		return finding{}, false
	}
	limit, limited := k.c.Resources.Limits[corev1.ResourceMemory]
	if podLimit, ok := k.v.podMemoryLimit(); ok && !limited {
		limit, limited = podLimit, true
	}
	sys := k.v.systemOOM(k.t.FinishedAt.Time)
	f := finding{Reason: Reason{ID: idOOMKilled, Rule: "K287"}, actions: k.lookAtLogs()}
	what := "was killed for using more memory than its limit of " + limit.String()
	if limited {
		f.Evidence = append(f.Evidence, k.v.see(k.c.specPath("resources.limits[memory]"), limit.String()))
		f.Detail = "the limit counts everything the container's processes and memory-backed volumes hold"
		f.actions = append(f.actions, raiseMemory(k.v, k.c))
	} else {
		f.ID = idOOMNode
		what = "was killed because the node ran out of memory; it has no memory limit of its own"
		f.Detail = "the kernel chose it among all processes of the node; pods over their memory request go first"
		if sys == nil {
			f.Certainty, f.Why = Likely, "no SystemOOM event of the node was seen"
		}
		f.actions = append(f.actions, look("kubectl describe node "+shell(k.v.pod.Spec.NodeName), "what the node's memory is used for"))
	}
	if sys != nil {
		f.Evidence = append(f.Evidence, event(sys))
	}
	if k.t.ExitCode != 137 {
		f.Detail = joinDetail(f.Detail, fmt.Sprintf("the exit code %d is its own: the kernel killed one of its processes", k.t.ExitCode))
	}
	f = k.finish(f, what)
	f.says = strings.Replace(f.says, "keeps crashing, it was killed", "is killed again and again", 1)
	f.says = strings.Replace(f.says, "again and again for using more memory", "again and again (OOMKilled) for using more memory", 1)
	return f, true
}

// podMemoryLimit is the pod-level limit (spec.resources, 1.32+).
func (v *podView) podMemoryLimit() (q resourceQuantity, ok bool) {
	if v.pod.Spec.Resources == nil {
		return q, false
	}
	q, ok = v.pod.Spec.Resources.Limits[corev1.ResourceMemory]
	return q, ok
}

// systemOOM is the node's event about an OOM kill at that moment, if it was seen.
func (v *podView) systemOOM(at time.Time) *corev1.Event {
	if v.pod.Spec.NodeName == "" {
		return nil
	}
	for _, e := range v.s.Events(v.nodeRef(v.pod.Spec.NodeName)) {
		if d := analyze.EventTime(e).Sub(at).Abs(); e.Reason == "SystemOOM" && d < time.Minute {
			return e
		}
	}
	return nil
}

func raiseMemory(v *podView, c *containerView) Action {
	subject := v.rootCommandRef()
	if subject == "" || c.Type != analyze.AppContainer {
		return look("kubectl top pod "+shell(v.o.Name)+" --containers"+v.ns(), "how much memory it uses while it runs")
	}
	return change(fmt.Sprintf("kubectl set resources %s -c %s --limits=memory=SIZE%s", subject, shell(c.Name), v.ns()),
		"gives the container a higher memory limit (and rolls out new pods)")
}
