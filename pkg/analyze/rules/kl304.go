package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze/simulate"
	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func deadlineBeforeReady() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL304", Name: "deadline-before-ready",
		Title:    "every rollout is reported as failed",
		Severity: analyze.Error,
		Kinds:    kinds(analyze.KindDeployment),
		Sources:  []analyze.Citation{behaviour("C65"), behaviour("C66"), page("concepts/workloads/controllers/deployment/#progress-deadline-seconds")},
		Check: func(p *analyze.Pass) {
			d, ok := p.Object.API.(*appsv1.Deployment)
			if !ok || d.Spec.ProgressDeadlineSeconds == nil {
				return
			}
			deadline := float64(*d.Spec.ProgressDeadlineSeconds)
			for _, c := range running(p) {
				if c.ReadinessProbe == nil || c.Type != analyze.AppContainer {
					continue
				}
				ready := simulate.ReadyWindow(simulate.TimingOf(c.ReadinessProbe), analyze.At(0)).Earliest
				if ready <= deadline {
					continue
				}
				p.ReportIn(c, field.NewPath("spec", "progressDeadlineSeconds"), "no pod can be ready by then").
					Because(c.Path.Child("readinessProbe", "initialDelaySeconds"), "ready after %s at the earliest", span(ready)).
					Fix("raise progressDeadlineSeconds well above the time a pod needs to become ready")
			}
		},
	}
}
