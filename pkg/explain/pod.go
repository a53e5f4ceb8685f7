package explain

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// A cause looks at a pod and tells what it found, or nothing.
type cause func(*podView) []finding

// causesOf lists the causes that can hold for a pod in its present stage, the
// most decisive first.
func causesOf(v *podView) []cause {
	switch {
	case v.deleting():
		return []cause{terminating}
	case v.pod.Status.Phase == corev1.PodSucceeded:
		return []cause{succeeded}
	case v.pod.Status.Phase == corev1.PodFailed:
		return []cause{failed}
	case !v.bound() && !v.known():
		return []cause{unscheduled}
	}
	return []cause{
		nodeLost, volumes, sandbox, image, config, create, runFailed, postStartWaits, beingKilled, crashes,
		pulling, postStartBlocks, initRunning, legacySidecar, startupPending, readiness, readinessGates,
		notReadyYet, resize, restartedBefore, hookFailedBefore,
	}
}

// known says whether a kubelet reports the pod's containers: a pod without a node
// that has such statuses lost its node's name on the way to us.
func (v *podView) known() bool {
	return len(v.pod.Status.ContainerStatuses)+len(v.pod.Status.InitContainerStatuses) > 0
}

// findings runs the causes of the pod's stage, most decisive first and with
// mere consequences taken out.
func (v *podView) findings() []finding {
	if !v.asked {
		for _, c := range causesOf(v) {
			v.found = append(v.found, c(v)...)
		}
		v.found, v.asked = fold(v.found), true
	}
	return v.found
}

// fold drops findings that another one explains, and puts causes before
// consequences and errors before warnings before advice.
func fold(all []finding) []finding {
	var out []finding
	for i, f := range all {
		explained := slices.ContainsFunc(all, func(o finding) bool {
			return o.ID != f.ID && slices.Contains(o.folds, f.ID) && (o.Severity >= f.Severity || o.Container == f.Container) && !apart(o, f)
		})
		twice := slices.ContainsFunc(out, func(o finding) bool { return o.ID == f.ID && o.Container == f.Container && f.Container != "" })
		if !explained && !twice {
			out = append(out, all[i])
		}
	}
	slices.SortStableFunc(out, func(a, b finding) int {
		if a.consequence != b.consequence {
			return choose(a.consequence, 1, -1)
		}
		return int(b.Severity) - int(a.Severity)
	})
	return out
}

// apart says that two containers have troubles of their own: a probe that fails
// in a running container does not follow from the crash of another one.
func apart(o, f finding) bool {
	return f.ID == idReadinessFailing && f.Severity >= analyze.Warning && o.Container != "" && o.Container != f.Container
}

func (w *world) explainPod(o *analyze.Object, pod *corev1.Pod) *Explanation {
	v := w.view(o, pod)
	x := w.blank(o)
	x.Status, x.Ready, x.Restarts = v.row.Status, v.row.Ready, &v.row.Restarts
	x.Phase, x.QoS, x.Node = string(pod.Status.Phase), string(pod.Status.QOSClass), pod.Spec.NodeName
	x.Containers = v.containers()
	x.Conditions = v.conditions()
	fs := v.findings()
	x.apply(fs)
	if len(fs) == 0 {
		v.allWell(x)
	}
	x.Effects = append(x.Effects, v.effects()...)
	x.Outlook = append(x.Outlook, v.deadlineOutlook()...)
	x.Events = w.eventLines(fs, o.Ref)
	v.staticPod(x)
	x.Gaps = append(x.Gaps, v.unseen()...)
	return w.finish(x)
}

// allWell is the pod about which there is nothing to say.
func (v *podView) allWell(x *Explanation) {
	x.Severity = analyze.OK
	switch {
	case completedFine(v):
		x.State = Completed
		x.Headline = v.name() + " has completed: its containers ended with exit code 0"
	case v.pod.Status.Phase == corev1.PodFailed:
		x.State, x.Severity = Failed, analyze.Error
		x.Headline = v.name() + " failed, and nothing that is left says why"
		x.Reasons = []Reason{{
			ID: idFailedUnknown, Severity: analyze.Error, Certainty: Possible, Rule: "K261",
			Summary:  "phase is Failed, but no container status and no reason tells why",
			Evidence: []Evidence{v.see("status.phase", "Failed")},
			Why:      "statuses and events that told it are gone",
		}}
	case v.ready():
		x.State = Healthy
		x.Headline = fmt.Sprintf("%s is healthy: %s containers are ready", v.name(), v.row.Ready)
		if v.row.Ready == "1/1" {
			x.Headline = v.name() + " is healthy: its container is ready"
		}
		if v.row.Restarts > 0 && !v.row.LastRestart.IsZero() {
			x.Headline += fmt.Sprintf("; restarted %s, the last time %s ago", times(v.row.Restarts), span(v.since(v.row.LastRestart)))
		}
	default:
		x.State = Unknown
		x.Headline = fmt.Sprintf("%s is %s; nothing that was seen says why it is not ready", v.name(), v.row.Status)
	}
}

// staticPod says what is special about a mirror pod (pain 84).
func (v *podView) staticPod(x *Explanation) {
	if _, mirror := v.pod.Annotations[corev1.MirrorPodAnnotationKey]; !mirror {
		return
	}
	x.Actions = append(x.Actions, look("kubectl get pod "+shell(v.o.Name)+" -o yaml"+v.ns(),
		"a static pod: change or remove its file on node "+v.pod.Spec.NodeName+", deleting the pod only recreates it"))
}

// unseen are the gaps of a pod's explanation that do not change it.
func (v *podView) unseen() []analyze.Gap {
	var out []analyze.Gap
	if !v.seesEvents() && len(v.events) == 0 {
		out = append(out, quiet(analyze.KindEvent, v.o.Namespace))
	}
	if v.bound() && v.node == nil && !v.s.Sees(analyze.KindNode, "") {
		out = append(out, quiet(analyze.KindNode, ""))
	}
	if !v.s.Sees(analyze.KindService, v.o.Namespace) {
		out = append(out, quiet(analyze.KindService, v.o.Namespace))
	}
	if !v.s.Sees(analyze.KindPDB, v.o.Namespace) {
		out = append(out, quiet(analyze.KindPDB, v.o.Namespace))
	}
	return out
}
