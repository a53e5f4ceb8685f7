package apitest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/kubernetes/scheme"
)

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	call, version := parse(r)
	s.mu.Lock()
	s.calls = append(s.calls, call)
	fault := s.fault
	s.mu.Unlock()
	var f Fault
	if fault != nil {
		f = fault(call)
	}
	if f.Delay > 0 {
		wait := time.NewTimer(f.Delay)
		defer wait.Stop()
		select {
		case <-wait.C:
		case <-r.Context().Done():
		case <-s.closedCh:
		}
	}
	if f.Status != nil {
		writeStatus(w, f.Status)
		return
	}
	contentType, body, err := s.answer(r, call, version)
	var status *apierrors.StatusError
	switch {
	case errors.As(err, &status):
		writeStatus(w, status)
		return
	case err != nil:
		writeStatus(w, apierrors.NewInternalError(err))
		return
	}
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	if f.Cut {
		body = body[:len(body)/2]
	}
	_, _ = w.Write(body) // the client may have gone
}

// parse reads the path of a request, such as /apis/apps/v1/namespaces/shop/deployments/web.
func parse(r *http.Request) (Call, string) {
	q := r.URL.Query()
	c := Call{
		Verb: strings.ToLower(r.Method), Labels: q.Get("labelSelector"), Fields: q.Get("fieldSelector"),
		Continue: q.Get("continue"), Accept: r.Header.Get("Accept"),
	}
	c.Limit, _ = strconv.Atoi(q.Get("limit")) // absent means no limit
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	switch {
	case parts[0] == "version":
		c.Verb = "version"
		return c, ""
	case parts[0] == "api" && len(parts) > 2:
		parts = parts[1:]
	case parts[0] == "apis" && len(parts) > 3:
		c.Group = parts[1]
		parts = parts[2:]
	default:
		c.Verb = "discovery"
		return c, ""
	}
	version := parts[0]
	parts = parts[1:]
	if parts[0] == "namespaces" && len(parts) > 2 {
		c.Namespace = parts[1]
		parts = parts[2:]
	}
	c.Resource = parts[0]
	if len(parts) > 1 {
		c.Name = parts[1]
	} else if c.Verb == "get" {
		c.Verb = "list"
	}
	return c, version
}

func (s *Server) answer(r *http.Request, c Call, version string) (contentType string, body []byte, err error) {
	switch c.Verb {
	case "discovery":
		return toJSON(s.discovery(r.URL.Path))
	case "version":
		return toJSON(map[string]string{"major": "1", "minor": "36", "gitVersion": "v1.36.3"})
	case "get", "list":
	default:
		return "", nil, apierrors.NewMethodNotSupported(schema.GroupResource{Resource: c.Resource}, c.Verb)
	}
	kind, ok := s.kindOf(schema.GroupVersionResource{Group: c.Group, Version: version, Resource: c.Resource})
	if !ok {
		return "", nil, apierrors.NewNotFound(schema.GroupResource{Group: c.Group, Resource: c.Resource}, "")
	}
	found, err := s.find(kind, c)
	if err != nil {
		return "", nil, err
	}
	if c.Verb == "list" {
		return list(kind, found, c)
	}
	if len(found) == 0 {
		return "", nil, apierrors.NewNotFound(schema.GroupResource{Group: c.Group, Resource: c.Resource}, c.Name)
	}
	return encode(found[0], kind, c.Accept)
}

func (s *Server) find(gvk schema.GroupVersionKind, c Call) ([]*unstructured.Unstructured, error) {
	byLabel, err := labels.Parse(c.Labels)
	if err != nil {
		return nil, apierrors.NewBadRequest(err.Error())
	}
	byField, err := fields.ParseSelector(c.Fields)
	if err != nil {
		return nil, apierrors.NewBadRequest(err.Error())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []*unstructured.Unstructured
	for _, o := range s.objects {
		if o.GroupVersionKind() != gvk || (c.Namespace != "" && o.GetNamespace() != c.Namespace) ||
			(c.Name != "" && o.GetName() != c.Name) || !byLabel.Matches(labels.Set(o.GetLabels())) {
			continue
		}
		set, err := fieldsOf(o, byField)
		if err != nil {
			return nil, err
		}
		if byField.Matches(set) {
			out = append(out, o)
		}
	}
	return out, nil
}

// fieldsOf are the fields that a server lets one select by.
func fieldsOf(o *unstructured.Unstructured, sel fields.Selector) (fields.Set, error) {
	known := []string{
		"metadata.name", "metadata.namespace", "spec.nodeName", "status.phase", "spec.restartPolicy",
		"involvedObject.name", "involvedObject.kind", "involvedObject.uid", "involvedObject.namespace", "type", "reason",
	}
	set := fields.Set{}
	for _, r := range sel.Requirements() {
		if !slices.Contains(known, r.Field) {
			return nil, apierrors.NewBadRequest(fmt.Sprintf("field label not supported: %s", r.Field))
		}
		set[r.Field], _, _ = unstructured.NestedString(o.Object, strings.Split(r.Field, ".")...) // absent is ""
	}
	return set, nil
}

// list cuts the page out of what was found and encodes it.
func list(gvk schema.GroupVersionKind, found []*unstructured.Unstructured, c Call) (contentType string, body []byte, err error) {
	start, _ := strconv.Atoi(c.Continue) // "" starts at 0
	start = min(start, len(found))
	end := len(found)
	listMeta := metav1.ListMeta{ResourceVersion: "1"}
	if c.Limit > 0 && start+c.Limit < end {
		end = start + c.Limit
		rest := int64(len(found) - end)
		listMeta.Continue, listMeta.RemainingItemCount = strconv.Itoa(end), &rest
	}
	found = found[start:end]
	if strings.Contains(c.Accept, "as=PartialObjectMetadataList") {
		return toJSON(partial(found, listMeta))
	}
	gvk.Kind += "List"
	typed, err := scheme.Scheme.New(gvk)
	if err != nil {
		items := make([]any, len(found))
		for i, o := range found {
			items[i] = o.Object
		}
		return toJSON(map[string]any{"apiVersion": gvk.GroupVersion().String(), "kind": gvk.Kind, "metadata": listMeta, "items": items})
	}
	items := make([]runtime.Object, len(found))
	for i, o := range found {
		if items[i], err = toTyped(o); err != nil {
			return "", nil, err
		}
	}
	if err := meta.SetList(typed, items); err != nil {
		return "", nil, err
	}
	accessor, err := meta.ListAccessor(typed)
	if err != nil {
		return "", nil, err
	}
	accessor.SetContinue(listMeta.Continue)
	accessor.SetRemainingItemCount(listMeta.RemainingItemCount)
	return encodeTyped(typed, gvk, c.Accept)
}

func partial(found []*unstructured.Unstructured, listMeta metav1.ListMeta) *metav1.PartialObjectMetadataList {
	out := &metav1.PartialObjectMetadataList{
		TypeMeta: metav1.TypeMeta{APIVersion: "meta.k8s.io/v1", Kind: "PartialObjectMetadataList"}, ListMeta: listMeta,
	}
	for _, o := range found {
		out.Items = append(out.Items, metav1.PartialObjectMetadata{ObjectMeta: metav1.ObjectMeta{Name: o.GetName(), Namespace: o.GetNamespace()}})
	}
	return out
}

func toTyped(o *unstructured.Unstructured) (runtime.Object, error) {
	typed, err := scheme.Scheme.New(o.GroupVersionKind())
	if err != nil {
		return nil, err
	}
	return typed, runtime.DefaultUnstructuredConverter.FromUnstructured(o.Object, typed)
}

func encode(o *unstructured.Unstructured, gvk schema.GroupVersionKind, accept string) (contentType string, body []byte, err error) {
	typed, err := toTyped(o)
	if err != nil {
		return toJSON(o.Object)
	}
	return encodeTyped(typed, gvk, accept)
}

// encodeTyped answers in protobuf where the client takes it, as servers do.
func encodeTyped(o runtime.Object, gvk schema.GroupVersionKind, accept string) (contentType string, body []byte, err error) {
	contentType = runtime.ContentTypeJSON
	if strings.HasPrefix(accept, runtime.ContentTypeProtobuf) {
		contentType = runtime.ContentTypeProtobuf
	}
	info, ok := runtime.SerializerInfoForMediaType(scheme.Codecs.SupportedMediaTypes(), contentType)
	if !ok {
		return "", nil, fmt.Errorf("no serializer for %s", contentType)
	}
	var out bytes.Buffer
	err = scheme.Codecs.EncoderForVersion(info.Serializer, gvk.GroupVersion()).Encode(o, &out)
	return contentType, out.Bytes(), err
}

func toJSON(v any) (contentType string, body []byte, err error) {
	body, err = json.Marshal(v)
	return runtime.ContentTypeJSON, body, err
}

func writeStatus(w http.ResponseWriter, err *apierrors.StatusError) {
	status := err.Status()
	status.APIVersion, status.Kind = "v1", "Status"
	w.Header().Set("Content-Type", runtime.ContentTypeJSON)
	w.WriteHeader(int(status.Code))
	_ = json.NewEncoder(w).Encode(status) // the client may have gone
}
