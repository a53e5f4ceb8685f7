package rules

import (
	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// helmHook says whether helm creates the object for one moment of a release: a
// hook or a test, which nobody expects to live on.
func helmHook(o *analyze.Object) bool {
	a := o.Meta.GetAnnotations()
	return a["helm.sh/hook"] != ""
}
