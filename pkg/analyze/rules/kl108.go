package rules

import (
	"slices"
	"strconv"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func deregistrationOutlivesPod() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL108", Name: "deregistration-outlives-pod",
		Title:    "the load balancer sends requests to the pod after it is gone",
		Severity: analyze.Warning,
		Kinds:    kinds(analyze.KindDeployment, analyze.KindStatefulSet),
		Sources:  []analyze.Citation{behaviour("K33"), {Text: "AWS Load Balancer Controller", URL: "https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/#target-group-attributes"}},
		Check: func(p *analyze.Pass) {
			grace := p.Pod.GracePeriod()
			for _, o := range balancers(p) {
				delay, path, ok := deregistration(o)
				if !ok || delay <= grace.V {
					continue
				}
				p.Report(grace.At, "the pod is gone after %s at the latest", span(float64(grace.V))).
					BecauseOf(o, path, "connections are kept for up to %s", span(float64(delay))).
					Fix("raise terminationGracePeriodSeconds and the preStop sleep to the deregistration delay, or lower that")
			}
		},
	}
}

// balancers are the Services of the pod, and the Ingresses that lead to these.
func balancers(p *analyze.Pass) []*analyze.Object {
	var out []*analyze.Object
	for _, s := range p.Services() {
		out = append(out, s)
		for _, in := range p.Ingresses(s.Name) {
			if !slices.Contains(out, in) {
				out = append(out, in)
			}
		}
	}
	return out
}

// deregistration reads deregistration_delay.timeout_seconds of a target group
// whose targets are pods.
func deregistration(o *analyze.Object) (seconds int64, path *field.Path, ok bool) {
	annotations := o.Meta.GetAnnotations()
	if len(annotations) == 0 {
		return 0, nil, false
	}
	for _, by := range []struct{ target, attributes string }{
		{"service.beta.kubernetes.io/aws-load-balancer-nlb-target-type", "service.beta.kubernetes.io/aws-load-balancer-target-group-attributes"},
		{"alb.ingress.kubernetes.io/target-type", "alb.ingress.kubernetes.io/target-group-attributes"},
	} {
		if annotations[by.target] != "ip" {
			continue
		}
		for pair := range strings.SplitSeq(annotations[by.attributes], ",") {
			if v, found := strings.CutPrefix(strings.TrimSpace(pair), "deregistration_delay.timeout_seconds="); found {
				n, err := strconv.ParseInt(v, 10, 64)
				return n, field.NewPath("metadata", "annotations").Key(by.attributes), err == nil
			}
		}
	}
	return 0, nil, false
}
