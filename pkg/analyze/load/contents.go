package load

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// Why files of walked directories are skipped.
const (
	whyTemplate = "a Helm template"
	whyForeign  = "not Kubernetes YAML"
	whyPatch    = "a patch of a kustomization, not a whole object"
)

// decodeSource reads all documents of one file. In a walked directory, what is
// not for Kubernetes is left out; in a file that was named it is a mistake.
// chart says that the file is one of a Helm chart's templates.
func decodeSource(src *source, walked, chart bool) fileResult {
	out := fileResult{read: true}
	if err := checkBytes(src); err != nil {
		out.errors = append(out.errors, *err)
		return out
	}
	if chart && bytes.Contains(src.data, []byte("{{")) {
		return template(src, max(bytes.Index(src.data, []byte("{{")), 0), walked)
	}
	spans := splitDocuments(src.data)
	parts := make([][]decoded, len(spans))
	parallel(len(spans), func(i int) { parts[i] = decodeDocument(src, spans[i]) })
	for i, docs := range parts {
		for _, d := range docs {
			if len(d.errs) > 0 {
				if at, ok := templateMark(src.data[spans[i].start:spans[i].end]); ok {
					return template(src, spans[i].start+at, walked)
				}
			}
			out.take(src, d, walked)
		}
	}
	return out
}

// take adds one document.
func (r *fileResult) take(src *source, d decoded, walked bool) {
	switch {
	case d.kustomization && walked:
		return
	case walked && slices.ContainsFunc(d.objects, isPatch):
		r.skip(src, whyPatch)
		return
	case d.foreign != nil && walked, len(d.errs) > 0 && walked && !mentionsKind(src.data):
		r.skip(src, whyForeign)
		return
	case d.foreign != nil:
		e := analyze.InputError{Position: firstPosition(d.foreign.loc), Message: "not a Kubernetes object: " + d.foreign.why}
		if d.kustomization && src.name != stdinName && !isURL(src.name) {
			e.Help = "kubectl lifecycle lint -k " + filepath.Dir(src.name)
		}
		d.errs = append(d.errs, e)
	}
	for _, o := range d.objects {
		o.Document = r.documents
	}
	r.documents++
	r.objects = append(r.objects, d.objects...)
	r.errors = append(r.errors, d.errs...)
	r.none = append(r.none, d.none...)
	if d.newest.After(r.newest) {
		r.newest = d.newest
	}
}

// skip counts a file once, for the first reason.
func (r *fileResult) skip(src *source, why string) {
	if len(r.skipped) == 0 {
		r.skipped = append(r.skipped, Skipped{File: src.name, Why: why})
	}
}

// isPatch says whether the object is a fragment that tells kustomize what to change.
func isPatch(o *analyze.Object) bool {
	return slices.ContainsFunc(o.Problems, func(p analyze.Problem) bool {
		return p.Kind == "unknown-field" && strings.HasSuffix(p.Path, "$patch")
	})
}

// mentionsKind says whether text that cannot be parsed may be meant for Kubernetes.
func mentionsKind(data []byte) bool {
	return bytes.Contains(data, []byte("apiVersion")) && bytes.Contains(data, []byte("kind"))
}

// template is the result for a file that is a template of YAML.
func template(src *source, at int, walked bool) fileResult {
	r := fileResult{read: true}
	if walked {
		r.skip(src, whyTemplate)
		return r
	}
	r.errors = append(r.errors, analyze.InputError{
		Position: src.position(at, at),
		Message:  "this looks like a Helm template, not YAML; render it first",
		Help:     templateHelp,
	})
	return r
}
