package explain

import (
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// Short names for types of Kubernetes.
type (
	kind             = schema.GroupKind
	resourceQuantity = resource.Quantity
	conditionV1      = metav1.Condition
	timeStamp        = time.Time
)

const errorSeverity = analyze.Error

// missing is a gap that changes the answer: what could not be seen, and what it
// would have told.
func missing(gk kind, namespace, tells string) analyze.Gap {
	where := ""
	if namespace != "" {
		where = fmt.Sprintf(" in namespace %q", namespace)
	}
	return analyze.Gap{
		What: tells, Why: fmt.Sprintf("%s%s could not be seen", kindWord(gk), where),
		Kind: gk, Namespace: namespace, Matters: true,
	}
}

// kindWord is a kind in the plural, as people write it.
func kindWord(gk kind) string {
	switch gk {
	case analyze.KindPVC:
		return "persistent volume claims"
	case analyze.KindPDB:
		return "pod disruption budgets"
	case analyze.KindEndpoints:
		return "endpoint slices"
	case analyze.KindReplicaSet:
		return "replica sets"
	case analyze.KindEvent:
		return "events"
	case analyze.KindNode:
		return "nodes"
	case analyze.KindPod:
		return "pods"
	case analyze.KindService:
		return "services"
	}
	return gk.Kind + " objects"
}
