package explain

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// A crew is the pods of a workload, sorted by what they do.
type crew struct {
	w       *world
	all     []*podView
	live    []*podView // neither ended nor being deleted
	ready   int        // of live
	going   []*podView // being deleted
	ended   []*podView // Failed or Succeeded
	newHash string     // label value of the new revision, "" where there is no rollout
	label   string     // the label that holds the revision
}

func (w *world) crewOf(pods []*analyze.Object) *crew {
	c := &crew{w: w}
	for _, o := range pods {
		pod, ok := o.API.(*corev1.Pod)
		if !ok {
			continue
		}
		v := w.view(o, pod)
		c.all = append(c.all, v)
		switch {
		case v.deleting():
			c.going = append(c.going, v)
		case terminal(pod):
			c.ended = append(c.ended, v)
		default:
			c.live = append(c.live, v)
			if v.ready() {
				c.ready++
			}
		}
	}
	return c
}

// revision is "new" or "old" during a rollout, else "".
func (c *crew) revision(v *podView) string {
	switch {
	case c.newHash == "":
		return ""
	case v.pod.Labels[c.label] == c.newHash:
		return "new"
	}
	return "old"
}

// oldReady counts the ready pods of old revisions.
func (c *crew) oldReady() int {
	n := 0
	for _, v := range c.live {
		if v.ready() && c.revision(v) == "old" {
			n++
		}
	}
	return n
}

// A podCause is one cause in one or many pods.
type podCause struct {
	finding
	first *podView
	pods  int
}

// causes groups what is wrong with the given pods: same cause and container, one
// entry. The most serious come first, then those with the most pods.
func (c *crew) causes(views []*podView) []podCause {
	index := map[string]int{}
	var out []podCause
	for _, v := range views {
		for _, f := range v.findings() {
			key := f.ID + "\x00" + f.Container
			i, ok := index[key]
			if !ok {
				index[key] = len(out)
				out = append(out, podCause{finding: f, first: v, pods: 1})
				continue
			}
			out[i].pods++
			if f.Severity > out[i].Severity {
				out[i].finding, out[i].first = f, v
			}
		}
	}
	slices.SortStableFunc(out, func(a, b podCause) int {
		if a.Severity != b.Severity {
			return int(b.Severity) - int(a.Severity)
		}
		return b.pods - a.pods
	})
	return out
}

// reason is the cause as a finding of the workload.
func (p podCause) reason() finding {
	f := p.finding
	ref := p.first.o.Ref
	if f.Object == nil {
		f.Object = &ref
	}
	f.Count = p.pods
	if p.pods > 1 {
		f.Summary = fmt.Sprintf("in %s: %s", plural(p.pods, "pod"), f.Summary)
	}
	return f
}

// because is the cause without the verb of the pod's headline.
func (p podCause) because() string {
	if _, after, ok := strings.Cut(p.says, ": "); ok {
		return after
	}
	return p.says
}

// whose is the cause with the pod's name where the sentence says "it".
func (p podCause) whose() string {
	text := p.because()
	if strings.HasPrefix(text, "it ") || strings.HasPrefix(text, "its ") {
		return p.first.name() + ": " + text
	}
	return text
}

// groups counts the pods by STATUS and revision.
func (c *crew) groups() []PodGroup {
	index := map[string]int{}
	var out []PodGroup
	for _, v := range c.all {
		ready := v.ready() && !v.deleting()
		key := fmt.Sprint(v.row.Status, ready, c.revision(v))
		if i, ok := index[key]; ok {
			out[i].Count++
			continue
		}
		index[key] = len(out)
		g := PodGroup{Count: 1, Status: v.row.Status, Example: v.o.Ref, Revision: c.revision(v), Summary: "not ready"}
		if ready {
			g.Summary = "ready"
		}
		for _, f := range v.findings() {
			g.Severity = max(g.Severity, f.Severity)
		}
		switch {
		case v.deleting():
			g.Summary = "being deleted"
		case terminal(v.pod):
			g.Summary = "ended"
		}
		out = append(out, g)
	}
	slices.SortStableFunc(out, func(a, b PodGroup) int { return int(b.Severity) - int(a.Severity) })
	return out
}

// throughPods explains a workload by its worst pods only.
func (w *world) throughPods(x *Explanation, pods []*analyze.Object, extra []finding) *crew {
	c := w.crewOf(pods)
	var fs []finding
	fs = append(fs, extra...)
	for _, p := range c.causes(append(append([]*podView{}, c.live...), c.going...)) {
		f := p.reason()
		f.says = fmt.Sprintf("is not well: %d of %s ready: %s", c.ready, plural(len(c.live), "pod"), p.whose())
		if f.Severity <= analyze.Info {
			continue
		}
		fs = append(fs, f)
	}
	x.apply(fs)
	x.Pods = c.groups()
	return c
}

// podEffects are the effects of a workload's unready pods on Services, and of
// budgets on it.
func (c *crew) podEffects() []Effect {
	var unready, live []*corev1.Pod
	for _, v := range c.live {
		live = append(live, v.pod)
		if !v.ready() {
			unready = append(unready, v.pod)
		}
	}
	var out []Effect
	if len(unready) > 0 {
		out = append(out, c.w.serviceEffects(unready, "pod "+unready[0].Name)...)
	}
	return append(out, c.w.budgetEffects(live)...)
}
