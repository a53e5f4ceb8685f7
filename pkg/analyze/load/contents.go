package load

import (
	"bytes"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// Why files of walked directories are skipped.
const (
	whyTemplate = "a Helm template"
	whyForeign  = "not Kubernetes YAML"
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
		return out.template(src, walked)
	}
	spans := splitDocuments(src.data)
	parts := make([][]decoded, len(spans))
	parallel(len(spans), func(i int) { parts[i] = decodeDocument(src, spans[i]) })
	for _, docs := range parts {
		for _, d := range docs {
			if len(d.errs) > 0 && isTemplate(src.data) {
				return fileResult{read: true}.template(src, walked)
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
	case d.foreign != nil && walked, len(d.errs) > 0 && walked && !mentionsKind(src.data):
		if len(r.skipped) == 0 {
			r.skipped = append(r.skipped, Skipped{File: src.name, Why: whyForeign})
		}
		return
	case d.foreign != nil:
		e := analyze.InputError{Position: firstPosition(d.foreign.loc), Message: "not a Kubernetes object: " + d.foreign.why}
		if d.kustomization {
			e.Help = "kubectl lifecycle lint -k DIRECTORY"
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

// mentionsKind says whether text that cannot be parsed may be meant for Kubernetes.
func mentionsKind(data []byte) bool {
	return bytes.Contains(data, []byte("apiVersion")) && bytes.Contains(data, []byte("kind"))
}

// template is the result for a file that is a template of YAML.
func (r fileResult) template(src *source, walked bool) fileResult {
	if walked {
		r.skipped = append(r.skipped, Skipped{File: src.name, Why: whyTemplate})
		return r
	}
	at := max(bytes.Index(src.data, []byte("{{")), 0)
	r.errors = append(r.errors, analyze.InputError{
		Position: src.position(at, at),
		Message:  "this looks like a Helm template, not YAML; render it first",
		Help:     templateHelp,
	})
	return r
}
