package load

import (
	"context"
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// Load reads files where any are named, else the cluster, and finds the
// subjects. An error says that the work cannot be done; it is a *UserError
// unless ctx ended. What else could not be read stands in the Result: places
// that cannot be parsed as Errors, what a server refused as gaps.
func Load(ctx context.Context, req Request) (*Result, error) {
	plan, err := newPlan(req)
	if err != nil {
		return nil, err
	}
	if plan.fromFiles() {
		return loadFiles(ctx, plan)
	}
	return loadCluster(ctx, plan)
}

// A plan is a request whose words have been understood.
type plan struct {
	Request
	targets []target
	labels  labels.Selector // nil = all
	fields  fields.Selector // nil = all
	version analyze.Version // zero = not given
	gaps    []analyze.Gap
}

func newPlan(req Request) (*plan, error) {
	files, words := splitArgs(req.Args)
	req.Filenames = append(append([]string{}, req.Filenames...), files...)
	req.Args = words
	p := &plan{Request: req}
	var err error
	if p.targets, err = parseTargets(words); err != nil {
		return nil, err
	}
	if err := p.parseSelectors(); err != nil {
		return nil, err
	}
	if req.Version != "" {
		version, gap, err := analyze.ParseVersion(req.Version)
		if err != nil {
			return nil, &UserError{Message: err.Error(), Hints: []string{hint("write", "--kubernetes-version 1.36")}, Cause: err}
		}
		p.version = version
		p.addGap(gap)
	}
	return p, nil
}

func (p *plan) parseSelectors() error {
	if p.Selector != "" {
		s, err := labels.Parse(p.Selector)
		if err != nil {
			return &UserError{Message: fmt.Sprintf("label selector %q: %v", p.Selector, err), Hints: []string{hint("write", "-l app=web,tier!=cache")}, Cause: err}
		}
		p.labels = s
	}
	if p.FieldSelector != "" {
		s, err := fields.ParseSelector(p.FieldSelector)
		if err != nil {
			return &UserError{Message: fmt.Sprintf("field selector %q: %v", p.FieldSelector, err), Hints: []string{hint("write", "--field-selector status.phase=Pending")}, Cause: err}
		}
		p.fields = s
	}
	if p.labels == nil && p.fields == nil {
		return nil
	}
	for _, t := range p.targets {
		if t.name != "" {
			return &UserError{
				Message: fmt.Sprintf("%s/%s is a name, and a selector was given too", t.word, t.name),
				Hints:   []string{hint("write", t.word+" with the selector, or the name alone")},
			}
		}
	}
	return nil
}

func (p *plan) fromFiles() bool { return len(p.Filenames) > 0 || p.Kustomize != "" }

// namespace is the one that subjects must be in; "" = any.
func (p *plan) namespace() string {
	if p.AllNamespaces {
		return ""
	}
	return p.Namespace
}

// named says whether exactly one subject was asked for by its name.
func (p *plan) named() bool { return len(p.targets) == 1 && p.targets[0].name != "" }

func (p *plan) addGap(g *analyze.Gap) {
	if g != nil {
		p.gaps = append(p.gaps, *g)
	}
}

// input says in words where the objects come from.
func (p *plan) input() string {
	names := p.Filenames
	if p.Kustomize != "" {
		names = append(append([]string{}, names...), p.Kustomize)
	}
	switch {
	case len(names) == 1 && names[0] == "-":
		return "standard input"
	case len(names) == 1:
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

func loadFiles(ctx context.Context, p *plan) (*Result, error) {
	in, err := readFiles(ctx, p.Request)
	if err != nil {
		return nil, err
	}
	return p.filesResult(in)
}

// filesResult makes the snapshot of what was read and finds the subjects in it.
func (p *plan) filesResult(in *fileInput) (*Result, error) {
	snap := p.snapshotOfFiles(in)
	r := &Result{
		Snapshot: snap, Named: p.named(),
		Files: in.Files, Documents: in.Documents, Skipped: in.Skipped, Errors: in.Errors,
	}
	var err error
	if r.Subjects, err = p.subjects(snap, p.namespace(), offlineKinds(snap)); err != nil {
		return nil, withParseErrors(err, in.Errors)
	}
	if len(r.Subjects) == 0 && len(r.Errors) == 0 && p.Question != Lint {
		return nil, p.nothingFound(snap)
	}
	if p.Question == Explain {
		snap.Gaps = append(snap.Gaps, notInInput(snap, r.Subjects)...)
	}
	return r, nil
}

// withParseErrors adds to "not found" that not everything could be read.
func withParseErrors(err error, unread []analyze.InputError) error {
	if ue, ok := err.(*UserError); ok && len(unread) > 0 { //nolint:errorlint // made by this package, never wrapped
		ue.Hints = append([]string{hint("not all read", unread[0].Error())}, ue.Hints...)
		if len(ue.Hints) > 2 {
			ue.Hints = ue.Hints[:2]
		}
	}
	return err
}

// hint lays out one pasteable line: what it is for, and the text.
func hint(label, text string) string { return fmt.Sprintf("%-14s %s", label, text) }
