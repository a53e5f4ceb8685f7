package simulate

import (
	"slices"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// notDecoded is the answer about an object whose kind makes pods but which could
// not be decoded, is of a group that is no longer served, or has no containers: a gap
// that says so.
// ok is false for all others.
func notDecoded(s *analyze.Snapshot, o *analyze.Object, q analyze.Question) (tl *analyze.Timeline, ok bool) {
	t, decoded := analyze.PodTemplateOf(o.API)
	if decoded && len(t.Spec.Containers) == 0 {
		return cannotTell(s, o, q, "it has no containers, which Kubernetes would refuse"), true
	}
	kinds := []string{"Pod", "PodTemplate", "ReplicationController", "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job", "CronJob"}
	if decoded || !slices.Contains(kinds, o.Kind) {
		return nil, false
	}
	why := "it cannot be read as " + o.APIVersion + " " + o.Kind
	for _, p := range o.Problems {
		if p.Message != "" {
			why += ": " + p.Message
			break
		}
	}
	return cannotTell(s, o, q, why), true
}

func cannotTell(s *analyze.Snapshot, o *analyze.Object, q analyze.Question, why string) *analyze.Timeline {
	return &analyze.Timeline{
		APIVersion: analyze.APIVersion, Kind: "Timeline", Question: q, Subject: o.Ref, KubernetesVersion: s.Version.String(),
		Trigger: analyze.Trigger{Type: OnCreate},
		Events:  []analyze.Event{}, Spans: []analyze.Span{}, CriticalChain: []string{}, Assumptions: []analyze.Assumption{},
		Verdict: analyze.Verdict{Headline: "cannot tell: " + why, Killed: []string{}, Advice: []analyze.Advice{}},
		Gaps:    []analyze.Gap{{What: "what " + o.String() + " would do", Why: why}},
	}
}
