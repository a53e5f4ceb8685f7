package apitest

import (
	"cmp"
	"slices"
	"testing"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/restmapper"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/test/cluster/testkit"
)

// assigned is the metadata that only a server gives. What was written is read
// back with the values of the file in these fields: a recording has its own
// times, and an object made today cannot have been deleted last spring.
var assigned = []string{"uid", "creationTimestamp", "deletionTimestamp", "generation"}

// stillWorld is an API server on which nobody acts: what is written stays.
type stillWorld struct {
	env    testkit.Env
	client dynamic.Interface
	core   kubernetes.Interface
	mapper meta.RESTMapper
}

func newStillWorld(t *testing.T) *stillWorld {
	t.Helper()
	still, err := env.Cluster.StartStill(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := env.Cluster.StopStill(); err != nil {
			t.Error(err)
		}
	})
	w := &stillWorld{env: testkit.Env{Cluster: still, Plugin: env.Plugin}, core: still.Client}
	if w.client, err = dynamic.NewForConfig(still.Config); err != nil {
		t.Fatal(err)
	}
	groups, err := restmapper.GetAPIGroupResources(w.core.Discovery())
	if err != nil {
		t.Fatal(err)
	}
	w.mapper = restmapper.NewDiscoveryRESTMapper(groups)
	return w
}

// through writes objects as their clients, their deleter and their controllers
// would, reads them back in the same order, and removes them. rows are the
// server's own table of the pods.
func (w *stillWorld) through(t *testing.T, objects []*unstructured.Unstructured) (out []*unstructured.Unstructured, rows map[string]testkit.Row) {
	t.Helper()
	inOrder := slices.Clone(objects)
	slices.SortStableFunc(inOrder, func(a, b *unstructured.Unstructured) int { return cmp.Compare(rank(a), rank(b)) })
	defer w.remove(t, inOrder)
	for _, o := range inOrder {
		w.create(t, o)
	}
	for _, o := range inOrder {
		w.markDeleted(t, o)
	}
	for _, o := range inOrder {
		w.writeStatus(t, o)
	}
	rows = map[string]testkit.Row{}
	for _, row := range w.env.Rows(t, "") {
		rows[row.Name] = row
	}
	for _, o := range objects {
		got, err := w.resource(t, o).Get(t.Context(), o.GetName(), metav1.GetOptions{})
		if err != nil {
			t.Errorf("reading %s back: %v", title(o), err)
			continue
		}
		out = append(out, withAssigned(got, o))
	}
	return out, rows
}

// rank is the order of writing: what others need comes first, what would refuse
// them comes last.
func rank(o *unstructured.Unstructured) int {
	switch {
	case o.GetKind() == "Namespace":
		return 0
	case o.GetKind() == "ResourceQuota" || o.GetKind() == "LimitRange":
		return 3
	case o.GetNamespace() == "":
		return 1
	}
	return 2
}

func title(o *unstructured.Unstructured) string { return o.GetKind() + " " + o.GetName() }

func (w *stillWorld) resource(t *testing.T, o *unstructured.Unstructured) dynamic.ResourceInterface {
	t.Helper()
	kind := o.GroupVersionKind()
	mapping, err := w.mapper.RESTMapping(kind.GroupKind(), kind.Version)
	if err != nil {
		t.Fatalf("%s: %v", title(o), err)
	}
	if mapping.Scope.Name() == meta.RESTScopeNameNamespace {
		return w.client.Resource(mapping.Resource).Namespace(o.GetNamespace())
	}
	return w.client.Resource(mapping.Resource)
}

// create writes what a client may say; a new object has no status yet.
func (w *stillWorld) create(t *testing.T, o *unstructured.Unstructured) {
	t.Helper()
	w.prepare(t, o)
	fresh := o.DeepCopy()
	delete(fresh.Object, "status")
	unstructured.RemoveNestedField(fresh.Object, "spec", "ephemeralContainers")
	for _, field := range append([]string{"deletionGracePeriodSeconds"}, assigned...) {
		unstructured.RemoveNestedField(fresh.Object, "metadata", field)
	}
	testkit.Eventually(t, "making "+title(o), testkit.Limit, func() string {
		made, err := w.resource(t, o).Create(t.Context(), fresh, metav1.CreateOptions{})
		if apierrors.HasStatusCause(err, corev1.NamespaceTerminatingCause) {
			return err.Error() // the server still remembers the namespace before this one
		}
		if err != nil {
			t.Errorf("the API server refuses %s: %v", title(o), err)
		} else {
			w.debug(t, o, made)
		}
		return ""
	})
}

// debug adds the containers that only kubectl debug can add.
func (w *stillWorld) debug(t *testing.T, o, made *unstructured.Unstructured) {
	t.Helper()
	debuggers, has, _ := unstructured.NestedSlice(o.Object, "spec", "ephemeralContainers")
	if !has {
		return
	}
	err := unstructured.SetNestedSlice(made.Object, debuggers, "spec", "ephemeralContainers")
	if err == nil {
		_, err = w.resource(t, o).Update(t.Context(), made, metav1.UpdateOptions{}, "ephemeralcontainers")
	}
	if err != nil {
		t.Errorf("the API server refuses the debug containers of %s: %v", title(o), err)
	}
}

// prepare makes what admission asks for: the namespace, and the pod's account.
func (w *stillWorld) prepare(t *testing.T, o *unstructured.Unstructured) {
	t.Helper()
	ns := o.GetNamespace()
	if o.GetKind() == "Namespace" {
		w.removeNamespace(t, o.GetName()) // another case may have made one of that name
	}
	if ns == "" {
		return
	}
	_, err := w.core.CoreV1().Namespaces().Create(t.Context(), &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: ns}}, metav1.CreateOptions{})
	if err != nil && !apierrors.IsAlreadyExists(err) {
		t.Fatalf("making namespace %s: %v", ns, err)
	}
	if o.GetKind() != "Pod" {
		return
	}
	account, _, _ := unstructured.NestedString(o.Object, "spec", "serviceAccountName")
	account = cmp.Or(account, "default")
	testkit.Eventually(t, "making service account "+account, testkit.Limit, func() string {
		_, err := w.core.CoreV1().ServiceAccounts(ns).Create(t.Context(), &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: account}}, metav1.CreateOptions{})
		if err != nil && !apierrors.IsAlreadyExists(err) {
			return err.Error()
		}
		return ""
	})
}

// markDeleted deletes what the file shows as deleted. It comes before the
// status, because a pod that has ended is removed at once.
func (w *stillWorld) markDeleted(t *testing.T, o *unstructured.Unstructured) {
	t.Helper()
	if o.GetDeletionTimestamp() == nil {
		return
	}
	opts := metav1.DeleteOptions{GracePeriodSeconds: o.GetDeletionGracePeriodSeconds()}
	if err := w.resource(t, o).Delete(t.Context(), o.GetName(), opts); err != nil {
		t.Errorf("the API server does not delete %s: %v", title(o), err)
	}
}

func (w *stillWorld) writeStatus(t *testing.T, o *unstructured.Unstructured) {
	t.Helper()
	status, has := o.Object["status"]
	if !has {
		return
	}
	now, err := w.resource(t, o).Get(t.Context(), o.GetName(), metav1.GetOptions{})
	if err == nil {
		now.Object["status"] = status
		_, err = w.resource(t, o).UpdateStatus(t.Context(), now, metav1.UpdateOptions{})
	}
	if err != nil {
		t.Errorf("the API server refuses the status of %s: %v", title(o), err)
	}
}

// withAssigned is an object as the server has it, with the file's values where
// only a server can give one.
func withAssigned(got, file *unstructured.Unstructured) *unstructured.Unstructured {
	meta, _ := got.Object["metadata"].(map[string]any)
	old, _ := file.Object["metadata"].(map[string]any)
	for _, field := range assigned {
		if v, has := old[field]; has {
			meta[field] = v
		} else if field != "generation" {
			delete(meta, field)
		}
	}
	delete(meta, "managedFields")
	return got
}

func (w *stillWorld) remove(t *testing.T, objects []*unstructured.Unstructured) {
	ctx, cancel := cleanupContext()
	defer cancel()
	for _, o := range slices.Backward(objects) {
		if o.GetKind() == "Namespace" {
			w.removeNamespace(t, o.GetName())
			continue
		}
		objects, name := w.resource(t, o), o.GetName()
		err := objects.Delete(ctx, name, metav1.DeleteOptions{GracePeriodSeconds: ptr(int64(0)), PropagationPolicy: ptr(metav1.DeletePropagationBackground)})
		if err == nil && len(o.GetFinalizers()) > 0 || o.GetKind() == "PersistentVolumeClaim" {
			_, err = objects.Patch(ctx, name, types.MergePatchType, []byte(`{"metadata":{"finalizers":null}}`), metav1.PatchOptions{})
		}
		if err != nil && !apierrors.IsNotFound(err) {
			t.Errorf("removing %s: %v", title(o), err)
		}
	}
}

// removeNamespace does what the namespace controller does, for one that holds nothing.
func (w *stillWorld) removeNamespace(t *testing.T, name string) {
	ctx, cancel := cleanupContext()
	defer cancel()
	namespaces := w.core.CoreV1().Namespaces()
	err := namespaces.Delete(ctx, name, metav1.DeleteOptions{})
	if err == nil || apierrors.IsConflict(err) {
		_, err = namespaces.Finalize(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name}}, metav1.UpdateOptions{})
	}
	if err != nil && !apierrors.IsNotFound(err) {
		t.Fatalf("removing namespace %s: %v", name, err)
	}
}
