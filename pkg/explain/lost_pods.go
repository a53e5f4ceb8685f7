package explain

import (
	"fmt"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// A loop of lost pods is told of while its newest pod ended this recently, and
// counts the pods that ended this long before.
const (
	lossFresh  = 10 * time.Minute
	lossWindow = time.Hour
	lossLeast  = 3
)

// endedAt is when a pod ended, as far as its status tells: the last end of its
// containers; of a pod that the kubelet refused, when it did.
func (v *podView) endedAt() time.Time {
	var last time.Time
	for _, c := range v.cs {
		if t := c.terminated(); t != nil && t.FinishedAt.After(last) {
			last = t.FinishedAt.Time
		}
	}
	switch {
	case !last.IsZero():
	case v.pod.Status.StartTime != nil:
		last = v.pod.Status.StartTime.Time
	default:
		last = v.pod.CreationTimestamp.Time
	}
	return last
}

// lostInTurn are the newest pods that were evicted or refused for the same reason
// one after the other: each was made after the end of the one before it. Pods
// that one incident ended at the same time are no such chain.
func (c *crew) lostInTurn() []*podView {
	var failed []*podView
	for _, v := range c.ended {
		if v.pod.Status.Phase == corev1.PodFailed && v.pod.Status.Reason != "" && c.revision(v) != "old" && v.since(v.endedAt()) < lossWindow {
			failed = append(failed, v)
		}
	}
	slices.SortStableFunc(failed, func(a, b *podView) int { return b.endedAt().Compare(a.endedAt()) })
	var chain []*podView
	for _, v := range failed {
		if len(chain) > 0 {
			next := chain[len(chain)-1]
			// creationTimestamp has whole seconds, cut off, as the end has.
			if v.pod.Status.Reason != next.pod.Status.Reason || v.endedAt().After(next.pod.CreationTimestamp.Time) || v.o == next.o {
				continue
			}
		}
		chain = append(chain, v)
	}
	return chain
}

// lostAgain is a workload whose pods end for the same reason again and again: the
// controller replaces each, and the next meets the same end (pain 44; K61, K97).
func (c *crew) lostAgain(enough bool) []finding {
	chain := c.lostInTurn()
	if len(chain) < lossLeast || chain[0].since(chain[0].endedAt()) > lossFresh {
		return nil
	}
	causes := c.causes(chain[:1])
	if len(causes) == 0 {
		return nil
	}
	f, newest := causes[0].finding, chain[0]
	ref := newest.o.Ref
	f.Object, f.Count, f.state = &ref, len(chain), Failing
	f.Severity = choose(enough, analyze.Warning, analyze.Error)
	over := newest.endedAt().Sub(chain[len(chain)-1].endedAt())
	f.says = fmt.Sprintf("loses its pods again and again: the last of %d in %s, %s, %s", len(chain), span(over), newest.name(), f.says)
	f.Summary = fmt.Sprintf("%s ended one after the other in %s; the last: %s", plural(len(chain), "pod"), span(over), f.Summary)
	f.Detail = joinDetail("the controller replaces each of them at once, and the next ends the same way", f.Detail)
	f.folds = append(f.folds, idNotReadyYet, idReadinessFailing, idProgressing, idRolloutProgressing, idDegraded)
	f.actions = slices.DeleteFunc(slices.Clone(f.actions), func(a Action) bool { return a.Changes })
	return []finding{f}
}
