// Package explain answers why an object is as it is, what follows from it and
// what happens next.
//
// Explain is a function from a Snapshot and an object to an Explanation. Each
// cause it can recognise is one small file with one function; explain.go lists
// them, most decisive first. The ids of the causes form a closed registry
// (registry.go) that the glossary prints and a test holds complete.
//
// The package does not read a cluster or a clock, does not run a command, does
// not lay out text and never guesses: what the snapshot does not show is a gap,
// and what contradicts a cause lowers its certainty.
package explain
