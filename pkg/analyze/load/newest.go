package load

import (
	"reflect"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// newestTime is the newest moment that a recorded object tells of: its creation,
// its deletion, and all times of its status.
func newestTime(api runtime.Object, meta metav1.Object) time.Time {
	var n newest
	n.see(meta.GetCreationTimestamp().Time)
	if d := meta.GetDeletionTimestamp(); d != nil {
		// The timestamp is the end of the grace period, not the moment of the request.
		grace := time.Duration(0)
		if g := meta.GetDeletionGracePeriodSeconds(); g != nil {
			grace = time.Duration(*g) * time.Second
		}
		n.see(d.Add(-grace))
	}
	switch o := api.(type) {
	case *corev1.Event:
		n.see(analyze.EventTime(o))
	case *unstructured.Unstructured:
		n.conditions(o)
	default:
		v := reflect.ValueOf(api).Elem()
		if status := v.FieldByName("Status"); status.IsValid() {
			n.walk(status)
		}
	}
	return n.time
}

type newest struct{ time time.Time }

func (n *newest) see(t time.Time) {
	if t.After(n.time) {
		n.time = t
	}
}

// walk sees every time inside a status.
func (n *newest) walk(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			n.walk(v.Elem())
		}
	case reflect.Slice:
		if k := v.Type().Elem().Kind(); k != reflect.Struct && k != reflect.Pointer {
			return
		}
		for i := range v.Len() {
			n.walk(v.Index(i))
		}
	case reflect.Struct:
		switch t := v.Interface().(type) {
		case metav1.Time:
			n.see(t.Time)
			return
		case metav1.MicroTime:
			n.see(t.Time)
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				n.walk(v.Field(i))
			}
		}
	default:
	}
}

// conditions sees the transition times of an object of unknown shape.
func (n *newest) conditions(o *unstructured.Unstructured) {
	list, _, _ := unstructured.NestedSlice(o.Object, "status", "conditions")
	for _, c := range list {
		m, ok := c.(map[string]any)
		if !ok {
			continue
		}
		text, _ := m["lastTransitionTime"].(string)
		if t, err := time.Parse(time.RFC3339, text); err == nil {
			n.see(t)
		}
	}
}
