package explain

import (
	"time"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// KindExplanation and KindSummary are the document kinds of this package.
const (
	KindExplanation     = "Explanation"
	KindExplanationList = "ExplanationList"
	KindSummary         = "Summary"
	KindGlossary        = "Glossary"
)

// State is how an object does, in one word.
type State string

// The states; the set is closed.
const (
	Healthy     State = "Healthy"
	Progressing State = "Progressing" // on its way, nothing wrong so far
	Waiting     State = "Waiting"     // cannot go on until something else happens
	Failing     State = "Failing"     // tries, fails and tries again
	Stuck       State = "Stuck"       // will not get out of it without help
	Terminating State = "Terminating"
	Completed   State = "Completed"
	Failed      State = "Failed" // failed for good
	Unknown     State = "Unknown"
)

// Certainty is how sure a reason is.
type Certainty string

// The certainties.
const (
	Certain  Certainty = "certain"  // the API says so
	Likely   Certainty = "likely"   // what is seen has hardly another explanation
	Possible Certainty = "possible" // one of several explanations
)

// An Explanation answers why one object is as it is. Its JSON form is the
// published contract.
type Explanation struct {
	APIVersion        string      `json:"apiVersion"`
	Kind              string      `json:"kind"` // "Explanation"
	Subject           analyze.Ref `json:"subject"`
	KubernetesVersion string      `json:"kubernetesVersion,omitempty"`
	// Taken is the moment the explanation speaks of, TakenFrom where it comes from.
	Taken     time.Time `json:"taken"`
	TakenFrom string    `json:"takenFrom,omitempty"`

	// Status, Ready and Restarts are what `kubectl get pods` prints; pods only.
	Status   string `json:"status,omitempty"`
	Ready    string `json:"ready,omitempty"`
	Restarts *int32 `json:"restarts,omitempty"`
	// Phase is the pod's status.phase; QoS its class; Node where it is bound.
	Phase string `json:"phase,omitempty"`
	QoS   string `json:"qosClass,omitempty"`
	Node  string `json:"node,omitempty"`

	State    State            `json:"state"`
	Severity analyze.Severity `json:"severity"`
	// Headline is one sentence that starts with the subject: "pod/web is not ready: …".
	Headline string `json:"headline"`

	Reasons    []Reason        `json:"reasons"` // most decisive first
	Containers []ContainerInfo `json:"containers,omitempty"`
	Conditions []Condition     `json:"conditions,omitempty"`
	Owners     []Owner         `json:"owners"` // root first; the last is the subject
	// Pods are the subject's pods, counted by what they do; workloads only.
	Pods    []PodGroup    `json:"pods,omitempty"`
	Effects []Effect      `json:"effects"`
	Outlook []Outlook     `json:"outlook"`
	Actions []Action      `json:"actions"`
	Events  []EventLine   `json:"events,omitempty"`
	Logs    []LogExcerpt  `json:"logs,omitempty"`
	Gaps    []analyze.Gap `json:"gaps"`
}

// A Reason is one cause, its consequences folded into its detail.
type Reason struct {
	// ID is out of the closed registry; see Registry.
	ID       string           `json:"id"`
	Severity analyze.Severity `json:"severity"`
	// Summary is one short sentence; Detail what else is worth knowing.
	Summary   string `json:"summary"`
	Detail    string `json:"detail,omitempty"`
	Container string `json:"container,omitempty"`
	// Object is what the reason is about where that is not the subject: one of
	// its pods, its node, its ReplicaSet.
	Object *analyze.Ref `json:"object,omitempty"`
	// Count is how many objects share the reason; 0 and 1 mean one.
	Count    int        `json:"count,omitempty"`
	Evidence []Evidence `json:"evidence"`
	Rule     string     `json:"rule,omitempty"` // behaviour rule, K… or C…
	// Certainty is how sure it is; Why says what keeps it from being certain.
	Certainty Certainty `json:"certainty"`
	Why       string    `json:"why,omitempty"`
}

// Evidence is one fact that proves a reason.
type Evidence struct {
	Object analyze.Ref `json:"object"`
	// Path is the field's path, "" for an event.
	Path  string     `json:"path"`
	Value string     `json:"value"`
	At    *time.Time `json:"at,omitempty"`
}

// A ContainerInfo is one container of a pod and what its state means now.
type ContainerInfo struct {
	Name string                `json:"name"`
	Type analyze.ContainerType `json:"type"`
	// State is waiting, running, terminated or unknown; Reason as the API has it.
	State    string `json:"state"`
	Reason   string `json:"reason,omitempty"`
	Ready    bool   `json:"ready"`
	Started  *bool  `json:"started,omitempty"`
	Restarts int32  `json:"restarts"`
	// ExitCode and Signal are those of the current or, while it waits or runs
	// again, of the last end.
	ExitCode *int32 `json:"exitCode,omitempty"`
	Signal   string `json:"signal,omitempty"` // without "SIG"
	// LastReason is the reason of the last end ("OOMKilled"), if that is not the current state.
	LastReason string `json:"lastReason,omitempty"`
	// Meaning says in one sentence what this state means.
	Meaning string     `json:"meaning"`
	Since   *time.Time `json:"since,omitempty"`
	// Message is the termination or waiting message, as the cluster wrote it.
	Message string `json:"message,omitempty"`
	Image   string `json:"image,omitempty"`
}

// A Condition is one condition of the subject and what it means now.
type Condition struct {
	Type    string     `json:"type"`
	Status  string     `json:"status"`
	Reason  string     `json:"reason,omitempty"`
	Message string     `json:"message,omitempty"`
	Since   *time.Time `json:"since,omitempty"`
	Meaning string     `json:"meaning"`
	// Bad marks a condition that is not as one wants it.
	Bad bool `json:"bad,omitempty"`
}

// An Owner is one step of the ownership chain.
type Owner struct {
	Object analyze.Ref `json:"object"`
	// Summary is a few words: "2 of 3 available, rollout waiting".
	Summary string `json:"summary"`
	State   State  `json:"state"`
	// Missing marks an owner that does not exist or was not seen.
	Missing bool `json:"missing,omitempty"`
}

// A PodGroup counts pods of a workload that do the same.
type PodGroup struct {
	Count    int              `json:"count"`
	Status   string           `json:"status"` // STATUS column
	Severity analyze.Severity `json:"severity"`
	Summary  string           `json:"summary"`
	Example  analyze.Ref      `json:"example"`
	// Revision is "old" or "new" during a rollout.
	Revision string `json:"revision,omitempty"`
}

// An Effect is what the subject's state does to others.
type Effect struct {
	Object   analyze.Ref      `json:"object"`
	Severity analyze.Severity `json:"severity"`
	Summary  string           `json:"summary"`
	Rule     string           `json:"rule,omitempty"`
}

// An Outlook is something that comes if nobody acts.
type Outlook struct {
	What string             `json:"what"`
	At   analyze.TimeBounds `json:"at"`
	Rule string             `json:"rule,omitempty"`
	// Assumes is what the forecast rests on.
	Assumes string `json:"assumes,omitempty"`
	// Condition is what it waits for where no time is known: At is then zero.
	Condition string `json:"condition,omitempty"`
}

// An Action is a command a person may run.
type Action struct {
	Command string `json:"command"`
	Why     string `json:"why"`
	// Changes says that the command changes the cluster.
	Changes bool `json:"changes"`
}

// An EventLine is one kind of event about the subject or its parts, deduplicated.
type EventLine struct {
	Type    string      `json:"type"` // Normal, Warning
	Reason  string      `json:"reason"`
	Message string      `json:"message"`
	Count   int32       `json:"count"`
	First   *time.Time  `json:"first,omitempty"`
	Last    time.Time   `json:"last"`
	Object  analyze.Ref `json:"object"`
	// Explains is the reason id that the event proves.
	Explains string `json:"explains,omitempty"`
}

// A LogExcerpt is the last lines of a failing container, fetched on request.
type LogExcerpt struct {
	Pod       analyze.Ref `json:"pod"`
	Container string      `json:"container"`
	Previous  bool        `json:"previous"`
	Lines     []string    `json:"lines"`
	// Note says why there are no lines, or not all that were asked for.
	Note string `json:"note,omitempty"`
}

// A Summary is everything that is not well, grouped by root cause.
type Summary struct {
	APIVersion        string    `json:"apiVersion"`
	Kind              string    `json:"kind"` // "Summary"
	KubernetesVersion string    `json:"kubernetesVersion,omitempty"`
	Taken             time.Time `json:"taken"`
	TakenFrom         string    `json:"takenFrom,omitempty"`
	// Headline is one sentence: "3 of 41 objects are not well".
	Headline string           `json:"headline"`
	Severity analyze.Severity `json:"severity"` // of the worst group
	Groups   []CauseGroup     `json:"groups"`   // most damaging first
	Counts   SummaryCounts    `json:"counts"`
	Gaps     []analyze.Gap    `json:"gaps"`
}

// A CauseGroup is one root cause and everybody who suffers from it.
type CauseGroup struct {
	ID        string           `json:"id"`
	Severity  analyze.Severity `json:"severity"`
	Summary   string           `json:"summary"`   // the example's reason
	Workloads int              `json:"workloads"` // bare pods and nodes are none
	Pods      int              `json:"pods"`
	Example   analyze.Ref      `json:"example"`
	Headline  string           `json:"headline"` // the example's headline
	Subjects  []analyze.Ref    `json:"subjects"`
	Certainty Certainty        `json:"certainty"`
}

// SummaryCounts counts the subjects that were looked at.
type SummaryCounts struct {
	Subjects   int `json:"subjects"`
	Pods       int `json:"pods"`
	Namespaces int `json:"namespaces"`
	OK         int `json:"ok"`
	Info       int `json:"info"`
	Warning    int `json:"warning"`
	Error      int `json:"error"`
}

// A GlossaryPage explains terms.
type GlossaryPage struct {
	APIVersion string  `json:"apiVersion"`
	Kind       string  `json:"kind"` // "Glossary"
	Items      []Entry `json:"items"`
}

// An Entry explains one term.
type Entry struct {
	Term string `json:"term"`
	// Kind of term: phase, condition, state, status, reason, exit code, signal, container state,
	// certainty, or word: a field or another word of the sentences.
	Kind string `json:"kind"`
	// Short is one sentence; Text some more; Next what a person does about it.
	Short string   `json:"short"`
	Text  string   `json:"text,omitempty"`
	Next  string   `json:"next,omitempty"`
	Rules []string `json:"rules,omitempty"`
	See   []string `json:"see,omitempty"`
	// Seen are the words Kubernetes itself uses for it ("OOMKilled"), by which it is found too.
	Seen []string `json:"seen,omitempty"`
}

// Options are what the caller adds to the snapshot.
type Options struct {
	// Logs are log excerpts fetched on request; Explain attaches those of its subject.
	Logs []LogExcerpt
}
