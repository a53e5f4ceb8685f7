package explain

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// explainService tells whether anybody answers behind a Service, through the
// pods it selects.
func (w *world) explainService(o *analyze.Object, svc *corev1.Service) *Explanation {
	x := w.blank(o)
	mine := service{}
	for _, s := range w.services[o.Namespace] {
		if s.o == o {
			mine = s
		}
	}
	if mine.o == nil {
		x.State, x.Severity = Unknown, analyze.Info
		x.Headline = fmt.Sprintf("%s has no selector: its endpoints are somebody else's work", o.Ref)
		return w.finish(x)
	}
	pods := w.s.Selected(analyze.KindPod, o.Namespace, mine.selector)
	ready, total, known := w.endpoints(mine, nil)
	c := w.throughPods(x, pods, nil)
	switch {
	case !known:
		x.State, x.Severity = Unknown, analyze.Info
		x.Headline = fmt.Sprintf("%s: its endpoints and pods were not seen", o.Ref)
		x.Gaps = append(x.Gaps, missing(analyze.KindPod, o.Namespace, "whether anybody answers"))
	case total == 0 && len(c.live) == 0:
		x.State, x.Severity = Waiting, analyze.Warning
		x.Headline = fmt.Sprintf("%s has no endpoint: it selects no pod", o.Ref)
		x.Reasons = append(x.Reasons, Reason{
			ID: idNoEndpoint, Severity: analyze.Warning, Certainty: Certain, Rule: "K89", Summary: "no pod has the labels of its selector",
			Evidence: []Evidence{proof(o.Ref, "spec.selector", mine.selector.String())},
		})
	case ready == 0 && !svc.Spec.PublishNotReadyAddresses:
		x.State, x.Severity = Stuck, max(x.Severity, analyze.Error)
		x.Headline = fmt.Sprintf("%s has no ready endpoint: every connection to it fails", o.Ref)
	case len(x.Reasons) == 0:
		x.State, x.Severity = Healthy, analyze.OK
		x.Headline = fmt.Sprintf("%s is healthy: %d of %s ready", o.Ref, ready, plural(total, "endpoint"))
	default:
		x.Headline = fmt.Sprintf("%s has %d of %s ready: %s", o.Ref, ready, plural(total, "endpoint"), x.Reasons[0].Summary)
	}
	return w.finish(x)
}
