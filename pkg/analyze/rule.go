package analyze

import (
	"fmt"

	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// A Rule is one thing that can be wrong. It is a value: drivers are handed a
// list of rules, there is no registry to register with.
type Rule struct {
	// ID is "KL101" and is never given to another rule. Name is the same in words,
	// for configuration, suppressions and addresses.
	ID, Name string
	// Title is the general sentence, without a full stop.
	Title string
	// Severity by consequence; the configuration may change it.
	Severity Severity
	// Kinds of the objects that Check is called for; nil means all objects.
	Kinds []schema.GroupKind
	// Needs are kinds whose absence the rule takes for a fact. It is skipped for
	// an object in whose namespace they were not all seen.
	Needs []schema.GroupKind
	// Since is the first Kubernetes minor the rule makes sense for; 0 = all.
	Since int
	// Params are numbers that the configuration may change.
	Params []Param
	// Sources say where the knowledge comes from; at least one.
	Sources []Citation
	// Doc is the documentation in Markdown.
	Doc string
	// Applies says whether there is anything to judge, for rules with Needs: what
	// does not concern the object is not reported as skipped. nil = always.
	Applies func(*Pass) bool
	// SkipRecorded leaves out objects that a server has already taken: rules about
	// what the API refuses have nothing to say about them.
	SkipRecorded bool
	// Podless lets the rule also judge workloads whose pod is missing: a
	// ReplicationController without a template.
	Podless bool
	// Partial lets the rule also judge patches, which are parts of objects.
	Partial bool
	// Check looks at Pass.Object and reports. It is called from many goroutines.
	// nil for the rules about suppressions, which the driver keeps itself.
	Check func(*Pass)
}

// A Param is a number a rule works with.
type Param struct {
	Name    string `json:"name"`
	Default int    `json:"default"`
	Help    string `json:"help"`
}

// A Citation names a source: a behaviour rule (K33, C463), a file of Kubernetes
// at a version, or a page.
type Citation struct {
	Text string `json:"text"`
	URL  string `json:"url,omitempty"`
}

// RuleInfo is what the documents say about a rule.
type RuleInfo struct {
	ID       string     `json:"id"`
	Name     string     `json:"name"`
	Title    string     `json:"title"`
	Family   string     `json:"family"`
	Severity Severity   `json:"severity"`
	Kinds    []string   `json:"kinds,omitempty"`
	Needs    []string   `json:"needs,omitempty"`
	Since    string     `json:"since,omitempty"`
	Params   []Param    `json:"parameters,omitempty"`
	Sources  []Citation `json:"sources"`
	Doc      string     `json:"documentation,omitempty"`
}

// Info is the rule without its code.
func (r *Rule) Info() RuleInfo {
	info := RuleInfo{
		ID: r.ID, Name: r.Name, Title: r.Title, Family: FamilyOf(r.ID), Severity: r.Severity,
		Params: r.Params, Sources: r.Sources, Doc: r.Doc,
	}
	for _, k := range r.Kinds {
		info.Kinds = append(info.Kinds, k.Kind)
	}
	for _, k := range r.Needs {
		info.Needs = append(info.Needs, k.Kind)
	}
	if r.Since > 0 {
		info.Since = Version{Minor: r.Since}.String()
	}
	return info
}

// FamilyOf names the family a rule id belongs to.
func FamilyOf(id string) string {
	if len(id) < 3 {
		return ""
	}
	switch id[2] {
	case '0':
		return "suppressions"
	case '1':
		return "termination"
	case '2':
		return "probes"
	case '3':
		return "rollout"
	case '4':
		return "disruption"
	case '5':
		return "jobs"
	case '6':
		return "start-up"
	case '7':
		return "ownership"
	case '9':
		return "refused by the API"
	}
	return ""
}

// A Pass is one rule looking at one object. It carries all that the rule may
// look at, and takes what it finds.
type Pass struct {
	Rule     *Rule
	Snapshot *Snapshot
	Object   *Object
	// Pod is the pod the object is or makes, and its containers; IsPod is false
	// (and the rest empty) for objects without one.
	Pod        PodTemplate
	Containers []Container
	IsPod      bool
	// Peers lists the objects of a kind in the object's namespace. Of several with
	// one name (variants of a manifest in one input) it is the one written nearest.
	Peers func(schema.GroupKind) []*Object
	// Find is the peer of a kind with that name, or nil. Services and Budgets list
	// those that select the pod, Selected what makes pods that a selector matches,
	// Autoscalers those whose target has that kind and name; all in the object's
	// namespace.
	Find        func(kind schema.GroupKind, name string) *Object
	Services    func() []*Object
	Budgets     func() []*Object
	Selected    func(labels.Selector) []*Object
	Autoscalers func(kind, name string) []*Object
	// Ingresses lists those that lead to the Service of that name.
	Ingresses func(service string) []*Object
	// MadeByCustom says whether an object in the namespace, of a kind that the
	// program does not know, may make pods that the selector matches.
	MadeByCustom func(labels.Selector) bool
	// Sees says whether every object of the kind in the object's namespace was
	// seen, so that what is not there does not exist.
	Sees func(schema.GroupKind) bool
	// Mentions says whether the text of the object's file may hold one of the
	// words: a cheap question before one that reads the whole document.
	Mentions func(words ...string) bool
	// Param answers with a number of the rule, as configured.
	Param func(name string) int

	Drafts []*Draft
}

// A Draft is a finding being written.
type Draft struct {
	Rule      *Rule
	Object    *Object
	Path      *field.Path
	Container string
	Message   string
	Help      string
	Severity  Severity
	// Pos overrides the position of Path.
	Pos     Position
	Reasons []Reason
	Fixes   []Edit
}

// A Reason is a place that explains a finding.
type Reason struct {
	Object  *Object
	Path    *field.Path
	Message string
}

// Report notes that the rule is broken at path. The message is the label under
// the place: a few words, lower case, no full stop.
func (p *Pass) Report(path *field.Path, format string, args ...any) *Draft {
	d := &Draft{Rule: p.Rule, Object: p.Object, Path: path, Message: fmt.Sprintf(format, args...), Severity: p.Rule.Severity}
	p.Drafts = append(p.Drafts, d)
	return d
}

// ReportIn is Report about a container.
func (p *Pass) ReportIn(c Container, path *field.Path, format string, args ...any) *Draft {
	d := p.Report(path, format, args...)
	d.Container = c.Name
	return d
}

// Because adds a place in the same object that explains the finding.
func (d *Draft) Because(path *field.Path, format string, args ...any) *Draft {
	return d.BecauseOf(d.Object, path, format, args...)
}

// BecauseOf adds a place in another object that explains the finding.
func (d *Draft) BecauseOf(o *Object, path *field.Path, format string, args ...any) *Draft {
	d.Reasons = append(d.Reasons, Reason{Object: o, Path: path, Message: fmt.Sprintf(format, args...)})
	return d
}

// Fix says what to do.
func (d *Draft) Fix(format string, args ...any) *Draft {
	d.Help = fmt.Sprintf(format, args...)
	return d
}

// At sets a more severe or milder consequence than the rule's own.
func (d *Draft) At(s Severity) *Draft {
	d.Severity = s
	return d
}

// Replace proposes a safe edit: text instead of the value at path. It is left
// out where path is not written.
func (d *Draft) Replace(path *field.Path, text string) *Draft {
	if pos, exact := d.Object.At(path); exact && pos.Line > 0 {
		d.Fixes = append(d.Fixes, Edit{Position: pos, NewText: text})
	}
	return d
}
