package load

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// masked stands for every value that may be confidential.
const masked = "***"

// Save reads what explains the subjects, or the namespace where none is named,
// and writes it as one YAML List that Load reads back. Secrets and ConfigMaps are
// left out; values of environment variables and of HTTP headers are masked;
// managed fields and the copies kubectl apply keeps are dropped. Commands,
// arguments, annotations and messages stay as they are. The order is fixed.
func Save(ctx context.Context, req Request) ([]byte, error) {
	req.Question = Saving
	r, err := Load(ctx, req)
	if err != nil {
		return nil, err
	}
	if len(r.Errors) > 0 {
		return nil, &UserError{Message: r.Errors[0].Error(), Cause: &r.Errors[0]}
	}
	objects := slices.Clone(r.Snapshot.Objects())
	sortObjects(objects)
	var out bytes.Buffer
	header(&out, r.Snapshot)
	for _, k := range knownAbsent(r.Snapshot) {
		fmt.Fprintf(&out, "- {apiVersion: %s, kind: %sList, items: []}\n", k.groupVersion(), k.Kind)
	}
	for _, o := range objects {
		if gk := o.GroupKind(); gk == kindSecret || gk == analyze.KindConfigMap {
			continue
		}
		item, err := publicContent(o.API)
		if err != nil {
			return nil, fmt.Errorf("write %s: %w", o, err)
		}
		text, err := yaml.Marshal([]any{item})
		if err != nil {
			return nil, fmt.Errorf("write %s: %w", o, err)
		}
		out.Write(text)
	}
	return out.Bytes(), nil
}

// knownAbsent are the kinds of which it is known that there are none. An empty
// list of the kind says so in the file.
func knownAbsent(s *analyze.Snapshot) []kind {
	namespaces := namespacesOf(s.Objects())
	var out []kind
	for _, k := range knownKinds() {
		in := slices.DeleteFunc(slices.Clone(namespaces), func(ns string) bool { return (ns == "") != k.clusterWide })
		unseen := func(ns string) bool { return !s.Sees(k.GroupKind, ns) }
		if k.GroupKind != kindSecret && k.GroupKind != analyze.KindConfigMap && len(s.Of(k.GroupKind, "")) == 0 &&
			len(in) > 0 && !slices.ContainsFunc(in, unseen) {
			out = append(out, k)
		}
	}
	return out
}

// header says what moment the file stands for, and what could not be seen.
func header(out *bytes.Buffer, s *analyze.Snapshot) {
	fmt.Fprintf(out, "# Kubernetes %s; read it back with --clock %s\n", s.Version, s.Taken.UTC().Format(time.RFC3339))
	for _, g := range s.Gaps {
		fmt.Fprintf(out, "# not seen: %q: %q\n", g.What, g.Why)
	}
	out.WriteString("apiVersion: v1\nkind: List\n")
	if len(s.Objects()) == 0 {
		out.WriteString("items: []\n")
		return
	}
	out.WriteString("items:\n")
}

// publicContent is a copy of the object without what must not leave the cluster.
func publicContent(api runtime.Object) (map[string]any, error) {
	var content map[string]any
	if u, ok := api.(runtime.Unstructured); ok {
		content = bareCustom(runtime.DeepCopyJSON(u.UnstructuredContent()))
	} else {
		var err error
		if content, err = runtime.DefaultUnstructuredConverter.ToUnstructured(api); err != nil {
			return nil, fmt.Errorf("convert to JSON: %w", err)
		}
	}
	clean(content)
	return content, nil
}

// bareCustom leaves of a kind that is not known here what an explanation can use:
// nobody can tell which of its fields hold a password.
func bareCustom(content map[string]any) map[string]any {
	bare := map[string]any{}
	for _, key := range []string{"apiVersion", "kind", "metadata", "status"} {
		if v, ok := content[key]; ok {
			bare[key] = v
		}
	}
	spec, _ := content["spec"].(map[string]any)
	for _, key := range []string{"replicas", "selector"} {
		if v, ok := spec[key]; ok {
			kept, _ := bare["spec"].(map[string]any)
			if kept == nil {
				kept = map[string]any{}
				bare["spec"] = kept
			}
			kept[key] = v
		}
	}
	return bare
}

// clean masks and drops at any depth, so that templates and custom kinds are
// treated like pods.
func clean(node any) {
	switch n := node.(type) {
	case map[string]any:
		delete(n, "managedFields")
		if a, ok := n["annotations"].(map[string]any); ok {
			delete(a, lastApplied)
		}
		maskList(n["env"])
		maskList(n["httpHeaders"])
		for _, v := range n {
			clean(v)
		}
	case []any:
		for _, v := range n {
			clean(v)
		}
	}
}

// maskList masks the values of a list of names and values.
func maskList(list any) {
	items, _ := list.([]any)
	for _, item := range items {
		if m, ok := item.(map[string]any); ok {
			if v, ok := m["value"]; ok && v != "" {
				m["value"] = masked
			}
		}
	}
}
