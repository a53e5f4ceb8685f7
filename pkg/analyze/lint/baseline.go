package lint

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"sigs.k8s.io/yaml"
)

// A Baseline is a list of findings that are known and not to be reported again.
type Baseline struct {
	APIVersion string  `json:"apiVersion"`
	Kind       string  `json:"kind"` // "Baseline"
	Findings   []Known `json:"findings"`
}

// Known is one kind of finding of a baseline and how often it was there. The
// fingerprint decides; the other fields are for people who read the file.
type Known struct {
	Rule        string `json:"rule"`
	Object      string `json:"object"`
	Path        string `json:"path"`
	Fingerprint string `json:"fingerprint"`
	Count       int    `json:"count"`
}

// NewBaseline lists the findings of a report that are not muted by hand.
func NewBaseline(r *analyze.Report) *Baseline {
	b := &Baseline{APIVersion: analyze.APIVersion, Kind: "Baseline", Findings: []Known{}}
	at := map[string]int{}
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Suppressed != nil && f.Suppressed.Kind != baselineKind {
			continue
		}
		mark := f.Fingerprint()
		n, ok := at[mark]
		if !ok {
			n, at[mark] = len(b.Findings), len(b.Findings)
			b.Findings = append(b.Findings, Known{Rule: f.Rule, Object: f.Object.String(), Path: f.Path, Fingerprint: mark})
		}
		b.Findings[n].Count++
	}
	slices.SortStableFunc(b.Findings, func(x, y Known) int {
		return cmp.Or(cmp.Compare(x.Object, y.Object), cmp.Compare(x.Rule, y.Rule), cmp.Compare(x.Path, y.Path), cmp.Compare(x.Fingerprint, y.Fingerprint))
	})
	return b
}

// ParseBaseline reads what Bytes wrote. name stands in error messages.
func ParseBaseline(data []byte, name string) (*Baseline, error) {
	var b Baseline
	if err := yaml.UnmarshalStrict(data, &b); err != nil {
		return nil, fmt.Errorf("read baseline %s: %w", name, err)
	}
	if b.Kind != "Baseline" {
		return nil, fmt.Errorf("read baseline %s: kind is %q, not Baseline", name, b.Kind)
	}
	return &b, nil
}

// Bytes is the baseline as YAML.
func (b *Baseline) Bytes() ([]byte, error) { return yaml.Marshal(b) }

const baselineKind = "baseline"

// mute marks findings that the baseline knows, no more of them than it knows.
func (b *Baseline) mute(findings []analyze.Finding) {
	if b == nil {
		return
	}
	left := map[string]int{}
	for _, k := range b.Findings {
		left[k.Fingerprint] += max(k.Count, 1)
	}
	for i := range findings {
		f := &findings[i]
		if f.Suppressed != nil {
			continue
		}
		if mark := f.Fingerprint(); left[mark] > 0 {
			left[mark]--
			f.Suppressed = &analyze.Suppression{Kind: baselineKind, Reason: "known before (baseline)"}
		}
	}
}
