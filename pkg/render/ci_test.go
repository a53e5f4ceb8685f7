package render

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func TestReportGoldens(t *testing.T) {
	for format, ext := range map[string]string{"sarif": "sarif", "junit": "xml", "github": "github", "gitlab": "gitlab.json", "markdown": "md", "json": "json", "yaml": "yaml", "name": "name"} {
		got := twice(t, func(b *bytes.Buffer) error { return Report(b, sampleReport(), Style{Format: format}) })
		golden(t, "report/shop."+ext, got)
	}
}

// The schema is that of OASIS; see testdata/schema/third-party.
func TestSARIFFollowsItsSchema(t *testing.T) {
	data, err := os.ReadFile("../../testdata/schema/third-party/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	schema := compile(t, "sarif.json", data)
	documented := sampleReport()
	for _, r := range sampleRules() {
		documented.Rules = append(documented.Rules, r.Info())
	}
	hostile := sampleReport()
	for i := range hostile.Findings {
		hostile.Findings[i].Message, hostile.Findings[i].File = hostileText, "./a b/"+hostileText+".yaml"
	}
	stdin := sampleReport()
	stdin.Findings[0].File, stdin.Findings[1].File, stdin.Findings[2].File = "-", "/abs/x.yaml", "../up.yaml"
	for name, r := range map[string]*analyze.Report{"sample": sampleReport(), "documented": documented, "hostile": hostile, "elsewhere": stdin, "empty": {}} {
		var b bytes.Buffer
		if err := Report(&b, r, Style{Format: "sarif"}); err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(&b)
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(doc); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSARIFPlaces(t *testing.T) {
	tests := map[string]sarifArtifact{
		"deploy/web.yaml":       {"deploy/web.yaml", "%SRCROOT%"},
		"./deploy//web.yaml":    {"deploy/web.yaml", "%SRCROOT%"},
		`deploy\web.yaml`:       {"deploy/web.yaml", "%SRCROOT%"},
		"a b/é.yaml":            {"a%20b/%C3%A9.yaml", "%SRCROOT%"},
		"-":                     {"stdin", "%SRCROOT%"},
		"/srv/web.yaml":         {URI: "file:///srv/web.yaml"},
		"../web.yaml":           {URI: "../web.yaml"},
		"https://x.test/a.yaml": {URI: "https://x.test/a.yaml"},
	}
	for file, want := range tests {
		if diff := cmp.Diff(want, artifact(file)); diff != "" {
			t.Errorf("%s: %s", file, diff)
		}
	}
}

// Moving a finding must not reopen it.
func TestFingerprintsSurviveMovedLines(t *testing.T) {
	prints := func(shift int) map[string]string {
		r := sampleReport()
		for i := range r.Findings {
			r.Findings[i].Line += shift
		}
		var b bytes.Buffer
		if err := Report(&b, r, Style{Format: "sarif"}); err != nil {
			t.Fatal(err)
		}
		var log sarifLog
		if err := json.Unmarshal(b.Bytes(), &log); err != nil {
			t.Fatal(err)
		}
		out := map[string]string{}
		for _, res := range log.Runs[0].Results {
			out[res.RuleID+res.Message.Text] = res.Fingerprints["lifecycle/v1"]
		}
		return out
	}
	if diff := cmp.Diff(prints(0), prints(7)); diff != "" {
		t.Error(diff)
	}
}

func TestJUnitCounts(t *testing.T) {
	tests := []struct {
		failOn                           string
		tests, failures, errors, skipped int
	}{{"", 7, 1, 1, 3}, {"warning", 7, 3, 1, 3}, {"info", 7, 3, 1, 3}}
	for _, tt := range tests {
		var b bytes.Buffer
		if err := Report(&b, sampleReport(), Style{Format: "junit", FailOn: tt.failOn}); err != nil {
			t.Fatal(err)
		}
		var got junitSuites
		if err := xml.Unmarshal(b.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		if got.Tests != tt.tests || got.Failures != tt.failures || got.Errors != tt.errors || got.Skipped != tt.skipped {
			t.Errorf("threshold %q: %d tests, %d failures, %d errors, %d skipped", tt.failOn, got.Tests, got.Failures, got.Errors, got.Skipped)
		}
	}
	if err := Report(&bytes.Buffer{}, sampleReport(), Style{Format: "junit", FailOn: "awful"}); err == nil {
		t.Error("an unknown threshold is accepted")
	}
}

// A workflow command is one line; its properties hold no separators.
func TestGitHubCommandsAreParsable(t *testing.T) {
	r := sampleReport()
	r.Findings[0].File, r.Findings[0].Message = "a,b:c%.yaml", "100% wrong\n::error::smuggled"
	var b bytes.Buffer
	if err := Report(&b, r, Style{Format: "github"}); err != nil {
		t.Fatal(err)
	}
	command := regexp.MustCompile(`^::(error|warning|notice) ((?:[a-zA-Z]+=[^,:]*)(?:,[a-zA-Z]+=[^,:]*)*)::(.*)$`)
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	if len(lines) != 6 {
		t.Fatalf("%d lines:\n%s", len(lines), b.String())
	}
	for _, l := range lines {
		if !command.MatchString(l) {
			t.Errorf("no workflow command: %s", l)
		}
	}
	if want := "file=a%2Cb%3Ac%25.yaml,line=13,col=19"; !strings.Contains(lines[1], want) {
		t.Errorf("%s lacks %s", lines[1], want)
	}
	if want := "100%25 wrong%0A::error::smuggled"; !strings.Contains(lines[1], want) {
		t.Errorf("%s lacks %s", lines[1], want)
	}
}

func TestGitLabFingerprintsAreUnique(t *testing.T) {
	r := sampleReport()
	r.Findings = append(r.Findings, r.Findings[0], r.Findings[0])
	var b bytes.Buffer
	if err := Report(&b, r, Style{Format: "gitlab"}); err != nil {
		t.Fatal(err)
	}
	var issues []gitlabIssue
	if err := json.Unmarshal(b.Bytes(), &issues); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, i := range issues {
		if seen[i.Fingerprint] || i.Location.Path == "" || i.Location.Lines.Begin < 1 {
			t.Errorf("bad issue %+v", i)
		}
		seen[i.Fingerprint] = true
	}
	if len(issues) != 7 {
		t.Errorf("%d issues", len(issues))
	}
}
