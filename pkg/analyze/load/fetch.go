package load

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes/scheme"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// defaultChunk is kubectl's page size. Kinds whose objects are small come in
// pages smallFactor times as large: a thousand pods have some thousand events.
const (
	defaultChunk = 500
	smallFactor  = 10
)

// lastApplied is the copy of the manifest that kubectl apply leaves behind.
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

// A query is one list.
type query struct {
	kind
	namespace      string // "" = all
	labels, fields string
	// keep leaves out objects as soon as they arrive; nil keeps all.
	keep func(metav1.Object) bool
	// bounded says that the selector keeps the list short, so that larger pages do no harm.
	bounded bool
}

// A store collects what was read. It may be used from many goroutines.
type store struct {
	*server
	chunk    int64
	progress func(done, total int64)

	mu      sync.Mutex
	objects map[string]*analyze.Object
	listed  map[schema.GroupKind][]string
	refused map[string]error // lists that were forbidden, by resource and namespace
	gaps    []analyze.Gap
	done    int64
	total   int64
}

func newStore(s *server, p *plan) *store {
	chunk := p.ChunkSize
	if chunk < 0 {
		chunk = defaultChunk
	}
	return &store{
		server: s, chunk: chunk, progress: p.Progress,
		objects: map[string]*analyze.Object{}, listed: map[schema.GroupKind][]string{}, refused: map[string]error{},
	}
}

// get reads one object.
func (s *store) get(ctx context.Context, k kind, namespace, name string) (*analyze.Object, error) {
	if k.clusterWide {
		namespace = ""
	}
	r, done, err := s.request(ctx, k, namespace, name)
	if err != nil {
		return nil, err
	}
	defer done()
	if k.custom {
		data, err := r.SetHeader("Accept", runtime.ContentTypeJSON).Do(ctx).Raw()
		if err != nil {
			return nil, err
		}
		u := &unstructured.Unstructured{}
		if err := u.UnmarshalJSON(data); err != nil {
			return nil, fmt.Errorf("read %s %q: %w", k, name, err)
		}
		return s.add(k, u), nil
	}
	api, err := scheme.Scheme.New(k.gvk())
	if err != nil {
		return nil, fmt.Errorf("read %s %q: %w", k, name, err)
	}
	if err := r.Do(ctx).Into(api); err != nil {
		return nil, err
	}
	return s.add(k, api), nil
}

// list reads all pages of a list. Where the server has forgotten the place of a
// page (410), the list is read again without pages, as kubectl does. After an
// error, what had been read until then is returned with it.
func (s *store) list(ctx context.Context, q query) ([]*analyze.Object, error) {
	if q.clusterWide {
		q.namespace = ""
	}
	limit := s.chunk
	switch q.GroupKind {
	case analyze.KindPod:
		if q.bounded {
			limit *= 4
		}
	case analyze.KindReplicaSet, analyze.KindNode:
	default:
		limit *= smallFactor
	}
	place := q.String() + " " + q.namespace
	if err := s.refusal(place, nil); err != nil {
		return nil, err
	}
	found, err := s.pages(ctx, q, limit)
	if apierrors.IsForbidden(err) {
		return nil, s.refusal(place, err)
	}
	if apierrors.IsResourceExpired(err) || apierrors.IsGone(err) {
		found, err = s.pages(ctx, q, 0)
	}
	return found, err
}

// refusal remembers that a list is forbidden, so that it is asked for only once.
func (s *store) refusal(place string, err error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		s.refused[place] = err
	}
	return s.refused[place]
}

func (s *store) pages(ctx context.Context, q query, limit int64) ([]*analyze.Object, error) {
	var found []*analyze.Object
	options := metav1.ListOptions{LabelSelector: q.labels, FieldSelector: q.fields, Limit: limit}
	for {
		page, err := s.page(ctx, q, options)
		if err != nil && isCut(err) && ctx.Err() == nil {
			page, err = s.page(ctx, q, options)
		}
		if err != nil {
			return found, err
		}
		before := len(found)
		if err := meta.EachListItem(page, func(item runtime.Object) error {
			if accessor, err := meta.Accessor(item); err == nil && (q.keep == nil || q.keep(accessor)) {
				if q.keep != nil { // a kept item must not hold its whole page in memory
					item = item.DeepCopyObject()
				}
				found = append(found, s.add(q.kind, item))
			}
			return nil
		}); err != nil {
			return found, fmt.Errorf("read a list of %s: %w", q.kind, err)
		}
		listMeta, err := meta.ListAccessor(page)
		if err != nil {
			return found, fmt.Errorf("read a list of %s: %w", q.kind, err)
		}
		s.report(int64(len(found)-before), before == 0, listMeta.GetRemainingItemCount())
		if options.Continue = listMeta.GetContinue(); options.Continue == "" {
			return found, nil
		}
	}
}

func (s *store) page(ctx context.Context, q query, options metav1.ListOptions) (runtime.Object, error) {
	r, done, err := s.request(ctx, q.kind, q.namespace, "")
	if err != nil {
		return nil, err
	}
	defer done()
	r = r.VersionedParams(&options, scheme.ParameterCodec)
	if q.custom {
		data, err := r.SetHeader("Accept", runtime.ContentTypeJSON).Do(ctx).Raw()
		if err != nil {
			return nil, err
		}
		list := &unstructured.UnstructuredList{}
		return list, list.UnmarshalJSON(data)
	}
	gvk := q.gvk()
	gvk.Kind += "List"
	list, err := scheme.Scheme.New(gvk)
	if err != nil {
		return nil, err
	}
	return list, r.Do(ctx).Into(list)
}

// names lists only the names of a kind, for suggestions; at most one page.
func (s *store) names(ctx context.Context, q query) ([]types.NamespacedName, error) {
	r, done, err := s.request(ctx, q.kind, q.namespace, "")
	if err != nil {
		return nil, err
	}
	defer done()
	data, err := r.VersionedParams(&metav1.ListOptions{FieldSelector: q.fields, Limit: defaultChunk}, scheme.ParameterCodec).
		SetHeader("Accept", "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json").Do(ctx).Raw()
	if err != nil {
		return nil, err
	}
	var list metav1.PartialObjectMetadataList
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, fmt.Errorf("read the names of %s: %w", q.kind, err)
	}
	var out []types.NamespacedName
	for i := range list.Items {
		out = append(out, types.NamespacedName{Namespace: list.Items[i].Namespace, Name: list.Items[i].Name})
	}
	return out, nil
}

// add keeps an object once, without what nobody looks at.
func (s *store) add(k kind, api runtime.Object) *analyze.Object {
	gvk := k.gvk()
	api.GetObjectKind().SetGroupVersionKind(gvk)
	m, err := meta.Accessor(api)
	if err != nil {
		m = &metav1.ObjectMeta{}
	}
	strip(api, m)
	version, kindName := gvk.ToAPIVersionAndKind()
	ref := analyze.Ref{APIVersion: version, Kind: kindName, Namespace: m.GetNamespace(), Name: m.GetName(), UID: m.GetUID()}
	key := strings.Join([]string{k.Group, k.Kind, ref.Namespace, ref.Name}, "/")
	s.mu.Lock()
	defer s.mu.Unlock()
	if known := s.objects[key]; known != nil && known.UID == ref.UID {
		return known
	}
	o := analyze.NewObject(ref, api, m, nil)
	s.objects[key] = o
	return o
}

// strip drops what is large and says nothing about life and death.
func strip(api runtime.Object, m metav1.Object) {
	m.SetManagedFields(nil)
	if a := m.GetAnnotations(); a[lastApplied] != "" {
		delete(a, lastApplied)
		m.SetAnnotations(a)
	}
	if node, ok := api.(*corev1.Node); ok {
		node.Status.Images = nil
	}
}

// saw records that all objects of a kind in a namespace were read.
func (s *store) saw(k kind, namespace string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.listed[k.GroupKind] = append(s.listed[k.GroupKind], namespace)
}

func (s *store) sees(k kind, namespace string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, ns := range s.listed[k.GroupKind] {
		if ns == "" || ns == namespace {
			return true
		}
	}
	return false
}

func (s *store) gap(g analyze.Gap) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gaps = append(s.gaps, g)
}

func (s *store) report(n int64, first bool, remaining *int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done += n
	if first {
		s.total += n
		if remaining != nil {
			s.total += *remaining
		}
	}
	if s.progress != nil {
		s.progress(s.done, max(s.total, s.done))
	}
}
