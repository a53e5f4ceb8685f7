package render

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// The part of the JUnit format that CI servers read.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Skipped  int          `xml:"skipped,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Skipped  int         `xml:"skipped,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Name      string        `xml:"name,attr"`
		ClassName string        `xml:"classname,attr"`
		File      string        `xml:"file,attr,omitempty"`
		Line      int           `xml:"line,attr,omitempty"`
		Failures  []junitResult `xml:"failure"`
		Errors    []junitResult `xml:"error"`
		Skipped   *junitResult  `xml:"skipped"`
		Output    string        `xml:"system-out,omitempty"`
	}
	junitResult struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",chardata"`
	}
)

// writeJUnit writes a suite per file and a case per object with findings: those at
// or above the threshold are failures, milder ones output. A rule that could not
// judge is a skipped case, bytes that cannot be parsed are errors. The report
// does not name the objects without findings, so an input without any has one
// case that passes.
func writeJUnit(w io.Writer, r *analyze.Report, st Style) error {
	failOn := analyze.Error
	if st.FailOn != "" && st.FailOn != "never" {
		var err error
		if failOn, err = analyze.ParseSeverity(st.FailOn); err != nil {
			return fmt.Errorf("read the threshold of failures: %w", err)
		}
	}
	suites := map[string]*junitSuite{}
	suite := func(file string) *junitSuite {
		name := cleanFile(file)
		if file == "" {
			name = "cluster"
		}
		if suites[name] == nil {
			suites[name] = &junitSuite{Name: Escape(name)}
		}
		return suites[name]
	}
	for i := range r.Errors {
		e := &r.Errors[i]
		s := suite(e.File)
		s.Cases = append(s.Cases, junitCase{
			Name: "can be parsed", ClassName: s.Name, File: s.Name, Line: e.Line,
			Errors: []junitResult{{Message: Escape(e.Message), Type: "parse", Text: Escape(e.Error())}},
		})
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		suite(f.File).add(f, failOn)
	}
	all := junitSuites{Name: "kubectl-lifecycle lint"}
	for _, name := range sortedKeys(suites) {
		all.Suites = append(all.Suites, *suites[name])
	}
	if rules := skippedSuite(r); len(rules.Cases) > 0 {
		all.Suites = append(all.Suites, rules)
	}
	all.count()
	data, err := xml.MarshalIndent(all, "", "  ")
	if err != nil {
		return fmt.Errorf("write JUnit: %w", err)
	}
	return write(w, []byte(xml.Header+string(data)+"\n"))
}

func (s *junitSuite) add(f *analyze.Finding, failOn analyze.Severity) {
	name := Escape(objectName(f.Object))
	var c *junitCase
	for i := range s.Cases {
		if s.Cases[i].Name == name {
			c = &s.Cases[i]
		}
	}
	if c == nil {
		s.Cases = append(s.Cases, junitCase{Name: name, ClassName: s.Name, File: s.Name, Line: f.Line})
		c = &s.Cases[len(s.Cases)-1]
	}
	text := fmt.Sprintf("%s: %s[%s]: %s", place(f), f.Severity, f.Rule, f.Message)
	if f.Help != "" {
		text += "; help: " + f.Help
	}
	text = Escape(text)
	switch {
	case f.Suppressed != nil:
		c.Output += text + Escape(" (muted: "+f.Suppressed.Reason+")") + "\n"
	case f.Severity >= failOn:
		c.Failures = append(c.Failures, junitResult{Escape(f.Rule + ": " + f.Message), f.Severity.String(), text})
	default:
		c.Output += text + "\n"
	}
}

func skippedSuite(r *analyze.Report) junitSuite {
	s := junitSuite{Name: "rules"}
	for _, skip := range r.Skipped {
		s.Cases = append(s.Cases, junitCase{Name: Escape(skip.Rule), ClassName: s.Name, Skipped: &junitResult{Message: Escape(skip.Why)}})
	}
	if len(r.Findings)+len(r.Errors) == 0 {
		s.Cases = append([]junitCase{{Name: "no lifecycle problems", ClassName: s.Name}}, s.Cases...)
	}
	return s
}

// count fills in the totals that the format wants.
func (all *junitSuites) count() {
	for i := range all.Suites {
		s := &all.Suites[i]
		for _, c := range s.Cases {
			s.Tests++
			s.Failures += min(len(c.Failures), 1)
			s.Errors += len(c.Errors)
			if c.Skipped != nil {
				s.Skipped++
			}
		}
		all.Tests += s.Tests
		all.Failures += s.Failures
		all.Errors += s.Errors
		all.Skipped += s.Skipped
	}
}

// writeGitHub writes workflow commands, which become annotations in the diff.
func writeGitHub(w io.Writer, r *analyze.Report) error {
	var b strings.Builder
	for i := range r.Errors {
		e := &r.Errors[i]
		annotation(&b, "error", e.Position, "input", e.Message)
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Suppressed != nil {
			continue
		}
		level := map[analyze.Severity]string{analyze.Error: "error", analyze.Warning: "warning"}[f.Severity]
		if level == "" {
			level = "notice"
		}
		message := f.Message
		if f.Title != "" {
			message = f.Title + ": " + f.Message
		}
		if f.Help != "" {
			message += "\nhelp: " + f.Help
		}
		annotation(&b, level, f.Position, f.Rule+" "+subjectOf(f), message)
	}
	return write(w, []byte(b.String()))
}

func annotation(b *strings.Builder, level string, p analyze.Position, title, message string) {
	var props []string
	prop := func(key, value string) {
		value = strings.NewReplacer("%", "%25", ":", "%3A", ",", "%2C").Replace(Escape(value))
		props = append(props, key+"="+value)
	}
	if p.File != "" {
		prop("file", cleanFile(p.File))
	}
	if p.Line > 0 {
		prop("line", fmt.Sprint(p.Line))
		prop("col", fmt.Sprint(p.Column))
		if p.EndLine > 0 {
			prop("endLine", fmt.Sprint(p.EndLine))
			prop("endColumn", fmt.Sprint(p.EndColumn))
		}
	}
	prop("title", title)
	var lines []string
	for _, l := range strings.Split(message, "\n") {
		lines = append(lines, strings.ReplaceAll(Escape(l), "%", "%25"))
	}
	fmt.Fprintf(b, "::%s %s::%s\n", level, strings.Join(props, ","), strings.Join(lines, "%0A"))
}

// A gitlabIssue is one entry of a code quality report.
type gitlabIssue struct {
	Description string `json:"description"`
	CheckName   string `json:"check_name"`
	Fingerprint string `json:"fingerprint"`
	Severity    string `json:"severity"` // info, minor, major, critical, blocker
	Location    struct {
		Path  string `json:"path"`
		Lines struct {
			Begin int `json:"begin"`
		} `json:"lines"`
	} `json:"location"`
}

// writeGitLab writes a code quality report. Findings without a file are left out:
// the format cannot hold them.
func writeGitLab(w io.Writer, r *analyze.Report) error {
	issues := []gitlabIssue{}
	seen := map[string]int{}
	add := func(p analyze.Position, check, text, fingerprint, severity string) {
		if p.File == "" {
			return
		}
		issue := gitlabIssue{Description: text, CheckName: check, Fingerprint: fingerprint, Severity: severity}
		if n := seen[fingerprint]; n > 0 { // they must be unique
			issue.Fingerprint = fmt.Sprintf("%s-%d", fingerprint, n)
		}
		seen[fingerprint]++
		issue.Location.Path = cleanFile(p.File)
		issue.Location.Lines.Begin = max(p.Line, 1)
		issues = append(issues, issue)
	}
	for i := range r.Errors {
		e := &r.Errors[i]
		add(e.Position, "parse", e.Message, "parse:"+cleanFile(e.File), "blocker")
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Suppressed == nil {
			severity := map[analyze.Severity]string{analyze.Error: "critical", analyze.Warning: "major"}[f.Severity]
			if severity == "" {
				severity = "info"
			}
			add(f.Position, f.Rule, f.Rule+": "+f.Message+" ("+subjectOf(f)+")", f.Fingerprint(), severity)
		}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(issues); err != nil {
		return fmt.Errorf("write code quality report: %w", err)
	}
	return write(w, escapeJSON(b.Bytes()))
}
