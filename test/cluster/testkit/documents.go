package testkit

import (
	"fmt"
	"strings"
	"testing"
)

// Explanation is the part of the plugin's document of that kind that the tests
// look at.
type Explanation struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Subject    struct {
		Kind, Namespace, Name string
	} `json:"subject"`
	Status   string `json:"status"`
	Ready    string `json:"ready"`
	Restarts int    `json:"restarts"`
	State    string `json:"state"`
	Severity string `json:"severity"`
	Headline string `json:"headline"`
	Reasons  []struct {
		ID, Severity, Summary, Detail, Container, Certainty string
	} `json:"reasons"`
	Effects []Text `json:"effects"`
	Gaps    []struct {
		What, Why string
	} `json:"gaps"`
	Actions []struct {
		Command, Why string
	} `json:"actions"`
}

// Text is a value of which the tests read the words only.
type Text struct{ Words string }

// UnmarshalJSON keeps the value as it is written.
func (x *Text) UnmarshalJSON(b []byte) error {
	x.Words = string(b)
	return nil
}

// Words is all that the explanation says about causes and effects, lower case.
func (x Explanation) Words() string {
	var b strings.Builder
	b.WriteString(x.Headline)
	for _, r := range x.Reasons {
		b.WriteString("\n" + r.ID + " " + r.Summary + " " + r.Detail)
	}
	for _, e := range x.Effects {
		b.WriteString("\n" + e.Words)
	}
	return strings.ToLower(b.String())
}

// Timeline is the part of the plugin's document of that kind that the tests
// look at.
type Timeline struct {
	APIVersion string          `json:"apiVersion"`
	Kind       string          `json:"kind"`
	Events     []TimelineEvent `json:"events"`
	Verdict    struct {
		Killed []string `json:"killed"`
	} `json:"verdict"`
	Gaps []struct{ What, Why string } `json:"gaps"`
}

// TimelineEvent is one predicted event.
type TimelineEvent struct {
	Type, Container, Signal string
	At                      Bounds
	ExitCodes               []int
	Killed                  bool
}

// Bounds are seconds from the timeline's start; no latest: no limit is known.
type Bounds struct {
	Earliest float64
	Likely   *float64
	Latest   *float64
}

// Explain runs explain and decodes what it printed.
func (e *Env) Explain(t testing.TB, kubeconfig string, args ...string) (Explanation, Output) {
	t.Helper()
	out := e.Run(t, kubeconfig, append([]string{"explain", "-o", "json"}, args...)...)
	if out.Code != 0 {
		t.Fatalf("explain %s: exit code %d\n%s", strings.Join(args, " "), out.Code, out.Stderr)
	}
	var x Explanation
	out.JSON(t, &x)
	if x.Kind != "Explanation" || x.APIVersion != "kubectl-lifecycle/v1alpha1" {
		t.Fatalf("explain %s printed a %s of %s", strings.Join(args, " "), x.Kind, x.APIVersion)
	}
	return x, out
}

// SameRow compares an explanation with the server's own row, letter by letter.
func SameRow(row Row, x Explanation) string {
	restarts, _, _ := strings.Cut(row.Restarts, " ")
	want := fmt.Sprintf("status %s, ready %s, restarts %s", row.Status, row.Ready, restarts)
	if got := fmt.Sprintf("status %s, ready %s, restarts %d", x.Status, x.Ready, x.Restarts); got != want {
		return fmt.Sprintf("pod %s: the server's table says %q, explain says %q", row.Name, want, got)
	}
	return ""
}
