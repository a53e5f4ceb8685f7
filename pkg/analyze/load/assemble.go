package load

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/version"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// all are the objects read so far, in a fixed order.
func (s *store) all() []*analyze.Object {
	s.mu.Lock()
	out := make([]*analyze.Object, 0, len(s.objects))
	for _, o := range s.objects {
		out = append(out, o)
	}
	s.mu.Unlock()
	sortObjects(out)
	return out
}

func (s *store) uids() map[string]bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make(map[string]bool, len(s.objects))
	for _, o := range s.objects {
		out[string(o.UID)] = true
	}
	return out
}

func (s *store) pods() []*corev1.Pod {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []*corev1.Pod
	for _, o := range s.objects {
		if pod, ok := o.API.(*corev1.Pod); ok {
			out = append(out, pod)
		}
	}
	return out
}

// snapshot closes the gathering.
func (g *gathering) snapshot(ctx context.Context) (*analyze.Snapshot, error) {
	objects := g.all()
	in := analyze.SnapshotInput{
		Taken: g.Now, TakenFrom: fromClock,
		Objects:   objects,
		Version:   g.versionOf(objects),
		Knowledge: analyze.Knowledge{Listed: g.listed},
	}
	if !g.Clock.IsZero() {
		in.Taken, in.TakenFrom = g.Clock, fromFlag
	}
	if in.Version.Basis == analyze.Assumed {
		text, err := g.serverVersion(ctx)
		if err != nil {
			g.gap(analyze.Gap{What: "the version of the cluster", Why: why(err) + "; " + in.Version.String() + " is assumed"})
		} else {
			in.Version = g.observed(text)
			in.Version.Gates = g.FeatureGates
		}
	}
	slices.SortFunc(g.store.gaps, func(a, b analyze.Gap) int { return cmp.Or(cmp.Compare(a.What, b.What), cmp.Compare(a.Why, b.Why)) })
	g.store.gaps = slices.CompactFunc(g.store.gaps, func(a, b analyze.Gap) bool { return a.What == b.What && a.Why == b.Why })
	in.Gaps = append(append(in.Gaps, g.plan.gaps...), g.store.gaps...)
	return analyze.NewSnapshot(in), ctx.Err()
}

// serverVersion asks for the server's version where no node told one.
func (s *server) serverVersion(ctx context.Context) (string, error) {
	data, err := s.client.Get().AbsPath("/version").SetHeader("Accept", runtime.ContentTypeJSON).MaxRetries(1).Do(ctx).Raw()
	if err != nil {
		return "", err
	}
	var info version.Info
	if err := json.Unmarshal(data, &info); err != nil {
		return "", fmt.Errorf("read the version: %w", err)
	}
	return info.GitVersion, nil
}
