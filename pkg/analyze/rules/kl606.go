package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	corev1 "k8s.io/api/core/v1"
)

func neverPulled() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL606", Name: "image-never-pulled",
		Title:    "the image must already be on whatever node the pod gets",
		Severity: analyze.Warning,
		Kinds:    podHolders(),
		Sources:  []analyze.Citation{behaviour("K123"), page("concepts/containers/images/#image-pull-policy")},
		Check: func(p *analyze.Pass) {
			for _, c := range p.Containers {
				if c.ImagePullPolicy == corev1.PullNever {
					p.ReportIn(c, c.Path.Child("imagePullPolicy"), "a node without the image answers ErrImageNeverPull, for ever").
						Fix("use IfNotPresent, which takes an image that is there and pulls one that is not")
				}
			}
		},
	}
}
