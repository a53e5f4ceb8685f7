package explain

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// nodeAffinity names the labels that the nodes lack.
func (v *podView) nodeAffinity(who string, base []Evidence) finding {
	f := v.unschedulable(idNodeSelector, "", base)
	has := are(singular(who), "does", "do")
	var wants []string
	for _, key := range sortedKeys(v.pod.Spec.NodeSelector) {
		want := key + "=" + v.pod.Spec.NodeSelector[key]
		wants = append(wants, want)
		f.Evidence = append(f.Evidence, v.see("spec.nodeSelector["+key+"]", v.pod.Spec.NodeSelector[key]))
	}
	if a := v.pod.Spec.Affinity; a != nil && a.NodeAffinity != nil && a.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution != nil {
		for _, t := range a.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution.NodeSelectorTerms {
			var parts []string
			for _, e := range append(slices.Clone(t.MatchExpressions), t.MatchFields...) {
				parts = append(parts, requirement(e))
			}
			wants = append(wants, strings.Join(parts, ", "))
		}
		f.Evidence = append(f.Evidence, v.see("spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution", list(wants, 4)))
	}
	what := "node affinity"
	if len(v.pod.Spec.NodeSelector) > 0 {
		what = "node selector"
	}
	f.Summary = fmt.Sprintf("%s %s not match its %s (%s)", who, has, what, list(wants, 3))
	if node, pinned := pinnedTo(v.pod); pinned {
		f.Summary = fmt.Sprintf("it is pinned to node %s, which does not take it", node)
	}
	f.Detail = v.nearMiss()
	f.says = "cannot be scheduled: " + f.Summary
	f.actions = []Action{look("kubectl get nodes --show-labels", "the labels of all nodes")}
	return f
}

func requirement(e corev1.NodeSelectorRequirement) string {
	switch e.Operator {
	case corev1.NodeSelectorOpExists:
		return e.Key
	case corev1.NodeSelectorOpDoesNotExist:
		return "!" + e.Key
	default:
		return fmt.Sprintf("%s %s [%s]", e.Key, e.Operator, strings.Join(e.Values, " "))
	}
}

// nearMiss says which labels no node has at all, a likely typing error.
func (v *podView) nearMiss() string {
	if len(v.nodes) == 0 || !v.s.Sees(analyze.KindNode, "") {
		return ""
	}
	var absent []string
	for _, key := range sortedKeys(v.pod.Spec.NodeSelector) {
		values := map[string]bool{}
		for _, n := range analyze.All[*corev1.Node](v.s, analyze.KindNode, "") {
			if val, ok := n.Labels[key]; ok {
				values[val] = true
			}
		}
		switch {
		case len(values) == 0:
			absent = append(absent, fmt.Sprintf("no node has the label %q", key))
		case !values[v.pod.Spec.NodeSelector[key]]:
			absent = append(absent, fmt.Sprintf("the nodes have %q only as %s", key, quoted(sortedKeys(values), 4)))
		}
	}
	return strings.Join(absent, "; ")
}

// pinnedTo is the node a DaemonSet's pod is made for (C151).
func pinnedTo(pod *corev1.Pod) (string, bool) {
	a := pod.Spec.Affinity
	if a == nil || a.NodeAffinity == nil || a.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution == nil {
		return "", false
	}
	terms := a.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution.NodeSelectorTerms
	for _, t := range terms {
		for _, f := range t.MatchFields {
			if f.Key == metav1.ObjectNameField && len(f.Values) == 1 {
				return f.Values[0], true
			}
		}
	}
	return "", false
}

func sortedKeys[T any](m map[string]T) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
