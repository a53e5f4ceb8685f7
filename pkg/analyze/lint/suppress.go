package lint

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Annotation mutes rules for a whole object: "KL203=reason; KL205=reason".
const Annotation = "lifecycle/ignore"

// The rules that watch the suppressions themselves.
const (
	unusedRule    = "KL001"
	malformedRule = "KL002"
)

// A directive is one rule muted in one place.
type directive struct {
	rule, reason string
	kind         string // comment or annotation
	line         int    // of the findings it mutes; 0 = all of the object
	pos          analyze.Position
	path         *field.Path
	used         bool
}

// A muter holds the directives of one object.
type muter struct {
	run        *run
	object     *analyze.Object
	directives []*directive
	malformed  []*analyze.Draft
}

var comment = regexp.MustCompile(`^\s*lifecycle: ?ignore\b\s*(.*)$`)

func newMuter(r *run, o *analyze.Object) *muter {
	m := &muter{run: r, object: o}
	if o.Meta != nil {
		m.annotations(o.Meta.GetAnnotations()[Annotation], field.NewPath("metadata", "annotations").Key(Annotation))
	}
	if t, ok := analyze.PodTemplateOf(o.API); ok && t.Path != nil {
		m.annotations(t.Meta.Annotations[Annotation], t.MetaPath().Child("annotations").Key(Annotation))
	}
	if !r.mentions(o, "lifecycle: ignore", "lifecycle:ignore") {
		return m
	}
	for _, c := range o.Comments() {
		if match := comment.FindStringSubmatch(c.Text); match != nil {
			m.comment(c, match[1])
		}
	}
	return m
}

// mentions asks each file once for each word.
func (r *run) mentions(o *analyze.Object, words ...string) bool {
	type question struct{ file, word string }
	for _, word := range words {
		q := question{o.File, word}
		known, ok := r.words.Load(q)
		if !ok {
			known = o.Mentions(word)
			r.words.Store(q, known)
		}
		if known == true {
			return true
		}
	}
	return false
}

// comment reads "KL203, KL204 -- reason".
func (m *muter) comment(c analyze.Comment, text string) {
	rules, reason, _ := strings.Cut(text, "--")
	reason = strings.TrimSpace(reason)
	ids := strings.FieldsFunc(rules, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' })
	switch {
	case len(ids) == 0:
		m.complain(c.Pos, nil, "name the rule that is to be ignored")
		return
	case reason == "":
		m.complain(c.Pos, nil, "say why %s is ignored", strings.Join(ids, ", "))
		return
	}
	line := c.Pos.Line
	if c.OwnLine {
		line = m.nextLine(line)
	}
	for _, id := range ids {
		m.add(&directive{rule: id, reason: reason, kind: "comment", line: line, pos: c.Pos})
	}
}

// nextLine is the first line below that holds more than a comment.
func (m *muter) nextLine(line int) int {
	for range 20 {
		line++
		text := m.object.Lines(line, line)
		if len(text) == 0 {
			break
		}
		if t := strings.TrimSpace(text[0]); t != "" && !strings.HasPrefix(t, "#") {
			break
		}
	}
	return line
}

// annotations reads "KL203=reason; KL205=reason".
func (m *muter) annotations(value string, path *field.Path) {
	if value == "" {
		return
	}
	pos, _ := m.object.At(path)
	for _, part := range strings.FieldsFunc(value, func(r rune) bool { return r == ';' || r == '\n' }) {
		if strings.TrimSpace(part) == "" {
			continue
		}
		id, reason, _ := strings.Cut(part, "=")
		id, reason = strings.TrimSpace(id), strings.TrimSpace(reason)
		if reason == "" {
			m.complain(pos, path, "say why %s is ignored", id)
			continue
		}
		m.add(&directive{rule: id, reason: reason, kind: "annotation", pos: pos, path: path})
	}
}

func (m *muter) add(d *directive) {
	rule := find(m.run.rules, d.rule)
	if rule == nil {
		if find(m.run.all, d.rule) == nil {
			m.complain(d.pos, d.path, "there is no rule %s", d.rule)
		}
		return // a rule that is off cannot be used, nor unused
	}
	d.rule = rule.ID
	m.directives = append(m.directives, d)
}

// mute finds the directive for a finding, or returns nil.
func (m *muter) mute(f *analyze.Finding) *analyze.Suppression {
	for _, d := range m.directives {
		if d.rule == f.Rule && (d.line == 0 || d.line == f.Line) {
			d.used = true
			return &analyze.Suppression{Reason: d.reason, Kind: d.kind}
		}
	}
	return nil
}

func (m *muter) complain(pos analyze.Position, path *field.Path, format string, args ...any) {
	if d := m.draft(malformedRule, pos, path); d != nil {
		m.malformed = append(m.malformed, message(d, format, args...).
			Fix("write `# lifecycle: ignore KL203 -- reason`, or the annotation %s: \"KL203=reason\"", Annotation))
	}
}

// complaints are findings about the directives themselves.
func (m *muter) complaints() []*analyze.Draft {
	out := m.malformed
	for _, d := range m.directives {
		if d.used {
			continue
		}
		if draft := m.draft(unusedRule, d.pos, d.path); draft != nil {
			out = append(out, message(draft, "%s finds nothing here", d.rule).Fix("remove it"))
		}
	}
	return out
}

func (m *muter) draft(id string, pos analyze.Position, path *field.Path) *analyze.Draft {
	rule := m.run.byID[id]
	if rule == nil {
		return nil
	}
	return &analyze.Draft{Rule: rule, Object: m.object, Path: path, Pos: pos, Severity: rule.Severity}
}

func message(d *analyze.Draft, format string, args ...any) *analyze.Draft {
	d.Message = fmt.Sprintf(format, args...)
	return d
}
