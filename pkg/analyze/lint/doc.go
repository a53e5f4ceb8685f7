// Package lint runs rules over a snapshot and makes a report: which rules apply
// to which object, which of them cannot judge, what is muted and why.
//
// It holds no rule and no knowledge of Kubernetes, reads no files, prints
// nothing, and decides no exit code.
package lint
