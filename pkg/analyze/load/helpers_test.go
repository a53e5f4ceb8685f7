package load_test

import (
	"strconv"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func toUnstructured(t *testing.T, o *analyze.Object) *unstructured.Unstructured {
	t.Helper()
	m, err := runtime.DefaultUnstructuredConverter.ToUnstructured(o.API)
	if err != nil {
		t.Fatal(err)
	}
	return &unstructured.Unstructured{Object: m}
}

func typesUID(i int) types.UID { return types.UID("uid-" + strconv.Itoa(i)) }
