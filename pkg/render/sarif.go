package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// The part of SARIF 2.1.0 that is needed. Code scanning of GitHub shows no
// related place unless the message links to it by its id, wants a rule's name
// left out or different from its id, paths relative to the root of the sources,
// and columns in code points.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool struct {
			Driver sarifDriver `json:"driver"`
		} `json:"tool"`
		Invocations []sarifInvocation `json:"invocations"`
		ColumnKind  string            `json:"columnKind"`
		Results     []sarifResult     `json:"results"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifInvocation struct {
		Successful    bool                `json:"executionSuccessful"`
		Notifications []sarifNotification `json:"toolExecutionNotifications,omitempty"`
	}
	sarifNotification struct {
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations,omitempty"`
	}
	sarifText struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown,omitempty"`
	}
	sarifRule struct {
		ID      string     `json:"id"`
		Name    string     `json:"name,omitempty"`
		Short   sarifText  `json:"shortDescription"`
		Full    *sarifText `json:"fullDescription,omitempty"`
		Help    *sarifText `json:"help,omitempty"`
		HelpURI string     `json:"helpUri,omitempty"`
		Default struct {
			Level string `json:"level"`
		} `json:"defaultConfiguration"`
		Properties struct {
			Tags     []string `json:"tags,omitempty"`
			Severity string   `json:"problem.severity,omitempty"`
		} `json:"properties"`
	}
	sarifResult struct {
		RuleID       string             `json:"ruleId"`
		RuleIndex    int                `json:"ruleIndex"`
		Level        string             `json:"level"`
		Message      sarifText          `json:"message"`
		Locations    []sarifLocation    `json:"locations"`
		Related      []sarifLocation    `json:"relatedLocations,omitempty"`
		Fingerprints map[string]string  `json:"partialFingerprints"`
		Suppressions []sarifSuppression `json:"suppressions,omitempty"`
	}
	sarifSuppression struct {
		Kind          string `json:"kind"`
		Justification string `json:"justification,omitempty"`
	}
	sarifLocation struct {
		ID       *int           `json:"id,omitempty"`
		Physical *sarifPhysical `json:"physicalLocation,omitempty"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
		Message  *sarifText     `json:"message,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI  string `json:"uri"`
		Base string `json:"uriBaseId,omitempty"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
		EndLine     int `json:"endLine,omitempty"`
		EndColumn   int `json:"endColumn,omitempty"`
	}
	sarifLogical struct {
		Name string `json:"fullyQualifiedName"`
		Kind string `json:"kind"`
	}
)

const (
	homepage    = "https://github.com/kubectl-lifecycle/kubectl-lifecycle"
	sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)

// writeSARIF writes one run with the rules that were broken, or all rules where
// the report carries them.
func writeSARIF(w io.Writer, r *analyze.Report) error {
	var run sarifRun
	run.Tool.Driver = sarifDriver{Name: "kubectl-lifecycle", InformationURI: homepage, Rules: []sarifRule{}}
	run.ColumnKind = "unicodeCodePoints"
	run.Results = []sarifResult{}
	index := map[string]int{}
	for _, rule := range r.Rules {
		index[rule.ID] = len(run.Tool.Driver.Rules)
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, ruleOfInfo(rule))
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		if _, ok := index[f.Rule]; !ok {
			index[f.Rule] = len(run.Tool.Driver.Rules)
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, ruleOfFinding(f))
		}
		run.Results = append(run.Results, sarifOf(f, index[f.Rule]))
	}
	run.Invocations = []sarifInvocation{invocation(r.Errors)}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(sarifLog{sarifSchema, "2.1.0", []sarifRun{run}}); err != nil {
		return fmt.Errorf("write SARIF: %w", err)
	}
	return write(w, escapeJSON(b.Bytes()))
}

func invocation(errors []analyze.InputError) sarifInvocation {
	inv := sarifInvocation{Successful: len(errors) == 0}
	for i := range errors {
		n := sarifNotification{Level: "error", Message: sarifText{Text: errors[i].Message}}
		if loc := physical(errors[i].Position); loc != nil {
			n.Locations = []sarifLocation{{Physical: loc}}
		}
		inv.Notifications = append(inv.Notifications, n)
	}
	return inv
}

func ruleOfInfo(info analyze.RuleInfo) sarifRule {
	rule := ruleOf(info.ID, info.Name, info.Title, info.Severity)
	if info.Doc != "" {
		rule.Help = &sarifText{Text: info.Doc, Markdown: hardBreaks(info.Doc)}
	}
	if info.Family != "" {
		rule.Properties.Tags = append(rule.Properties.Tags, info.Family)
	}
	return rule
}

func ruleOfFinding(f *analyze.Finding) sarifRule {
	title := f.Title
	if title == "" {
		title = f.Message
	}
	return ruleOf(f.Rule, f.Name, title, f.Severity)
}

func ruleOf(id, name, title string, s analyze.Severity) sarifRule {
	rule := sarifRule{ID: id, Name: name, Short: sarifText{Text: title}, HelpURI: homepage + "/blob/main/docs/rules.md#" + strings.ToLower(id)}
	rule.Default.Level = sarifLevel(s)
	rule.Properties.Tags = []string{"kubernetes", "lifecycle"}
	rule.Properties.Severity = map[analyze.Severity]string{analyze.Error: "error", analyze.Warning: "warning"}[s]
	if rule.Properties.Severity == "" {
		rule.Properties.Severity = "recommendation"
	}
	return rule
}

// hardBreaks joins the lines of each paragraph: where rule help is shown, line
// ends break lines.
func hardBreaks(doc string) string {
	var out strings.Builder
	code, open := false, false
	for _, l := range strings.Split(strings.TrimSpace(doc), "\n") {
		fence := strings.HasPrefix(l, "```")
		text := !code && !fence && l != "" && !strings.ContainsAny(l[:1], " \t#-*|>0123456789")
		switch {
		case text && open:
			out.WriteString(" " + l)
		default:
			if out.Len() > 0 {
				out.WriteString("\n")
			}
			out.WriteString(l)
		}
		code = code != fence
		open = text || !code && !fence && strings.HasPrefix(l, "- ")
	}
	return out.String() + "\n"
}

func sarifLevel(s analyze.Severity) string {
	switch s {
	case analyze.Error:
		return "error"
	case analyze.Warning:
		return "warning"
	default:
		return "note"
	}
}

func sarifOf(f *analyze.Finding, rule int) sarifResult {
	out := sarifResult{
		RuleID: f.Rule, RuleIndex: rule, Level: sarifLevel(f.Severity),
		Message: sarifText{Text: linkText(f.Message)}, Locations: []sarifLocation{location(f)},
		Fingerprints: map[string]string{"lifecycle/v1": f.Fingerprint()},
	}
	for i, rel := range f.Related {
		loc := sarifLocation{ID: &i, Physical: physical(rel.Position), Message: &sarifText{Text: rel.Message}}
		if loc.Physical == nil {
			continue
		}
		out.Related = append(out.Related, loc)
		out.Message.Text += fmt.Sprintf("; [%s](%d)", linkText(rel.Message), i)
	}
	if f.Help != "" {
		out.Message.Text += ". Help: " + linkText(f.Help)
	}
	if s := f.Suppressed; s != nil {
		kind := "external"
		if s.Kind == "comment" || s.Kind == "annotation" {
			kind = "inSource"
		}
		out.Suppressions = []sarifSuppression{{kind, s.Reason}}
	}
	return out
}

// linkText escapes what would be a link in a SARIF message.
func linkText(s string) string {
	return strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`).Replace(s)
}

func location(f *analyze.Finding) sarifLocation {
	name := objectName(f.Object)
	if f.Path != "" {
		name += "/" + f.Path
	}
	return sarifLocation{Physical: physical(f.Position), Logical: []sarifLogical{{name, "resource"}}}
}

// physical is the place in a file, nil for objects of a cluster.
func physical(p analyze.Position) *sarifPhysical {
	if p.File == "" {
		return nil
	}
	out := &sarifPhysical{Artifact: artifact(p.File)}
	if p.Line > 0 {
		out.Region = &sarifRegion{p.Line, p.Column, p.EndLine, p.EndColumn}
		if p.EndLine > 0 && (p.EndLine < p.Line || p.EndLine == p.Line && p.EndColumn < p.Column) {
			out.Region.EndLine, out.Region.EndColumn = 0, 0
		}
	}
	return out
}

// artifact is a URI relative to the root of the sources, or an absolute one for
// what lies elsewhere.
func artifact(file string) sarifArtifact {
	file = cleanFile(file)
	if strings.Contains(file, "://") {
		return sarifArtifact{URI: (&url.URL{Path: file}).EscapedPath()}
	}
	u := url.URL{Path: file}
	switch {
	case path.IsAbs(file):
		u.Scheme = "file"
		return sarifArtifact{URI: u.String()}
	case strings.HasPrefix(file, "../"):
		return sarifArtifact{URI: u.EscapedPath()}
	}
	return sarifArtifact{strings.TrimPrefix(u.String(), "./"), "%SRCROOT%"}
}

// cleanFile is the file as a path with slashes, without ./ at its start.
func cleanFile(file string) string {
	switch {
	case file == "-":
		return "stdin"
	case strings.Contains(file, "://"):
		return file
	}
	return path.Clean(strings.ReplaceAll(file, `\`, "/"))
}

// sortedKeys are the keys of a map in order.
func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
