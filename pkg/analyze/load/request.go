package load

import (
	"io"
	"time"

	"k8s.io/cli-runtime/pkg/genericclioptions"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// A Question is what the input is read for. It decides which kinds are fetched
// from a cluster, and what the subjects are where none is named.
type Question int

// The questions.
const (
	Explain  Question = iota // workloads and pods, with all that explains them
	Timeline                 // things that are pods or make pods
	Lint                     // every object of the input
	Saving                   // like Explain, to be written to a file by Save
)

// A Request is what was typed, and what the program's surroundings give.
type Request struct {
	// Stdin is read for the file name "-".
	Stdin     io.Reader
	Filenames []string // -f, repeatable: files, directories, URLs, "-"
	Recursive bool     // -R
	Kustomize string   // -k
	// Args are "TYPE/NAME", "TYPE NAME…", "TYPE,TYPE", or file names: what exists
	// on disk or ends in "/", .yaml, .yml, .json is a file.
	Args          []string
	Selector      string // -l
	FieldSelector string
	AllNamespaces bool
	Namespace     string // "" = -n was not given
	// ChunkSize is the page size of lists from a server; 0 asks for one page.
	// Negative means the default of 500.
	ChunkSize int64
	// Complete says that the files are all there is.
	Complete bool

	Clock        time.Time // --clock; zero = not given
	Now          time.Time // what the clock on the wall says
	Version      string    // --kubernetes-version, "" = not given
	FeatureGates map[string]bool
	Question     Question
	// Kube gives access to a cluster; nil where only files can be read.
	Kube genericclioptions.RESTClientGetter
	// Progress is told how far a large input has been read, in bytes for files
	// and objects for a cluster; total is 0 where it is not known. May be nil,
	// and may be called from several goroutines.
	Progress func(done, total int64)
}

// A Result is what was read.
type Result struct {
	Snapshot *analyze.Snapshot
	// Subjects are the objects the question is about, in the order they were
	// named or met; for Lint all objects.
	Subjects []*analyze.Object
	// Named says that exactly one subject was named as TYPE/NAME.
	Named       bool
	FromCluster bool
	Files       int
	Documents   int
	// Skipped are files of walked directories that are not Kubernetes YAML.
	Skipped []Skipped
	// Errors are places that cannot be parsed; the rest was read.
	Errors []analyze.InputError
}

// A Skipped file stood in a walked directory and is not Kubernetes YAML.
type Skipped struct {
	File string `json:"file"`
	Why  string `json:"why"`
}

// A UserError says that the work cannot be done, in words for the user.
type UserError struct {
	// Message is one sentence without a leading "error:" and without a full stop.
	Message string
	// Hints are at most two lines that can be pasted, such as
	// "see them all   kubectl get pods -n shop".
	Hints []string
	// Cause is what went wrong underneath, for errors.Is; may be nil.
	Cause error
}

// Error is the message without the hints.
func (e *UserError) Error() string { return e.Message }

// Unwrap gives the cause.
func (e *UserError) Unwrap() error { return e.Cause }
