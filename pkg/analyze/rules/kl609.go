package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func nonRootAsRoot() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL609", Name: "non-root-as-root",
		Title:    "the container must not run as root and is told to",
		Severity: analyze.Error,
		Kinds:    podHolders(),
		Sources:  []analyze.Citation{behaviour("K120"), source("pkg/kubelet/kuberuntime/security_context.go")},
		Check: func(p *analyze.Pass) {
			pod := p.Pod.Spec.SecurityContext
			for _, c := range p.Containers {
				nonRoot, user, at := (*bool)(nil), (*int64)(nil), p.Pod.SpecPath().Child("securityContext", "runAsUser")
				if pod != nil {
					nonRoot, user = pod.RunAsNonRoot, pod.RunAsUser
				}
				if own := c.SecurityContext; own != nil {
					if own.RunAsNonRoot != nil {
						nonRoot = own.RunAsNonRoot
					}
					if own.RunAsUser != nil {
						user, at = own.RunAsUser, c.Path.Child("securityContext", "runAsUser")
					}
				}
				if nonRoot != nil && *nonRoot && user != nil && *user == 0 {
					p.ReportIn(c, at, "user 0 is root: CreateContainerConfigError, for ever").
						Fix("choose another user, or drop runAsNonRoot for this container")
				}
			}
		},
	}
}
