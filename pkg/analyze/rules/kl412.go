package rules

import (
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func priorityClassMissing() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL412", Name: "priority-class-missing",
		Title:    "the pod's priority class does not exist",
		Severity: analyze.Error,
		Kinds:    podHolders(),
		Needs:    kinds(analyze.KindPriority),
		Sources:  []analyze.Citation{behaviour("C437"), page("concepts/scheduling-eviction/pod-priority-preemption/#pod-priority")},
		Applies: func(p *analyze.Pass) bool {
			name := p.Pod.Spec.PriorityClassName
			return name != "" && !strings.HasPrefix(name, "system-")
		},
		Check: func(p *analyze.Pass) {
			name := p.Pod.Spec.PriorityClassName
			if name == "" || strings.HasPrefix(name, "system-") {
				return
			}
			for _, o := range p.Snapshot.Of(analyze.KindPriority, "") {
				if o.Name == name {
					return
				}
			}
			p.Report(p.Pod.SpecPath().Child("priorityClassName"), "no PriorityClass %q: no pod can be created", name).
				Fix("create the PriorityClass first, or correct the name")
		},
	}
}
