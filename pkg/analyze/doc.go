// Package analyze is the vocabulary of kubectl-lifecycle: what all other
// packages say to each other. Read this file first.
//
// The house has one door in, one door out, and pure rooms between them.
//
//	load ──▶ Snapshot ──▶ simulate ─▶ Timeline    ──▶ render ──▶ bytes
//	                      lint+rules ▶ Report
//	                      explain  ──▶ Explanation
//
// load is the only package that reads files, standard input or an API server.
// What it read becomes a Snapshot, which nobody changes afterwards. The engines
// are functions from a Snapshot to a value: no clock, no disk, no network, no
// environment; "now" is Snapshot.Taken. render turns values into text, JSON or
// pictures and needs nothing but the value. cmd/kubectl-lifecycle knows the
// order of the rooms, the terminal, the clock and the exit code, and nothing
// about Kubernetes.
//
// A package imports only packages of a lower level, never its own:
//
//	5 cmd/kubectl-lifecycle
//	4 pkg/render
//	3 pkg/explain, pkg/analyze/lint
//	2 pkg/analyze/rules
//	1 pkg/analyze/load, pkg/analyze/simulate
//	0 pkg/analyze
//
// The documents of the program (Timeline, Report, explain.Explanation) are Go
// values whose JSON tags are the published contract; a second set of "output
// types" would only be a place for the two to differ. Therefore positions,
// bounds and severities marshal themselves.
//
// Three decisions carry the rest.
//
// Knowledge has three values. What a Snapshot does not hold may be absent, or
// just not seen; Snapshot.Sees tells which. What could not be seen, and what
// cannot be known, are Gaps: data, not log lines and not errors. An error means
// "the work could not be done".
//
// Numbers come with their basis. A grace period may be written, a default of
// Kubernetes, observed in a cluster, inferred from a script, or assumed; Value
// carries which, and where.
//
// Moments are ranges. Bounds hold the earliest, the likely and the latest
// moment; Kubernetes' own jitter and what the manifest cannot say make them
// wide, nothing else does.
//
// This package does not read, does not judge and does not print.
package analyze
