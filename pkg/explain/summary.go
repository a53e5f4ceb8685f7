package explain

import (
	"cmp"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// Summarize groups everything that is not well by its root cause, most damaging
// first. subjects are the roots to look at: workloads, bare pods, nodes.
func Summarize(s *analyze.Snapshot, subjects []*analyze.Object, opt Options) *Summary {
	w := newWorld(s, opt)
	sum := &Summary{
		APIVersion: analyze.APIVersion, Kind: KindSummary, KubernetesVersion: s.Version.String(),
		Taken: s.Taken.UTC(), TakenFrom: s.TakenFrom, Groups: []CauseGroup{}, Gaps: append([]analyze.Gap{}, s.Gaps...),
	}
	index := map[string]int{}
	namespaces := map[string]bool{}
	for _, o := range subjects {
		x := w.explain(o)
		namespaces[o.Namespace] = namespaces[o.Namespace] || o.Namespace != ""
		sum.count(x, len(w.podsUnder(o)))
		if x.Severity < analyze.Warning {
			continue
		}
		id, text, certainty := rootOf(x)
		i, ok := index[id]
		if !ok {
			i = len(sum.Groups)
			index[id] = i
			sum.Groups = append(sum.Groups, CauseGroup{ID: id, Severity: x.Severity, Summary: text, Example: o.Ref, Headline: x.Headline, Certainty: certainty})
		}
		g := &sum.Groups[i]
		if isWorkload(o) {
			g.Workloads++
		}
		g.Pods += affected(x)
		g.Subjects = append(g.Subjects, o.Ref)
		if x.Severity > g.Severity {
			g.Severity, g.Summary, g.Example, g.Headline = x.Severity, text, o.Ref, x.Headline
		}
	}
	for n := range namespaces {
		if n != "" {
			sum.Counts.Namespaces++
		}
	}
	sum.close()
	return sum
}

// isWorkload says whether a subject makes pods; bare pods and nodes do not.
func isWorkload(o *analyze.Object) bool {
	return !slices.Contains([]string{"Pod", "Node", "Namespace", "Service", "PodDisruptionBudget"}, o.Kind)
}

// podsUnder are the pods of a subject; a pod is its own.
func (w *world) podsUnder(o *analyze.Object) []*analyze.Object {
	if _, ok := o.API.(*corev1.Pod); ok {
		return []*analyze.Object{o}
	}
	return w.podsOf(o)
}

func (s *Summary) count(x *Explanation, pods int) {
	s.Counts.Subjects++
	s.Counts.Pods += pods
	switch x.Severity {
	case analyze.OK:
		s.Counts.OK++
	case analyze.Info:
		s.Counts.Info++
	case analyze.Warning:
		s.Counts.Warning++
	case analyze.Error:
		s.Counts.Error++
	}
	s.Severity = max(s.Severity, x.Severity)
}

// rootOf is the decisive reason of an explanation; where only an effect is bad,
// that.
func rootOf(x *Explanation) (id, text string, certainty Certainty) {
	for _, r := range x.Reasons {
		if r.Severity >= analyze.Warning {
			return r.ID, r.Summary, r.Certainty
		}
	}
	for _, e := range x.Effects {
		if e.Severity >= analyze.Warning {
			return idBudgetBlocks, e.Summary, Certain
		}
	}
	return idNotReadyYet, x.Headline, Possible
}

// affected counts the pods of a subject that its decisive reason concerns.
func affected(x *Explanation) int {
	if len(x.Reasons) == 0 {
		return 0
	}
	if x.Subject.Kind == "Pod" {
		return 1
	}
	return x.Reasons[0].Count
}

// close sorts the groups and writes the headline.
func (s *Summary) close() {
	slices.SortStableFunc(s.Groups, func(a, b CauseGroup) int {
		return cmp.Or(int(b.Severity)-int(a.Severity), b.Pods-a.Pods, b.Workloads-a.Workloads, cmp.Compare(a.ID, b.ID))
	})
	for i := range s.Groups {
		slices.SortFunc(s.Groups[i].Subjects, byName)
	}
	bad := s.Counts.Warning + s.Counts.Error
	switch {
	case s.Counts.Subjects == 0:
		s.Headline = "nothing was found to look at"
	case bad == 0:
		s.Headline = fmt.Sprintf("all is well: %s with %s", plural(s.Counts.Subjects, "object"), plural(s.Counts.Pods, "pod"))
	default:
		s.Headline = fmt.Sprintf("%d of %s %s not well, for %s", bad, plural(s.Counts.Subjects, "object"), are(bad, "is", "are"), plural(len(s.Groups), "cause"))
	}
}
