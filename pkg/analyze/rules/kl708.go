package rules

import (
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

func volatileSelector() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL708", Name: "version-in-selector",
		Title:    "the next version cannot be applied, since a selector cannot be changed",
		Severity: analyze.Warning,
		Kinds:    kinds(analyze.KindDeployment, analyze.KindStatefulSet, analyze.KindDaemonSet, analyze.KindReplicaSet),
		Sources:  []analyze.Citation{behaviour("C467"), behaviour("C468"), page("concepts/workloads/controllers/deployment/#label-selector-updates")},
		Check: func(p *analyze.Pass) {
			selector := workloadSelector(p.Object)
			if selector == nil {
				return
			}
			for _, key := range []string{"helm.sh/chart", "app.kubernetes.io/version", "chart"} {
				value, ok := selector.MatchLabels[key]
				if !ok || !strings.ContainsAny(value, "0123456789") {
					continue
				}
				p.Report(field.NewPath("spec", "selector", "matchLabels").Key(key), "changes with each version, and the API refuses a changed selector").
					Fix("select by labels that stay, such as app.kubernetes.io/name and app.kubernetes.io/instance")
			}
		},
	}
}
