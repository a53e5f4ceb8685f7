package load

import (
	"slices"

	corev1 "k8s.io/api/core/v1"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// The words of Snapshot.TakenFrom.
const (
	fromFlag  = "--clock"
	fromClock = "the clock"
	fromInput = "the newest time in the input"
)

// snapshotOfFiles gives the objects their time, version and knowledge.
func (p *plan) snapshotOfFiles(in *fileInput) *analyze.Snapshot {
	recorded := slices.ContainsFunc(in.Objects, (*analyze.Object).Recorded)
	input := analyze.SnapshotInput{
		Objects: in.Objects,
		Taken:   p.Now, TakenFrom: fromClock,
		Version:   p.versionOf(in.Objects),
		Knowledge: analyze.Knowledge{Complete: p.Complete, Listed: recordedKinds(in.Objects, in.None)},
	}
	switch {
	case !p.Clock.IsZero():
		input.Taken, input.TakenFrom = p.Clock, fromFlag
	case recorded && !in.Newest.IsZero():
		input.Taken, input.TakenFrom = in.Newest, fromInput
	}
	input.Gaps = p.gaps
	return analyze.NewSnapshot(input)
}

// recordedKinds are the kinds of which a server's objects occur, with their
// namespaces: whoever recorded one is taken to have recorded all of them. Kinds
// of which an empty list stands in the input count for all these namespaces.
func recordedKinds(objects []*analyze.Object, none []schema.GroupKind) map[schema.GroupKind][]string {
	listed := map[schema.GroupKind][]string{}
	var namespaces []string
	for _, o := range objects {
		if !o.Recorded() {
			continue
		}
		if !slices.Contains(namespaces, o.Namespace) {
			namespaces = append(namespaces, o.Namespace)
		}
		gk := o.GroupKind()
		if !slices.Contains(listed[gk], o.Namespace) {
			listed[gk] = append(listed[gk], o.Namespace)
		}
	}
	for _, gk := range none {
		k, _ := kindOf(gk)
		for _, ns := range namespaces {
			if (ns == "") == k.clusterWide {
				listed[gk] = append(listed[gk], ns)
			}
		}
	}
	return listed
}

// versionOf is the version asked for, else that of the nodes, else the default.
// Where nodes differ, the most frequent minor counts, and of those the oldest:
// most of what is modelled is the kubelet's behaviour.
func (p *plan) versionOf(objects []*analyze.Object) analyze.Version {
	v := p.version
	if p.Version == "" {
		v = analyze.DefaultVersion()
		if text := kubeletVersion(objects); text != "" {
			v = p.observed(text)
		}
	}
	v.Gates = p.FeatureGates
	return v
}

// observed reads a version that a server or node reported.
func (p *plan) observed(text string) analyze.Version {
	v, gap, err := analyze.ParseVersion(text)
	if err != nil {
		return analyze.DefaultVersion()
	}
	p.addGap(gap)
	v.Basis = analyze.Observed
	return v
}

func kubeletVersion(objects []*analyze.Object) string {
	count := map[int]int{}
	texts := map[int]string{}
	best := -1
	for _, o := range objects {
		node, ok := o.API.(*corev1.Node)
		if !ok {
			continue
		}
		text := node.Status.NodeInfo.KubeletVersion
		v, _, err := analyze.ParseVersion(text)
		if err != nil {
			continue
		}
		count[v.Minor]++
		texts[v.Minor] = text
	}
	for minor, n := range count {
		if best < 0 || n > count[best] || (n == count[best] && minor < best) {
			best = minor
		}
	}
	return texts[best]
}
