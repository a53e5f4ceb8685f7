package render

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// Report writes what lint found. As text, findings of severity info and muted
// ones are only counted, unless the Style asks for them; all other formats hold
// them all. It fails with ErrFormat for a format that reports do not have.
func Report(w io.Writer, r *analyze.Report, st Style) error {
	w, r = st.out(w), drawn(st, r)
	var refs []analyze.Ref
	for _, f := range r.Findings {
		if f.Suppressed == nil {
			refs = append(refs, f.Object)
		}
	}
	if known, err := st.object(w, r, refs); known {
		return err
	}
	p := newPage(st)
	switch st.Format {
	case "", "wide", "table":
		p.report(r)
		return p.writeTo(w)
	case "compact":
		p.compact(r)
		return p.writeTo(w)
	case "sarif":
		return writeSARIF(w, r)
	case "junit":
		return writeJUnit(w, r, st)
	case "github":
		return writeGitHub(w, r)
	case "gitlab":
		return writeGitLab(w, r)
	case "markdown":
		return markdownReport(w, r)
	}
	return st.unknownFormat("Report")
}

// shown says whether text output has a finding.
func (st Style) shown(f *analyze.Finding) bool {
	return f.Suppressed == nil && (f.Severity >= analyze.Warning || st.ShowInfo || st.wide())
}

// report leaves out r.Errors, as compact does: whoever runs a text report says on
// stderr what could not be read.
func (p *page) report(r *analyze.Report) {
	if r.Counts.Objects == 0 && len(r.Errors) > 0 {
		return // nothing was judged
	}
	for i := range r.Findings {
		if f := &r.Findings[i]; p.shown(f) {
			p.blank()
			p.finding(f)
		}
	}
	if len(p.lines) == 0 && len(r.Gaps) == 0 {
		p.add(p.allWell(r))
		return
	}
	p.blank()
	p.prose(2, p.countLine(r)...)
	p.skipped(r.Skipped)
	if rule := firstRule(r, p.Style); rule != "" {
		p.prose(2, t(dim, "for the story behind a rule: "), t(accent, "kubectl lifecycle rules "+rule))
	}
	p.notes(r.Gaps)
}

func firstRule(r *analyze.Report, st Style) string {
	for i := range r.Findings {
		if st.shown(&r.Findings[i]) {
			return r.Findings[i].Rule
		}
	}
	return ""
}

// allWell is the one line for an input without findings.
func (p *page) allWell(r *analyze.Report) line {
	out := line{t(good, "no lifecycle problems"), t(plain, fmt.Sprintf(" in %s, %s", plural(r.Counts.Objects, "object"), plural(r.Counts.Files, "file")))}
	var rest []string
	if n := r.Counts.Info; n > 0 {
		rest = append(rest, fmt.Sprintf("%d of severity info", n))
	}
	if n := r.Counts.Suppressed; n > 0 {
		rest = append(rest, fmt.Sprintf("%d muted", n))
	}
	if n := len(r.Skipped); n > 0 {
		rest = append(rest, plural(n, "rule")+" could not judge")
	}
	if len(rest) > 0 {
		out = append(out, t(dim, "; "+strings.Join(rest, ", ")))
	}
	return out
}

func (p *page) countLine(r *analyze.Report) line {
	var out line
	count := func(n int, noun string, role role) {
		if n == 0 {
			return
		}
		if len(out) > 0 {
			out = append(out, piece{", ", plain})
		}
		out = append(out, t(role, plural(n, noun)))
	}
	count(len(r.Errors), "unreadable place", bad)
	count(r.Counts.Error, "error", bad)
	count(r.Counts.Warning, "warning", warn)
	info := "note"
	if !p.ShowInfo && !p.wide() {
		info = "hidden note"
	}
	count(r.Counts.Info, info, accent)
	if len(out) == 0 {
		out = line{t(good, "no lifecycle problems")}
	}
	out = append(out, t(plain, fmt.Sprintf(" in %s, %s", plural(r.Counts.Objects, "object"), plural(r.Counts.Files, "file"))))
	if n := r.Counts.Suppressed; n > 0 {
		out = append(out, t(plain, fmt.Sprintf("; %d muted", n)))
	}
	return out
}

// skipped groups the rules that could not judge by what they did not see.
func (p *page) skipped(skips []analyze.Skip) {
	var whys []string
	rules := map[string][]string{}
	for _, s := range skips {
		if rules[s.Why] == nil {
			whys = append(whys, s.Why)
		}
		if !slices.Contains(rules[s.Why], s.Rule) {
			rules[s.Why] = append(rules[s.Why], s.Rule)
		}
	}
	for _, why := range whys {
		ids := rules[why]
		text := fmt.Sprintf("%s could not judge: %s (%s)", plural(len(ids), "rule"), why, strings.Join(ids, " "))
		p.prose(2, t(dim, text))
	}
}

// notes are the gaps; those with one reason share a line.
func (p *page) notes(gaps []analyze.Gap) {
	var whys []string
	whats := map[string][]string{}
	for _, g := range gaps {
		if whats[g.Why] == nil {
			whys = append(whys, g.Why)
		}
		whats[g.Why] = append(whats[g.Why], g.What)
	}
	for _, why := range whys {
		list := whats[why]
		if len(list) > 3 && !p.wide() {
			list = append(list[:1:1], fmt.Sprintf("and %d more", len(list)-1))
		}
		p.prose(6, t(accent, "note: "), t(plain, strings.TrimSuffix(strings.Join(list, "; ")+": ", ": ")), t(dim, strings.TrimSuffix(": "+why, ": ")))
	}
}

// place is where a finding stands: in a file, or in an object of a cluster.
func place(f *analyze.Finding) string {
	if f.Line > 0 {
		return f.String()
	}
	out := objectName(f.Object)
	if f.File != "" {
		out = f.File + ": " + out
	}
	if f.Path != "" {
		out += ": " + f.Path
	}
	return out
}

// objectName is "deployment.apps/web", with the namespace where there is one.
func objectName(r analyze.Ref) string {
	out := resourceName(r)
	if r.Namespace != "" {
		out += " -n " + r.Namespace
	}
	return out
}

// compact is one line per finding, for editors and grep; it is never wrapped.
func (p *page) compact(r *analyze.Report) {
	for i := range r.Findings {
		f := &r.Findings[i]
		if p.shown(f) {
			p.add(line{
				t(plain, place(f)+": "),
				t(severityRole(f.Severity), fmt.Sprintf("%s[%s]", f.Severity, f.Rule)), t(plain, ": "+f.Message),
			})
		}
	}
}

// timelineFindings are the findings about the subject of a timeline, one line each.
func (p *page) timelineFindings(list []analyze.Finding) {
	title := true
	for i := range list {
		f := &list[i]
		if !p.shown(f) {
			continue
		}
		if title {
			p.blank()
			p.add(line{t(strong, "What lint says")})
			title = false
		}
		p.prose(4, piece{"  ", plain}, t(severityRole(f.Severity), fmt.Sprintf("%s[%s]", f.Severity, f.Rule)), t(plain, ": "+f.Message))
		if f.Line > 0 {
			p.add(line{{"    ", plain}, t(dim, "--> "+place(f))})
		}
	}
}
