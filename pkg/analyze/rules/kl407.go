package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func barePod() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL407", Name: "bare-pod",
		Title:    "nothing makes this pod again when it is gone",
		Severity: analyze.Info,
		Kinds:    kinds(analyze.KindPod),
		Sources:  []analyze.Citation{behaviour("C11"), behaviour("C17"), page("concepts/workloads/pods/#working-with-pods")},
		Check: func(p *analyze.Pass) {
			if len(p.Object.Meta.GetOwnerReferences()) > 0 || helmHook(p.Object) || p.Pod.Spec.RestartPolicy == corev1.RestartPolicyNever {
				return
			}
			p.Report(field.NewPath("kind"), "a drain, an eviction or a lost node ends it for good").
				Fix("let a Deployment, StatefulSet or Job own it")
		},
	}
}
